"""What a net learns from a table, and how its outputs are read: all that it takes to use it on other tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nn.data import Sheet, Standardiser, Table
from nn.losses import Loss, binary_cross_entropy, cross_entropy, mse
from nn.mlp import MLP
from nn.saving import KIND, VERSION, Json, load, numbers

__all__ = ["COSTS", "Task", "load_with_task"]

COSTS = ("mse", "cross-entropy")


@dataclass(frozen=True)
class Task:
    """What a net is to learn, and how its inputs and outputs are made and read.

    Attributes:
        features: the columns that it sees, in order.
        target: the column that it is to predict.
        classes: the names of the classes; empty where the target is a number.
        cost: "mse" or "cross-entropy".
        scale: shifts and scales the columns, as they were in training.
    """

    features: list[str]
    target: str
    classes: list[str]
    cost: str
    scale: Standardiser

    @classmethod
    def of(cls, table: Table, cost: str, scale: Standardiser) -> Task:
        """Return the task that a table sets.

        Raises:
            ValueError: all samples are of one class, or there are no classes for the cross-entropy.
        """
        if len(table.classes) == 1:
            raise ValueError(f"all samples are of one class, {table.classes[0]!r}: there is nothing to learn")
        if cost == "cross-entropy" and not table.classes:
            raise ValueError(
                f"cross-entropy needs classes, but {table.target!r} is a column of numbers: use --cost mse"
            )
        return cls(table.features, table.target, table.classes, cost, scale)

    @property
    def n_outputs(self) -> int:
        """How many outputs the net has: one for a number or two classes, otherwise one for each class."""
        return len(self.classes) if len(self.classes) > 2 else 1

    @property
    def loss(self) -> Loss:
        """The cost of one sample."""
        return mse if self.cost == "mse" else binary_cross_entropy if self.n_outputs == 1 else cross_entropy

    def target_of(self, y: float) -> float | list[float]:
        """Return the target of a sample in the form that the loss takes."""
        if self.n_outputs == 1:
            return y
        return int(y) if self.loss is cross_entropy else [float(int(y) == j) for j in range(self.n_outputs)]

    def class_of(self, outputs: Sequence[float]) -> int:
        """Return the class that the outputs stand for."""
        if self.n_outputs > 1:
            return max(range(self.n_outputs), key=outputs.__getitem__)
        boundary = 0.0 if self.loss is binary_cross_entropy else 0.5  # a logit, or halfway between the targets 0 and 1
        return int(outputs[0] > boundary)

    def answer(self, outputs: Sequence[float]) -> str:
        """Write what the outputs stand for: the name of a class, or a number to the last bit."""
        return self.classes[self.class_of(outputs)] if self.classes else repr(outputs[0])

    def truth(self, y: float) -> str:
        """Write the target of a sample as ``answer`` does."""
        return self.classes[int(y)] if self.classes else repr(y)

    def truths(self, sheet: Sheet) -> list[str]:
        """Write the targets in a file as ``answer`` does.

        Raises:
            DataError: the file lacks the column, or one of them.
        """
        return sheet.column(self.target) if self.classes else [repr(y) for (y,) in sheet.numbers([self.target])]

    def score(self, answers: Sequence[str], truths: Sequence[str]) -> str:
        """Say how good answers are."""
        pairs = list(zip(answers, truths, strict=True))
        if not self.classes:
            errors = [mse([float(answer)], float(truth)) for answer, truth in pairs]
            return f"mean squared error {sum(errors) / len(errors):.6g}"
        right = sum(answer == truth for answer, truth in pairs)
        return f"accuracy {right / len(pairs):.3f} ({right} of {len(pairs)})"

    def content(self) -> Json:
        """Describe the task in plain data, from which ``of_content`` makes it again."""
        names = {"features": self.features, "target": self.target, "classes": self.classes, "cost": self.cost}
        return {**names, "means": self.scale.means, "deviations": self.scale.deviations}

    @classmethod
    def of_content(cls, content: Json, net: MLP) -> Task:
        """Make the task that ``content`` has described, for a net that has learned it.

        Raises:
            ValueError: it does not fit together, or not to the net.
            KeyError, TypeError, AttributeError: it is not such a description.
        """
        features, classes, target = content["features"], content["classes"], content["target"]
        for names in (features, classes, [target]):
            if not isinstance(names, list) or not all(isinstance(entry, str) for entry in names):
                raise ValueError(f"{names!r} are not names")
        if content["cost"] not in COSTS:
            raise ValueError(f"its cost is {content['cost']!r}, not one of {', '.join(COSTS)}")
        means, deviations = numbers(content["means"]), numbers(content["deviations"])
        task = cls(features, target, classes, content["cost"], Standardiser(means, deviations))
        fits = len(features) == len(means) == len(deviations) == net.sizes[0] and len(classes) != 1
        if not fits or task.n_outputs != net.sizes[-1] or min(deviations) <= 0.0:
            raise ValueError("its columns, its scale and its net do not fit together")
        return task


def load_with_task(path: str) -> tuple[MLP, Task]:
    """Read a net with its task, as ``python -m nn`` writes them; of one that was edited a ``UserWarning`` says so.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not such a file, or damaged, or of a net without a task.
    """

    def build(content: Json) -> tuple[MLP, Task]:
        net = MLP.of_content(content)
        if "task" not in content:
            raise ValueError("it lacks the columns and their scale, which python -m nn writes beside a net")
        return net, Task.of_content(content["task"], net)

    return load(path, KIND, VERSION, build, strict=False)
