"""Has ``nn.plot`` loaded when something in it is first asked for: it imports matplotlib, which ``import nn`` must not.

To a type checker, and to a user, it is an ordinary module.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType

__all__: list[str] = []


class _Unloaded(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name != "__all__":  # somebody looks at all modules, as unittest does
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(self._load(), name)

    def __dir__(self) -> list[str]:
        return dir(self._load())

    def _load(self) -> ModuleType:
        importlib.reload(self)  # in place; where it fails, so does the next use, with the same message
        return _turn(self, ModuleType)


def _turn(module: ModuleType, kind: type[ModuleType]) -> ModuleType:
    module.__class__ = kind
    return module


_spec = find_spec("nn.plot")
assert _spec is not None
sys.modules["nn.plot"] = _turn(module_from_spec(_spec), _Unloaded)
