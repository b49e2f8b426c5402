// The explorer: one graph, computed in the page by the compiled program, stepped through forward and backward.
//
// graph.nodes stand in topological order: name, text (its expression), parents, symbols (the local derivative towards
// each parent), groups, and for a leaf its value. program(leaf values) gives the data of all nodes, then all local
// derivatives, node by node. All labels reach the page as text, never as markup.

const nodes = graph.nodes;
const root = nodes.length - 1;
const leaves = nodes.map((_, i) => i).filter((i) => nodes[i].value !== undefined);
const children = nodes.map(() => []);
nodes.forEach((node, i) => node.parents.forEach((parent, k) => children[parent].unshift([i, k])));
const place = []; // where the local derivatives of a node begin
nodes.reduce((start, node, i) => ((place[i] = start), start + node.parents.length), nodes.length);
const result = nodes[root].name;

const state = {
  inputs: leaves.map((i) => nodes[i].value),
  values: [],
  step: 2 * nodes.length,
  started: false, // at first all is shown, and no step is
  chosen: null,
  moving: new Set(graph.moving),
  collapsed: new Set(graph.collapsed.map((path) => path.join("\u0000"))),
  course: [],
  playing: 0,
};

const byId = (id) => document.getElementById(id);
const data = (i) => state.values[i];
const partial = (i, k) => state.values[place[i] + k];

/** What a gradient sends over an edge: null, nothing, over one that a choice did not take; and 0 stays 0. */
function sent(upstream, i, k) {
  if (upstream === null || (nodes[i].chooses && partial(i, k) === 0)) return null;
  if (upstream === 0) return nodes[i].undefined && Number.isNaN(partial(i, k)) ? NaN : 0;
  return upstream * partial(i, k);
}

/** The gradients after so many backward steps: each node, from the result on, sends its own to its parents. */
function gradients(steps) {
  const grad = new Array(nodes.length).fill(null); // which counts as 0 where numbers are added
  grad[root] = 1;
  for (let t = 0; t < steps; t++) {
    const i = root - t;
    nodes[i].parents.forEach((parent, k) => add(grad, parent, sent(grad[i], i, k)));
  }
  return grad;
}

function add(grad, i, product) {
  if (product !== null) grad[i] += product;
}

function compute() {
  state.values = program(state.inputs);
}

// Steps: 0 is before anything; then one for each node forward; then one for each node backward.

function phaseOf(step) {
  const n = nodes.length;
  if (!state.started) return { kind: "all", node: null };
  if (step === 0) return { kind: "start", node: null };
  if (step <= n) return { kind: "forward", node: step - 1 };
  return { kind: "backward", node: 2 * n - step };
}

function describeStep() {
  const { kind, node: i } = phaseOf(state.step);
  const n = nodes.length;
  byId("slider").value = state.step;
  const words = { all: "everything is computed", start: "nothing is computed yet", forward: `forward, node ${state.step} of ${n}` };
  byId("phase").textContent = words[kind] ?? `backward, node ${state.step - n} of ${n}`;
  const panel = byId("step");
  panel.replaceChildren();
  if (kind === "all") {
    panel.append(make("p", {}, "Step back, or go to the beginning, to follow how; the arrow keys do it too."));
  } else if (kind === "start") {
    panel.append(make("p", {}, "The leaves hold numbers. Step on to compute the nodes one by one."));
  } else if (kind === "forward") {
    panel.append(make("p", { class: "formula" }, `${equation(i)} = ${short(data(i))}`));
    const rows = [...new Set(nodes[i].parents)].map((p) => [nodes[p].name, short(data(p))]);
    if (rows.length) panel.append(table(["operand", "data"], rows));
    else panel.append(make("p", {}, "A leaf: it holds its number."));
  } else {
    const before = gradients(state.step - n - 1);
    panel.append(make("p", { class: "formula" }, `∂${result}/∂${nodes[i].name} = ${short(before[i])}`));
    const sofar = [...before];
    const rows = nodes[i].parents.map((p, k) => {
      const product = sent(before[i], i, k);
      add(sofar, p, product);
      const local = `${nodes[i].symbols[k]} = ${short(partial(i, k))}`;
      return [nodes[p].name, local, `${short(before[i])} · ${short(partial(i, k))} = ${short(product)}`, short(sofar[p])];
    });
    if (rows.length) panel.append(table(["towards", "local derivative", "upstream · local", "so far"], rows));
    else panel.append(make("p", {}, "A leaf: its gradient is complete."));
  }
}

function equation(i) {
  return nodes[i].text ? `${nodes[i].name} = ${nodes[i].text}` : nodes[i].name;
}

function table(head, rows) {
  const line = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, {}, cell)));
  return make("table", {}, make("thead", {}, line("th", head)), make("tbody", {}, ...rows.map((row) => line("td", row))));
}

// The chosen node: its numbers, and where its gradient comes from.

/** Build the panel of the chosen node; describeNumbers fills what depends on numbers, so that inputs keep the focus. */
function describeChosen() {
  const panel = byId("details");
  const i = state.chosen;
  if (i === null) {
    panel.replaceChildren(make("p", {}, "Choose a node to see where its gradient comes from."));
    return;
  }
  panel.replaceChildren(make("h2", {}, nodes[i].name));
  if (nodes[i].text) panel.append(make("p", { class: "formula" }, equation(i)));
  panel.append(make("div", { id: "numbers" }));
  if (nodes[i].value !== undefined) panel.append(editor(i));
  panel.append(make("div", { id: "contributions" }));
  if (i === root) panel.append(make("p", {}, "The result: its derivative towards itself is 1."));
  else panel.append(make("p", {}, `${waysUp(i)} from ${nodes[i].name} to ${result}, coloured in the graph.`));
  describeNumbers();
}

function describeNumbers() {
  const i = state.chosen;
  if (i === null) return;
  const grad = gradients(nodes.length);
  byId("numbers").replaceChildren(table(["data", `∂${result}/∂${nodes[i].name}`], [[exact(data(i)), exact(grad[i])]]));
  if (i === root) return;
  const rows = children[i].map(([child, k]) => {
    const product = sent(grad[child], child, k);
    return [
      `∂${result}/∂${nodes[child].name} · ${nodes[child].symbols[k]}`,
      `${short(grad[child])} · ${short(partial(child, k))}`,
      short(product),
    ];
  });
  byId("contributions").replaceChildren(table(["its gradient is the sum of", "in numbers", "product"], rows));
}

function waysUp(i) {
  const count = new Array(nodes.length).fill(0n);
  count[root] = 1n;
  for (let j = root; j > i; j--) for (const parent of nodes[j].parents) count[parent] += count[j];
  const digits = String(count[i]);
  if (digits.length > 12) return `About 10^${digits.length - 1} paths lead`;
  return count[i] === 1n ? "One path leads" : `${digits} paths lead`;
}

/** All nodes on a path from a node to the result. */
function wayUp(i) {
  const up = new Set(i === null ? [] : [i]);
  if (i !== null) nodes.forEach((node, j) => j > i && node.parents.some((p) => up.has(p)) && up.add(j));
  return up;
}

// The leaves: boxes and sliders are built once, and hold what their leaf holds.

function editor(i) {
  const k = leaves.indexOf(i);
  const middle = bounded(nodes[i].value) ? nodes[i].value : 0;
  const span = Math.max(1, 2 * Math.abs(middle));
  const bounds = { min: middle - span, max: middle + span, step: span / 200 };
  const box = make("p", {}, make("label", {}, "data ", numberBox(k)));
  return make("div", {}, box, leafInput(k, { type: "range", ...bounds }));
}

/** Whether a slider can hold a number, and so the bounds around it. */
function bounded(x) {
  return Number.isFinite(8 * x);
}

/** A box for a number: of type text, because one of type number takes neither nan nor inf. */
function numberBox(k) {
  const box = leafInput(k, { type: "text", class: "number", autocomplete: "off", autocapitalize: "off" });
  let before = state.inputs[k]; // what is put back: half of "1e999" was a number while it was typed
  const keep = () => (before = state.inputs[k]);
  box.addEventListener("focus", keep);
  box.addEventListener("change", () => {
    setLeaf(k, read(box.value) ?? before);
    keep();
  });
  box.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setLeaf(k, state.inputs[k] + by);
  });
  return box;
}

function leafInput(k, attributes) {
  const input = make("input", { ...attributes, "aria-label": `Data of ${nodes[leaves[k]].name}`, "data-leaf": k });
  input.value = exact(state.inputs[k]);
  input.addEventListener("input", () => {
    const x = read(input.value);
    if (x !== undefined) setLeaf(k, x, input);
  });
  return input;
}

function setLeaf(k, x, typed) {
  state.inputs[k] = x;
  state.course = [];
  refresh(typed);
}

function listLeaves() {
  leaves.forEach((i, k) => {
    const { name } = nodes[i];
    const moves = make("input", { type: "checkbox", "aria-label": `${name} moves`, "data-moves": i });
    moves.addEventListener("change", () => {
      state.moving[moves.checked ? "add" : "delete"](i);
      drawCourse();
    });
    const parts = [make("span", {}, name), numberBox(k), make("label", {}, moves, " moves")];
    byId("leaves").append(make("div", { class: "leaf" }, ...parts));
  });
}

/** Show what the leaves hold, and which of them move; not in the input in which somebody types, if any. */
function showLeaves(typed) {
  for (const input of document.querySelectorAll("[data-leaf]")) {
    const x = state.inputs[input.dataset.leaf];
    if (input !== typed) input.value = exact(x);
    if (input.type === "range") input.hidden = !bounded(x);
  }
  for (const box of document.querySelectorAll("[data-moves]")) box.checked = state.moving.has(Number(box.dataset.moves));
}

// Gradient descent on the leaves that are to move.

function descend() {
  const rate = read(byId("rate").value);
  if (rate === undefined) {
    byId("course").textContent = "No step: ε holds no number.";
    return;
  }
  const grad = gradients(nodes.length);
  if (state.course.length === 0) state.course.push(data(root));
  leaves.forEach((i, k) => {
    if (state.moving.has(i)) state.inputs[k] -= rate * grad[i];
  });
  compute();
  state.course.push(data(root));
  refresh();
}

function drawCourse() {
  const { course } = state;
  byId("course").textContent =
    course.length > 1
      ? `${result} = ${short(course[course.length - 1])} after ${course.length - 1} step(s), ${short(course[0])} before`
      : `${result} = ${short(data(root))}; ${state.moving.size} of ${leaves.length} leaves move`;
  drawCurve(course);
}

/** Compute everything anew and show it, but for the input in which somebody types. */
function refresh(typed) {
  compute();
  update();
  describeNumbers();
  showLeaves(typed);
}

/** Show the step, the numbers and the choice in the drawing and the panel. */
function update() {
  describeStep();
  drawCourse();
  paint(phaseOf(state.step).node, wayUp(state.chosen));
}

function go(step) {
  state.started = true;
  state.step = Math.max(0, Math.min(2 * nodes.length, step));
  update();
  if (phaseOf(state.step).node !== null) reveal(current());
}

function play() {
  clearInterval(state.playing);
  const stop = state.playing !== 0;
  state.playing = 0;
  if (!stop) {
    if (state.step === 2 * nodes.length) go(0);
    state.playing = setInterval(() => {
      go(state.step + 1);
      if (state.step === 2 * nodes.length) play();
    }, Math.max(30, Math.min(700, 20000 / nodes.length)));
  }
  byId("play").textContent = stop ? "play" : "pause";
  byId("play").setAttribute("aria-label", stop ? "Play" : "Pause");
}

function choose(i) {
  state.chosen = state.chosen === i ? null : i;
  describeChosen();
  showLeaves();
  update();
}

function listen() {
  const n = nodes.length;
  const actions = {
    first: () => go(0), back: () => go(state.step - 1), next: () => go(state.step + 1), last: () => go(2 * n), play,
    descend,
    reset: () => {
      state.inputs = leaves.map((i) => nodes[i].value);
      state.course = [];
      refresh();
    },
    "move-all": () => ((state.moving = new Set(leaves)), refresh()),
    "move-none": () => ((state.moving = new Set()), refresh()),
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  byId("slider").max = 2 * n;
  byId("slider").addEventListener("input", (event) => go(Number(event.target.value)));
  const keys = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last", " ": "play" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    if (event.target.matches("input")) return;
    if (event.key === " " && event.target.matches("button, summary, .node, .group text")) return;
    event.preventDefault();
    actions[keys[event.key]]();
  });
}

byId("title").textContent = graph.title;
byId("descend").textContent = `w := w − ε ∂${result}/∂w`;
document.title = graph.title;
compute();
listen();
listenToPointers();
draw();
listLeaves();
describeChosen();
refresh();
fit(current());

/** For those who read the page by program: the numbers as they are now. */
window.explorer = { state, go, gradients: () => gradients(nodes.length).map(Number), data: () => state.values.slice(0, nodes.length) };
