// A neuron opened in place: its scalar graph, a node for each product, and steps from node to node.

const MOST_INPUTS = 10; // of a neuron with more, the rest is one term

const BOX = { width: 104, height: 48, row: 56, gap: 58 };

/** Record a neuron by itself: w · a for each input, their sum with the bias, f of that; and send ∂C/∂a back through it. */
function scalarGraph(l, i) {
  const { trace, net } = state;
  const W = trace.W[l - 1][i];
  const inputs = trace.a[l - 1];
  const shown = W.length > MOST_INPUTS ? MOST_INPUTS - 1 : W.length;
  const nodes = [];
  const add = (value, name, column, key, title = name) => {
    nodes.push({ value, name, column, key, title, parents: value.parents.map((parent) => nodes.find((node) => node.value === parent)) });
    return value;
  };
  const products = [];
  for (let k = 0; k < shown; k++) {
    const w = add(new Value(W[k].data), named("w", l - 1, i + 1, k + 1), 0, `w,${l - 1},${i + 1},${k + 1}`);
    const a = add(new Value(inputs[k].data), l === 2 ? inputName(k) : named("a", l - 1, k + 1), 0, l === 2 ? `x,${k + 1}` : `n,${l - 1},${k + 1}`);
    products.push([w, a]);
  }
  const terms = products.map(([w, a], k) => add(apply("mul", w, a), named("p", 0, k + 1), 1, undefined, `${named("p", 0, k + 1)} = ${nodes[2 * k].name}·${nodes[2 * k + 1].name}`));
  if (shown < W.length) terms.push(add(new Value(W.slice(shown).reduce((sum, w, k) => sum + w.data * inputs[shown + k].data, 0)), `${W.length - shown} more products`, 1));
  const bias = trace.b[l - 1]?.[i];
  if (bias) terms.push(add(new Value(bias.data), named("b", l - 1, i + 1), 1, `b,${l - 1},${i + 1}`));
  const z = add(apply("sum", ...terms), named("z", l, i + 1), 2, `n,${l},${i + 1}`);
  const { activation } = net.layers[l - 2];
  const end = activation === "identity" ? z : add(apply(activation, z), named("a", l, i + 1), 3, `n,${l},${i + 1}`);
  end.backward(trace.a[l][i].grad);
  return nodes;
}

/** Put the scalar graph of a neuron on the stage, with steps of its own; back is the step to which closing returns. */
function openNeuron(l, i, back = state.step) {
  const nodes = scalarGraph(l, i);
  const isSame = state.opened?.l === l && state.opened.i === i;
  state.opened = { l, i, back, nodes };
  state.steps = scalarSteps(nodes, l, i);
  state.step = isSame ? Math.min(state.step, state.steps.length - 1) : state.steps.length - 1;
}

function closeNeuron() {
  if (!state.opened) return;
  state.step = state.opened.back;
  state.opened = null;
  state.steps = stepsOf(state.net, state.grain);
}

/** Forward through the nodes that are computed, then ∂C/∂a from outside, then backward through the same nodes. */
function scalarSteps(nodes, l, i) {
  const computed = nodes.filter((node) => node.parents.length);
  const end = computed[computed.length - 1];
  const forward = computed.map((node) => ({ kind: "forward", node, short: node.name, words: () => [`${node.name} is computed.`, [forwardLine(node)]] }));
  const arrives = `∂C/∂${end.name} = ${say(end.value.grad)}`;
  const asked = l === sizesOf(state.net).length ? "the cost" : "the next layer";
  const backward = [...computed].reverse().map((node) => ({ kind: "delta", node, short: `∂ ${node.name}`, words: () => [`${node.name} sends its gradient back: times the local derivative, to each of its operands.`, backwardLines(node)] }));
  return [
    { kind: "start", short: "leaves", words: () => [`Neuron ${i + 1} of layer ${l} by itself: its weights and what comes in.`, []] },
    ...forward,
    { kind: "cost", node: end, short: "∂C/∂a", words: () => [`What ${asked} asks for arrives.`, [arrives]] },
    ...backward,
  ];
}

function forwardLine({ name, value, parents }) {
  const numbers = value.args.map((arg) => factorText(arg.data));
  const how = value.op === OPS.mul ? numbers.join(" · ") : value.op === VARIADIC.sum ? numbers.join(" + ") : `${value.op.symbol}(${say(parents[0].value.data)})`;
  return `${name} = ${how} = ${say(value.data)}`;
}

function backwardLines({ name, value, parents }) {
  return listed(
    parents.map((parent, k) => `∂C/∂${parent.name} += ∂C/∂${name} · ∂${name}/∂${parent.name} = ${factorText(value.grad)} · ${factorText(value.partials[k])} = ${say(value.grad * value.partials[k])}`),
    4,
  );
}

/** What is known of a node of the neuron at the present step; null is "not yet". */
function scalarSeen(node) {
  const { steps, step } = state;
  const computed = node.parents.length === 0 || steps.findIndex((s) => s.kind === "forward" && s.node === node) <= step;
  const reachedBy = (s) => (s.kind === "cost" && s.node === node) || (s.kind === "delta" && s.node.parents.includes(node));
  return { data: computed ? node.value.data : null, grad: steps.findIndex(reachedBy) <= step ? node.value.grad : null };
}

function drawNeuron() {
  const { l, i, nodes } = state.opened;
  const svg = byId("net");
  const columns = [0, 1, 2, 3].map((column) => nodes.filter((node) => node.column === column));
  const gap = Math.max(24, Math.min(BOX.gap, (byId("stage").clientWidth - 20 - 4 * BOX.width) / 3));
  const top = 44;
  columns[0].forEach((node, k) => Object.assign(node, { x: 10 + BOX.width / 2, y: top + BOX.row * (k + 0.5) + 10 * (k >> 1) }));
  const bottom = columns[0][columns[0].length - 1].y + BOX.row / 2;
  for (const node of columns[1]) node.y = node.parents.length ? (node.parents[0].y + node.parents[1].y) / 2 : null;
  columns[1].filter((node) => node.y === null).forEach((node, k) => (node.y = bottom + 10 + BOX.row * (k + 0.5)));
  const middle = (columns[1][0].y + columns[1][columns[1].length - 1].y) / 2;
  [...columns[2], ...columns[3]].forEach((node) => (node.y = middle));
  for (const node of nodes) node.x = 10 + BOX.width / 2 + node.column * (BOX.width + gap);
  const height = Math.max(bottom, ...columns[1].map((node) => node.y + BOX.row / 2)) + 12;
  const width = 20 + BOX.width * 4 + gap * 3;
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const close = make("svg:g", { class: "close", role: "button", tabindex: 0, "aria-label": "close the neuron", "data-key": "close" }, make("svg:rect", { x: width - 66, y: 6, width: 56, height: 24, rx: 6 }), label("close", width - 38, 22));
  onPress(close, () => {
    closeNeuron();
    showAll();
  });
  const now = state.steps[state.step];
  const edges = nodes.flatMap((node) => node.parents.map((parent, k) => scalarEdge(node, parent, k, now)));
  const title = label(`neuron ${i + 1} of layer ${l}, opened`, 10, 22, { class: "head", style: "text-anchor: start" });
  svg.replaceChildren(arrowhead(), title, close, ...edges, ...nodes.map((node) => scalarBox(node, now)));
}

function scalarEdge(node, parent, k, now) {
  const [x1, y1, x2, y2] = [parent.x + BOX.width / 2, parent.y, node.x - BOX.width / 2 - 1, node.y];
  const isNow = now.node === node && now.kind !== "cost";
  const path = make("svg:path", { d: `M${x1},${y1}L${x2},${y2}`, "marker-end": "url(#arrow)" });
  // Near its own end of the edge, where no other label is; known once the node is.
  const local = scalarSeen(node).data === null ? "" : say(node.value.partials[k]);
  const share = node.column === 1 ? 0.5 : 0.38;
  const text = label(local, x1 + share * (x2 - x1), y1 + share * (y2 - y1) + 4, { class: "local" });
  return make("svg:g", { class: `scalar-edge ${isNow ? "now" : ""}` }, path, text);
}

function scalarBox(node, now) {
  const { data, grad } = scalarSeen(node);
  const [x, y] = [node.x - BOX.width / 2, node.y - BOX.height / 2];
  const kind = node.column === 3 || node.column === 2 ? "hidden" : node.parents.length ? "product" : "input";
  const isNow = now.node === node || (now.kind === "delta" && now.node.parents.includes(node));
  const frame = make("svg:rect", { x, y, width: BOX.width, height: BOX.height, rx: 8 });
  const lines = [[node.title, "name"], [say(data), "a"], [`∂ ${say(grad)}`, "delta"]].map(([text, role], k) => label(text, node.x, y + 14 + 15 * k, { class: role }));
  const spoken = `${node.title}: ${say(data)}, ∂ ${grad === null ? "not yet" : say(grad)}`;
  const classes = `scalar ${kind} ${isNow ? "now" : ""}`;
  if (!node.key) return make("svg:g", { class: classes, role: "img", "aria-label": spoken }, frame, ...lines);
  return choosable(node.key, spoken, { class: classes }, frame, ...lines);
}
