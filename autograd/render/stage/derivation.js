// Why a gradient is what it is: the sum over the ways from a node to the result, each upstream · local derivative, with
// the local derivative opened, and central differences beside it. All numbers are those of the present step.

const MOST_WAYS = 8;
const LONGEST_FORMULA = 80; // a longer one says less than its number

function describe() {
  const panel = byId("why");
  const i = state.chosen;
  if (i === null) {
    panel.replaceChildren(make("p", {}, "Choose a node: here stands where its gradient comes from."));
    return;
  }
  const held = panel.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const known = seen();
  const parts = [heading(i), make("p", { class: "formula" }, equationOf(i)), numbersOf(i, known)];
  if (stage.failures.has(i)) parts.push(make("p", { class: "wrong" }, stage.failures.get(i)));
  if (stage.lost.size) parts.push(make("p", {}, "Where there is no value there is no gradient either."));
  else if (i === rootOf()) parts.push(make("p", {}, `The way back begins here, with ${slopeName(i)} = 1.`));
  else parts.push(...derivation(i, known));
  panel.replaceChildren(...parts);
  if (held !== undefined) panel.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}

const heading = (i) => make("h2", {}, "Why is ", mathElement(partialName(i)), " what it is?");

/** ∂y/∂x of a node, in MathML. */
const partialName = (i) => mathPartial(resultName(), stage.names[i]);

function numbersOf(i, known) {
  const number = (x) => (x === null ? "not yet" : exact(x));
  return table(["value", slopeName(i)], [stage.lost.size ? [stage.lost.has(i) ? "none" : exact(dataOf(i)), "none"] : [number(known.data(i)), number(known.grad(i))]]);
}

function derivation(i, known) {
  const ways = stage.children[i];
  const row = math("mrow", partialName(i), math("mo", "="));
  ways.slice(0, 4).forEach(([child], k) => {
    if (k) row.append(math("mo", "+"));
    for (const [colour, part] of [["blue", partialName(child)], ["orange", mathPartial(stage.names[child], stage.names[i])]]) {
      const factor = math("mrow", part);
      factor.setAttribute("class", colour);
      row.append(factor);
      if (colour === "blue") row.append(math("mo", "·"));
    }
  });
  if (ways.length > 4) row.append(math("mo", "+"), math("mo", "…"));
  const groups = ways.slice(0, MOST_WAYS).map(([child, k]) => wayRows(i, child, k, known));
  const rest = ways.length > MOST_WAYS ? [make("p", {}, `and ${ways.length - MOST_WAYS} more`)] : [];
  const grad = known.grad(i);
  const isComplete = known.isComplete(i);
  const word = ways.length > 1 ? (isComplete ? "sum" : "sum so far") : "product";
  const total = make("div", { class: "total" }, make("strong", {}, word), make("output", { id: "gradient" }, say(grad)));
  const count = make("p", { class: "note" }, `${waysUp(i)} from ${stage.names[i]} to ${resultName()}, coloured in the graph.`);
  return [make("p", { class: "equation" }, mathElement(row)), ...groups, ...rest, total, ...(isComplete ? [differencesRow(i, grad)] : []), count];
}

/** What comes over one edge: the gradient of its child, times the local derivative. */
function wayRows(i, child, k, known) {
  const upstream = known.grad(child);
  const partial = known.partial(child, k);
  const up = factorRow({
    key: `up${child},${k}`,
    symbol: partialName(child),
    words: child === rootOf() ? "of the result itself" : "what comes from above",
    number: upstream,
    colour: "blue",
    keys: [`n${child}`],
  });
  const { lines, curve, words } = partial === null ? { lines: [], words: "" } : openedLocal(child, k);
  const local = factorRow({
    key: `local${child},${k}`,
    symbol: mathPartial(stage.names[child], stage.names[i]),
    words: `the local derivative${words ? `: ${words}` : ""}`,
    number: partial,
    lines,
    curve,
    colour: "orange",
    keys: [`e${child},${k}`],
  });
  const product = known.sent(child, k);
  const written = product === null ? "·" : `${factorText(upstream)} · ${factorText(partial)} = ${say(product)}`;
  const foot = stage.children[i].length > 1 ? [make("div", { class: "product" }, make("span", {}, `through ${stage.names[child]}`), make("output", {}, written))] : [];
  return make("div", { class: "way" }, up, local, ...foot);
}

/** A factor: what it is, its number, how that comes about; pointing at it lights its place in the graph. */
function factorRow({ key, symbol, words, number, lines = [], curve = null, colour, keys }) {
  const text = make("div", {}, mathElement(symbol), ` ${words}`, ...lines.map((line) => make("code", {}, line)), ...(curve ? [curve] : []));
  const row = make("div", { class: `factor ${colour}`, tabindex: 0, "data-key": key }, make("span", { class: "chip" }), text, make("output", {}, say(number)));
  const light = (on) => () => {
    state.pointed = on ? keys.map((place) => [place, colour]) : null;
    paint();
  };
  for (const [event, on] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]]) row.addEventListener(event, light(on));
  return row;
}

/** The local derivative of a node towards an operand: as a formula, in numbers, and for a function of one as a curve. */
function openedLocal(child, k) {
  const node = stage.nodes[child];
  const { op, data } = node;
  const partial = partialOf(child, k);
  const words = wordsOfSlope(op, node.args.map(numberOf), partial);
  if (op.arity === 1 && op.name !== "neg") {
    const z = numberOf(node.args[0]);
    const [text, sign, ...parts] = op.slope;
    const lines = [`f(z) = ${inPrint(written(op, "python", ["z"]))},  f′(z) = ${inPrint(text)}`];
    if (sign) lines.push(`= ${parts.map((part) => factorText(part(data, z))).join(sign)}`);
    return { lines, words, curve: curveOf(op, z, data, partial) };
  }
  const places = node.args.flatMap((arg, place) => (isNumber(arg) ? [] : [place]));
  const every = RULES[op.name];
  const graph = every?.partials ? every.partials[places[k]](node, ...node.args) : every ? op.partials(node, node.args)[places[k]] : partial;
  if (isNumber(graph)) return { lines: [], words };
  const names = new Map(stage.nodes.map((known, j) => [known, stage.names[j]]));
  const text = names.get(graph) ?? toTextOf(graph, names);
  return { lines: text.length > LONGEST_FORMULA ? [] : [`= ${inPrint(text)}`], words };
}

/** Write a formula of a few nodes that have names. */
function toTextOf(graph, names) {
  const leaf = (node) => (isNumber(node) ? PYTHON.constant(node) : names.has(node) ? PYTHON.name(names.get(node)) : PYTHON.operation(node.op, node.args.map(leaf)));
  return leaf(graph).text;
}

/** What is to be said of a slope: that nothing, or next to nothing, comes through. */
function wordsOfSlope(op, numbers, slope) {
  const [z] = numbers;
  if (slope === 0 && op.name === "relu") return z < 0 ? "dead: z < 0, so nothing comes through" : "0 at the kink, by convention";
  if (slope === 0 && op.chooses) return "not taken, so nothing comes through";
  if (slope === 0 && numbers.length === 1) return "flat here, so nothing comes through";
  if (!Number.isFinite(slope)) return Number.isNaN(slope) ? "there is none here" : "vertical here";
  const bounded = ["sigmoid", "tanh", "erf", "atan", "normal_cdf"].includes(op.name);
  return bounded && Math.abs(slope) < 0.05 ? "saturated, so next to nothing comes through" : "";
}

/** A small curve of a function of one number, with the point and its tangent. */
function curveOf(op, z, y, slope) {
  if (!Number.isFinite(z) || !Number.isFinite(y)) return null;
  const reach = Math.max(4, Math.min(1e6, Math.abs(z) * 1.3));
  const xs = Array.from({ length: 121 }, (_, k) => -reach + (k * reach) / 60);
  const ys = xs.map((x) => op.value(x));
  const around = 3 * Math.max(1, Math.abs(y), Math.abs(slope) < 1e6 ? Math.abs(slope) : 0); // a pole may not flatten the rest
  const finite = ys.filter((x) => Number.isFinite(x) && Math.abs(x) <= around);
  const [low, high] = [Math.min(...finite, y, 0), Math.max(...finite, y, 0.1)];
  const [X, Y] = [(x) => 110 + (x / reach) * 100, (v) => 62 - ((v - low) / (high - low)) * 54];
  const parts = [make("svg:path", { d: `M10,${Y(0)}H210M${X(0)},4V66`, class: "axis" }), make("svg:path", { d: pathOf(xs, ys, X, Y, (v) => v >= low && v <= high), class: "curve" })];
  if (Number.isFinite(slope)) {
    const run = Math.min(reach / 3, Math.abs((high - low) / (2 * slope || 1e-9)));
    parts.push(make("svg:path", { d: `M${X(z - run)},${Y(y - run * slope)}L${X(z + run)},${Y(y + run * slope)}`, class: "tangent" }));
  }
  parts.push(make("svg:circle", { cx: X(z), cy: Y(y), r: 4, class: "point" }));
  return make("svg:svg", { class: "activation", viewBox: "0 0 220 70", role: "img", "aria-label": `the curve of ${op.name} with its tangent at z = ${say(z)}` }, ...parts);
}

/** The path of a curve, with gaps where there is no value, and where it jumps across all that is seen. */
function pathOf(xs, ys, X, Y, isInside, jump = Infinity) {
  let d = "";
  let pen = false;
  xs.forEach((x, k) => {
    const isThere = Number.isFinite(ys[k]) && isInside(ys[k]);
    if (pen && isPole(ys, k, jump)) pen = false;
    if (isThere) d += `${pen ? "L" : "M"}${X(x).toFixed(1)},${Y(ys[k]).toFixed(1)}`;
    pen = isThere;
  });
  return d;
}

/** Whether a curve jumps against the way in which it goes before and after: as at a pole, and not where it is steep. */
function isPole(ys, k, jump) {
  const [before, here, after] = [-1, 0, 1].map((j) => ys[k + j] - ys[k + j - 1]);
  return Math.abs(here) > jump && before * here < 0 && after * here < 0;
}

/** Central differences beside a gradient, with a verdict. */
function differencesRow(i, gradient) {
  const { slope, error, left, right } = differencesAt(i);
  const close = Math.abs(slope - gradient) <= 4 * error + 1e-9 * Math.abs(gradient);
  const kink = Math.abs(left - right) > 1e-3 * (Math.abs(left) + Math.abs(right)) + 1e-9;
  const verdict = close ? "✓ ok" : !Number.isFinite(slope) ? "no value beside" : kink ? "kink" : "✗ apart";
  const text = `central differences ${say(slope)} ± ${say(error)}`;
  return make("div", { class: `differences ${close ? "good" : "bad"}` }, make("span", {}, text), make("strong", { id: "verdict" }, verdict));
}

/** What the last change did: the result, and the gradients of the leaves. */
function showBefore() {
  const { before } = state;
  const panel = byId("before");
  if (!before || stage.lost.size) {
    panel.replaceChildren();
    return;
  }
  const rows = [
    [resultName(), before.data[rootOf()], dataOf(rootOf())],
    ...stage.leaves.map((i) => [slopeName(i), before.grad[i] ?? 0, stage.final[i] ?? 0]),
  ]
    .filter(([, x, y]) => !Object.is(x, y))
    .slice(0, 14)
    .map(([name, x, y]) => {
      const ratio = x !== 0 && Number.isFinite(y / x) ? `× ${say(y / x)}` : "";
      return make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "was" }, say(x)), make("td", { class: "is" }, say(y)), make("td", {}, ratio));
    });
  const nothing = rows.length ? [] : [make("p", {}, "Nothing else changed.")];
  panel.replaceChildren(make("h2", {}, `Since ${before.what}`), make("table", {}, make("tbody", {}, ...rows)), ...nothing);
}
