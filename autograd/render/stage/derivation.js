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
  return [make("p", { class: "equation" }, mathElement(row)), ...groups, ...rest, total, ...(isComplete ? [differencesRow(differencesAt(i), grad)] : []), count];
}

/** What comes over one edge: the gradient of its child, times the local derivative. */
function wayRows(i, child, k, known) {
  const upstream = known.grad(child);
  const partial = known.partial(child, k);
  const up = rowOf({
    key: `up${child},${k}`,
    symbol: partialName(child),
    words: child === rootOf() ? "of the result itself" : "what comes from above",
    number: upstream,
    colour: "blue",
    keys: [`n${child}`],
  });
  const { lines, curve, words } = partial === null ? { lines: [], words: "" } : openedLocal(child, k);
  const local = rowOf({
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

const rowOf = (factor) =>
  factorRow(factor, (places) => {
    state.pointed = places;
    paint();
  });

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

/** What the last change did: the result, and the gradients of the leaves. */
function showBefore() {
  const { before } = state;
  const panel = byId("before");
  if (!before || stage.lost.size) {
    panel.replaceChildren();
    return;
  }
  const gradients = stage.leaves.map((i) => [slopeName(i), before.grad[i] ?? 0, stage.final[i] ?? 0]);
  panel.replaceChildren(...changesOf(before.what, [[resultName(), before.data[rootOf()], dataOf(rootOf())], ...gradients]));
}
