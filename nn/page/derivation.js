// Why a gradient is what it is: the factors of the chain rule in symbols and in numbers, each lit on the stage.

/** What is chosen, taken apart: its kind, its layer and its places from 1. */
function chosenParts() {
  const [kind, ...numbers] = (state.chosen ?? "").split(",");
  return { kind, numbers: numbers.map(Number) };
}

function describe() {
  const panel = byId("why");
  const { kind, numbers } = chosenParts();
  const writers = state.isMean ? { w: ofMean, b: ofMean, n: ofMean, x: ofMean, C: ofMean } : { w: ofWeight, b: ofBias, n: ofNeuron, x: ofInput, C: ofCost };
  panel.replaceChildren(...(writers[kind] ? writers[kind](...numbers) : [make("p", {}, "Choose a weight, a bias, a neuron or an input: here stands where its gradient comes from.")]));
}

const heading = (symbol) => make("h2", {}, "Why is ", mathElement(partialOf(COST, symbol)), " what it is?");

/** The equation ∂C/∂w = … with each factor in its colour. */
function equation(left, factors) {
  const row = math("mrow", left, math("mo", "="));
  factors.forEach(({ symbol, colour }, k) => {
    if (k) row.append(math("mo", "·"));
    const part = math("mrow", symbol);
    part.setAttribute("class", colour);
    row.append(part);
  });
  return make("p", { class: "equation" }, mathElement(row));
}

const rowOf = (factor) =>
  factorRow(factor, (places) => {
    state.pointed = places && places.map(([key, colour]) => [key, `lit ${colour}`]);
    paintMarks();
  });

/** ∂C/∂a of a neuron: what the next layer asks for, or what the cost does. */
function demand(l, i) {
  const { trace } = state;
  const a = trace.a[l][i - 1];
  const last = sizesOf(state.net).length;
  const name = quantity("a", l, i);
  if (l === last) {
    const lines = [`C = ${COSTS[state.net.cost].text}, of the output and its target`];
    return { symbol: partialOf(COST, name), words: "how C changes with the output", number: a.grad, lines, colour: "blue", keys: ["C"] };
  }
  const terms = trace.z[l + 1].map((z, k) => [z.grad, trace.W[l][k][i - 1].data, k + 1]);
  const symbols = terms.slice(0, 4).map(([, , k]) => `${textOf(quantity("δ", l + 1, k))} · ${textOf(quantity("w", l, k, i))}`);
  const numbers = terms.slice(0, 4).map(([delta, w]) => `${factorText(delta)} · ${factorText(w)}`);
  const rest = terms.length > 4 ? ` + ${terms.length - 4} more` : "";
  const sum = terms.length > 1 ? ", a sum over the paths" : "";
  return {
    symbol: partialOf(COST, name),
    words: `what the next layer asks for${sum}`,
    number: a.grad,
    lines: [`= ${symbols.join(" + ")}${rest}`, `= ${numbers.join(" + ")}${rest}`],
    colour: "blue",
    keys: terms.map(([, , k]) => `w,${l},${k},${i}`),
  };
}

/** f′(z) of a neuron: as formula, in numbers, and as the slope of a curve. */
function steepness(l, i) {
  const z = state.trace.z[l][i - 1];
  const { activation } = state.net.layers[l - 2];
  const name = quantity("z", l, i);
  const symbol = math("mrow", math("mi", "f′"), math("mo", "("), mathOf(name), math("mo", ")"));
  const { slope, lines } = openedSlope(activation, z.data);
  const op = functionOf(activation);
  const said = wordsOfSlope(op, [z.data], slope);
  return { symbol, words: `how steep the neuron is${said ? ` (${said})` : ""}`, number: slope, lines, curve: curveOf(op, z.data, op.value(z.data), slope), colour: "orange", keys: [`n,${l},${i}`] };
}

function openedSlope(activation, z) {
  if (activation === "identity") return { slope: 1, lines: ["a = z, so the slope is 1"] };
  const op = OPS[activation];
  const y = op.value(z);
  const slope = op.partials[0](y, z);
  const [text, sign, ...parts] = op.slope;
  const f = functionName(activation);
  const lines = [`${f}′(z) = ${text.replaceAll("-", "−")}`];
  if (sign) lines.push(`= ${parts.map((part) => factorText(part(y, z))).join(sign)}`);
  return { slope, lines };
}

function ofWeight(l, i, j) {
  const w = state.trace.W[l][i - 1][j - 1];
  const name = quantity("w", l, i, j);
  const source = state.trace.a[l][j - 1];
  const went = l === 1 ? quantity("x", 0, j) : quantity("a", l, j);
  const factors = [
    demand(l + 1, i),
    steepness(l + 1, i),
    { symbol: mathOf(went), words: "how much went in", number: source.data, colour: "green", keys: [l === 1 ? `x,${j}` : `n,${l},${j}`] },
  ];
  return derivation(name, factors, w, ...nextStep(`w,${l},${i},${j}`, name, w), editor(`w,${l},${i},${j}`, textOf(name), w.data));
}

function ofBias(l, i) {
  const b = state.trace.b[l][i - 1];
  const name = quantity("b", l, i);
  return derivation(name, [demand(l + 1, i), steepness(l + 1, i)], b, ...nextStep(`b,${l},${i}`, name, b), editor(`b,${l},${i}`, textOf(name), b.data));
}

function ofNeuron(l, i) {
  const z = state.trace.z[l][i - 1];
  const name = quantity("z", l, i);
  const inputs = state.trace.a[l - 1];
  const terms = inputs.slice(0, 4).map((a, j) => `${factorText(state.trace.W[l - 1][i - 1][j].data)} · ${factorText(a.data)}`);
  const bias = state.trace.b[l - 1];
  const more = inputs.length > 4 ? ` + ${inputs.length - 4} more` : "";
  const weighted = `${textOf(name)} = ${terms.join(" + ")}${more}${bias ? ` + ${factorText(bias[i - 1].data)}` : ""} = ${say(z.data)}`;
  const parts = derivation(name, [demand(l, i), steepness(l, i)], z, make("code", {}, weighted), opener(l, i));
  parts.splice(1, 0, make("p", {}, `It is called ${textOf(quantity("δ", l, i))}.`));
  return parts;
}

function ofInput(j) {
  const x = state.trace.a[1][j - 1];
  const name = quantity("x", 0, j);
  const terms = state.trace.z[2].map((z, k) => ({
    symbol: math("mrow", mathOf(quantity("δ", 2, k + 1)), math("mo", "·"), mathOf(quantity("w", 1, k + 1, j))),
    words: `through neuron ${k + 1}`,
    number: z.grad * state.trace.W[1][k][j - 1].data,
    lines: [`${factorText(z.grad)} · ${factorText(state.trace.W[1][k][j - 1].data)}`],
    colour: "blue",
    keys: [`w,1,${k + 1},${j}`],
  }));
  const rows = terms.slice(0, 8).map(rowOf);
  const rest = terms.length > 8 ? [make("p", {}, `and ${terms.length - 8} more`)] : [];
  return [heading(name), make("p", {}, "It is the sum over the paths into the next layer."), ...rows, ...rest, totalRow("sum", x.grad), differencesRow(differences(), x.grad), editor(`x,${j}`, inputName(j - 1), x.data)];
}

function ofCost() {
  const outputs = state.trace.a[state.trace.a.length - 1];
  const rows = outputs.slice(0, 8).map((s, j) => rowOf({ symbol: partialOf(COST, quantity("a", sizesOf(state.net).length, j + 1)), words: "", number: s.grad, colour: "blue", keys: [`n,${sizesOf(state.net).length},${j + 1}`] }));
  const { net, sample, trace } = state;
  const editors = net.cost === "cross_entropy" ? [] : sample.y.slice(0, 4).map((y, j) => editor(`y,${j + 1}`, sample.y.length > 1 ? named("y", 0, j + 1) : "y", y));
  return [make("h2", {}, "The cost"), make("p", {}, `C = ${COSTS[net.cost].text} = ${say(trace.C.data)}; the way back begins with ∂C/∂C = 1.`), ...rows, ...editors];
}

/** A button that puts the scalar graph of a neuron on the stage. */
function opener(l, i) {
  const isOpen = state.opened?.l === l && state.opened.i === i - 1;
  const button = make("button", { type: "button", id: "open" }, isOpen ? "close the neuron" : "open the neuron: its scalar graph");
  button.addEventListener("click", () => {
    const back = state.opened ? state.opened.back : state.step;
    closeNeuron();
    if (!isOpen) openNeuron(l, i - 1, back);
    showAll();
  });
  return make("p", {}, button);
}

/** What a step of the chosen optimiser would make of a parameter, with what it keeps for it. */
function nextStep(key, { letter }, node) {
  const place = placesOf(state.net).findIndex(([row, k]) => isAt(key, row, k));
  const optimiser = optimiserOf();
  const kept = state.course.memory[place] ?? {};
  const next = nextOf(optimiser, node.data, node.grad, rateOf(), kept, state.course.t + 1);
  const memory = Object.keys(next.memory).map((name) => `${name} ${say(kept[name] ?? 0)} → ${say(next.memory[name])}`);
  return [make("div", { class: "step" }, `${optimiser}: `, make("code", {}, `${letter} := ${say(node.data)} → ${say(next.w)}`), ...memory.map((line) => make("code", {}, line)))];
}

/** Whether a place in the net is that of a key. */
function isAt(key, row, k) {
  const [kind, l, i, j] = key.split(",").map((part, n) => (n ? Number(part) - 1 : part));
  const layer = state.net.layers[l];
  return kind === "w" ? row === layer.W[i] && k === j : row === layer.b && k === i;
}

/** A gradient of the mean cost: the mean of the gradients of the samples, of which the largest are listed. */
function ofMean(...numbers) {
  const { kind } = chosenParts();
  const { net, samples, trace } = state;
  const many = learned().length;
  const [node, name] = {
    w: ([l, i, j]) => [trace.W[l][i - 1][j - 1], quantity("w", l, i, j)],
    b: ([l, i]) => [trace.b[l][i - 1], quantity("b", l, i)],
    n: ([l, i]) => [trace.z[l][i - 1], quantity("z", l, i)],
    x: ([j]) => [trace.a[1][j - 1], quantity("x", 0, j)],
    C: () => [trace.C, COST],
  }[kind](numbers);
  const rows = samples.flatMap(({ x, y, test }, k) => (test ? [] : [{ k, ...partsOf(record(net, x, y), kind, numbers) }]));
  rows.sort((one, other) => Math.abs(other.number) - Math.abs(one.number));
  const line = ({ k, number, text }) => {
    const button = make("button", { type: "button", class: "small" }, `sample ${k + 1}`);
    button.addEventListener("click", () => takeSample(k));
    return make("tr", {}, make("th", { scope: "row" }, button), make("td", {}, text), make("td", { class: "is" }, say(number)));
  };
  const total = kind === "C" ? node.data : node.grad;
  const what = kind === "C" ? "The mean cost is the mean of the costs." : `The gradient of the mean cost is the mean over ${many} samples${kind === "w" ? " of δ · a, which is not the product of their means" : ""}. These weigh most:`;
  return [kind === "C" ? make("h2", {}, "The mean cost") : heading(name), make("p", {}, what), make("table", { class: "samples" }, make("tbody", {}, ...rows.slice(0, 8).map(line))), totalRow("mean", total), ...(kind === "w" || kind === "b" ? nextStep(state.chosen, name, node) : [])];
}

/** What one sample adds to the mean: its gradient, and the factors of that. */
function partsOf(trace, kind, [l, i, j]) {
  if (kind === "C") return { number: trace.C.data, text: "" };
  if (kind === "x") return { number: trace.a[1][l - 1].grad, text: "" };
  if (kind === "n") return { number: trace.z[l][i - 1].grad, text: "" };
  const delta = trace.z[l + 1][i - 1].grad;
  if (kind === "b") return { number: delta, text: "δ" };
  const a = trace.a[l][j - 1].data;
  return { number: delta * a, text: `${factorText(delta)} · ${factorText(a)}` };
}

function derivation(name, factors, node, ...foot) {
  return [
    heading(name),
    equation(partialOf(COST, name), factors.map(({ symbol, colour }) => ({ symbol: symbol.cloneNode(true), colour }))),
    ...factors.map(rowOf),
    totalRow("product", node.grad),
    differencesRow(differences(), node.grad),
    ...foot,
  ];
}

const totalRow = (word, number) => make("div", { class: "total" }, make("strong", {}, word), make("output", { id: "gradient" }, say(number)));

function differences() {
  const { kind, numbers } = chosenParts();
  const [base, at] = kind === "n" ? [state.trace.z[numbers[0]][numbers[1] - 1].data, costWithShift] : [numberAt(state.chosen), costWith];
  const step = 1e-3 * Math.max(1, Math.abs(base));
  const C = (h) => at(base + h);
  const central = (h) => (C(h) - C(-h)) / (2 * h);
  const [wide, narrow] = [central(step), central(step / 2)];
  const slope = (4 * narrow - wide) / 3;
  const error = Math.abs(slope - narrow) / 10 + (2 * roundingOf()) / step;
  const tiny = step / 100;
  return { slope, error, left: (C(0) - C(-tiny)) / tiny, right: (C(tiny) - C(0)) / tiny };
}

/** How far off C may be by rounding in every neuron: half a unit in the last place of each, on its way to C. */
function roundingOf() {
  const { trace } = state;
  const nodes = [trace.C, ...trace.z.flat(), ...trace.a.flat()].filter(Boolean);
  return (Number.EPSILON / 2) * nodes.reduce((sum, { data, grad }) => sum + Math.abs(data * grad), 0);
}

/** The cost if the chosen number were another. */
function costWith(x) {
  const before = numberAt(state.chosen);
  setNumber(state.chosen, x);
  const { a } = forward(parametersOf(state.net), state.sample.x);
  const C = costOf(state.net.cost, a[a.length - 1], state.sample.y).data;
  setNumber(state.chosen, before);
  return C;
}

/** The cost if z of the chosen neuron were another: as if its bias had moved. */
function costWithShift(z) {
  const [l, i] = chosenParts().numbers;
  const { net } = state;
  let a = state.trace.a[l].map((value) => value.data);
  const { activation } = net.layers[l - 2];
  a[i - 1] = functionOf(activation).value(z);
  if (l < sizesOf(net).length) a = predict({ layers: net.layers.slice(l - 1) }, a);
  return costOf(net.cost, a.map((x) => new Value(x)), state.sample.y).data;
}

/** A box and a slider for the chosen number. */
function editor(key, name, x) {
  const span = Math.max(1, 2 * Math.abs(x));
  const box = make("input", { type: "text", class: "number", "aria-label": name, value: exact(x), autocomplete: "off" });
  const slider = make("input", { type: "range", "aria-label": `${name}, as a slider`, min: x - span, max: x + span, step: "any" });
  slider.value = x;
  const set = (number, other) => {
    if (!Number.isFinite(number)) {
      box.value = exact(numberAt(key));
      return tell(`${name} needs a number that is finite`);
    }
    change(`${name} = ${say(number)}`, () => setNumber(key, number), "number");
    other.value = exact(number);
  };
  box.addEventListener("change", () => set(read(box.value), slider));
  slider.addEventListener("input", () => set(Number(slider.value), box));
  slider.addEventListener("change", describe);
  return make("div", { class: "editor" }, make("label", {}, name, " ", box), slider);
}
