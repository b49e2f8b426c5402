// Data: sets that are made here or come with the page, tables of one's own, and what a net is to say for a sample.
//
// A set: X, a row of numbers for each sample; Y, for each its class from 0, or a number; classes, their names, null where
// Y are numbers; inputs, the names of the columns, null where they have none; side, of samples that are square pictures.

const SETS = {
  own: { title: "the samples of this page", make: ownSet },
  xor: { title: "XOR", make: () => inPlane([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]) },
  moons: { title: "moons", make: () => arcs((t) => [Math.cos(t), Math.sin(t)], (t) => [1 - Math.cos(t), 0.5 - Math.sin(t)], Math.PI) },
  spirals: { title: "spirals", make: () => arcs((t) => [(t / 10) * Math.cos(t), (t / 10) * Math.sin(t)], (t) => [(-t / 10) * Math.cos(t), (-t / 10) * Math.sin(t)], 10) },
  circles: { title: "circles", make: () => arcs((t) => [Math.cos(t), Math.sin(t)], (t) => [0.45 * Math.cos(t), 0.45 * Math.sin(t)], 2 * Math.PI) },
  petals: { title: "iris: petals of two species", make: () => standardised(iris([1, 2], [2, 3])) },
  iris: { title: "iris: two species", make: () => standardised(iris([1, 2], [0, 1, 2, 3])) },
  species: { title: "iris: all three species", make: () => standardised(iris([0, 1, 2], [0, 1, 2, 3])) },
  digits: { title: "digits: 3 or 8", make: digitsSet },
  table: { title: "a table of yours", make: () => state.table.set },
};

/** The samples that came with the net; they have their targets already. */
function ownSet() {
  const { samples, inputs, classes = null } = content;
  return { X: samples.map(({ x }) => x), Y: samples.map(({ y }) => y), classes, inputs, samples };
}

const inPlane = (points) => ({ X: points.map(([x, y]) => [x, y]), Y: points.map(([, , c]) => c), classes: ["0", "1"], inputs: null });

/** Two hundred points on two curves, with noise; a seed of its own makes them the same each time. */
function arcs(one, other, turn) {
  const random = generator(7);
  const noise = () => 0.12 * (random() + random() + random() - 1.5);
  const point = (k) => {
    const [x, y] = (k % 2 ? other : one)(random() * turn);
    return [x + noise(), y + noise(), k % 2];
  };
  return inPlane(Array.from({ length: 200 }, (_, k) => point(k)));
}

function iris(species, columns) {
  const { X, Y, classes, inputs } = content.tables.iris;
  const kept = Y.map((y, k) => [species.indexOf(y), X[k]]).filter(([c]) => c >= 0);
  return { X: kept.map(([, x]) => columns.map((k) => x[k])), Y: kept.map(([c]) => c), classes: species.map((c) => classes[c]), inputs: columns.map((k) => inputs[k]) };
}

function digitsSet() {
  const { X, Y, classes } = content.tables.digits;
  return { X: X.map((row) => row.map((ink) => ink / 64)), Y, classes, inputs: null, side: 4 };
}

/** The set with mean 0 and deviation 1 in each column. */
function standardised(set) {
  const scales = set.X[0].map((_, k) => {
    const column = set.X.map((x) => x[k]);
    const mean = column.reduce((a, b) => a + b) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
    return [mean, deviation || 1];
  });
  return { ...set, X: set.X.map((x) => x.map((number, k) => (number - scales[k][0]) / scales[k][1])) };
}

// What a net is to say

/** How many outputs a set needs: one for a number or two classes, or else one for each class. */
const outputsFor = (set, net) => {
  const outputs = sizesOf(net)[net.layers.length];
  if (set.samples) return sizesOf(content.net)[content.net.layers.length];
  if (set.classes === null) return 1;
  return outputs === set.classes.length || set.classes.length > 2 ? set.classes.length : 1;
};

/** The target of a class or a number in the form that the cost takes: -1 and 1 for hinge, a class for cross_entropy. */
function targetOf(y, set, net) {
  if (set.classes === null) return [y];
  if (net.cost === "cross_entropy") return [y];
  const of = (isIt) => (net.cost === "hinge" && !isIt ? -1 : Number(isIt));
  return outputsFor(set, net) === 1 ? [of(y === 1)] : set.classes.map((_, c) => of(c === y));
}

const samplesOf = (set, net) => set.samples ?? set.X.map((x, k) => ({ x, y: targetOf(set.Y[k], set, net) }));

/** Whether a cost can be had for a set. */
function suits(cost, set, net) {
  const outputs = outputsFor(set, net);
  if (cost === "cross_entropy") return outputs > 1 && (set.samples ? content.net.cost === "cross_entropy" : set.classes !== null);
  if (set.samples && content.net.cost === "cross_entropy") return false;
  const targets = set.samples ? set.samples.flatMap(({ y }) => y) : set.classes === null ? set.Y : [];
  if (cost === "hinge") return targets.every((t) => Math.abs(t) === 1);
  return cost !== "binary_cross_entropy" || targets.every((t) => t >= 0 && t <= 1);
}

/** How targets and outputs are read as classes, from 0, and what these are called; null where the targets are numbers. */
function kindOf(samples, cost) {
  const { classes } = state.set;
  if (cost === "cross_entropy") return { classOf: ({ y }) => y[0], answer: argmax, name: (c) => classes?.[c] ?? `class ${c + 1}` };
  const values = [...new Set(samples.flatMap(({ y }) => y))].sort((a, b) => a - b);
  if (values.length !== 2) return null;
  const [low, high] = values;
  if (samples.every(({ y }) => y.length > 1 && y.filter((t) => t === high).length === 1)) return { classOf: ({ y }) => argmax(y), answer: argmax, name: (c) => classes?.[c] ?? `class ${c + 1}` };
  const middle = cost === "binary_cross_entropy" ? 0 : (low + high) / 2;
  if (samples.some(({ y }) => y.length !== 1)) return null;
  return { classOf: ({ y }) => Number(y[0] === high), answer: ([s]) => Number(s > middle), name: (c) => classes?.[c] ?? say(values[c]) };
}

const argmax = (xs) => xs.indexOf(Math.max(...xs));

/** The share of samples that the net gets right; null where the targets are not classes. */
function accuracyOf(net, samples, kind) {
  if (kind === null) return null;
  return samples.filter((sample) => kind.answer(predict(net, sample.x)) === kind.classOf(sample)).length / samples.length;
}

// Tables of one's own

const MOST_SAMPLES = 2000;
const MOST_CLASSES = 10;

/** Read CSV: cells with commas or line breaks stand in quotes, and a quote in them is doubled. */
function cellsOf(text) {
  const rows = [[""]];
  let quoted = false;
  for (let k = 0; k < text.length; k++) {
    const row = rows[rows.length - 1];
    const character = text[k];
    if (quoted && character === '"' && text[k + 1] === '"') row[row.length - 1] += text[++k];
    else if (character === '"' && (quoted || row[row.length - 1] === "")) quoted = !quoted;
    else if (!quoted && character === ",") row.push("");
    else if (!quoted && character === "\n") rows.push([""]);
    else row[row.length - 1] += character;
  }
  return rows.map((row) => row.map((cell) => cell.trim())).map((row, k) => ({ number: k + 1, row })).filter(({ row }) => row.some(Boolean));
}

/** A table with a header: { header, body }. */
function tableOf(text) {
  const [head, ...body] = cellsOf(text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n"));
  if (!body.length) throw new Error("The file has no rows below its header.");
  const header = head.row;
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (twice !== undefined) throw new Error(`Two columns are named "${twice}".`);
  const short = body.find(({ row }) => row.length !== header.length);
  if (short) throw new Error(`Row ${short.number}: ${short.row.length} cells, but the header has ${header.length}.`);
  if (header.length < 2) throw new Error("A table needs a column to predict and one to predict it from.");
  return { header, body: body.slice(0, MOST_SAMPLES) };
}

const holdsNumber = (cell) => cell !== "" && Number.isFinite(Number(cell));

/** The set of a table: one column is to be predicted, the others are scaled. */
function setOfTable({ header, body }, target) {
  const place = header.indexOf(target);
  const columns = header.map((_, k) => k).filter((k) => k !== place);
  const X = body.map(({ number, row }) =>
    columns.map((k) => {
      if (!holdsNumber(row[k])) throw new Error(`Row ${number}, column "${header[k]}": "${row[k]}" is not a number.`);
      return Number(row[k]);
    }),
  );
  const labels = body.map(({ row }) => row[place]);
  const inputs = columns.map((k) => header[k]);
  if (labels.every(holdsNumber)) return standardised({ X, Y: labels.map(Number), classes: null, inputs });
  const classes = [...new Set(labels)];
  if (classes.length < 2) throw new Error(`All samples are of one class, "${classes[0]}".`);
  if (classes.length > MOST_CLASSES) throw new Error(`Column "${target}" has ${classes.length} classes; the page shows ${MOST_CLASSES} at most.`);
  return standardised({ X, Y: labels.map((label) => classes.indexOf(label)), classes, inputs });
}
