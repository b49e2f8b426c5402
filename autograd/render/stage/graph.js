// The graph on the stage, and what of it is known at each step.
//
// It is made of Values. A page shows one with show({ order, names, … }); the numbers change in place.

const stage = {
  nodes: [], // Values, parents first
  names: [],
  groups: [], // for each the names of the frames around it
  number: new Map(), // from a Value to its place
  parents: [],
  children: [], // for each pairs of a child and the place of the edge among the child's
  leaves: [],
  equations: [], // as text
  steps: [{ kind: "start" }],
  checked: new Set(), // of which a page says where they have no value
  failures: new Map(), // from a place to words
  lost: new Set(), // what has no value, or depends on what has none
  final: [], // the gradients in the end; null where none arrives
  largest: 1, // of these
};

const state = {
  step: 0,
  started: false, // at first all is shown, and no step is
  chosen: null, // the number of a node
  pointed: null, // keys of what is pointed at in the derivation, with their colours
  collapsed: new Set(),
  before: null, // { what, data, grad, key }, from before the last change
  playing: 0,
};

const rootOf = () => stage.nodes.length - 1;
const resultName = () => stage.names[rootOf()];
/** What the derivative of the result towards a node is called. */
const slopeName = (i) => derivativeName(resultName(), stage.names[i]);
const dataOf = (i) => stage.nodes[i].data;
const partialOf = (i, k) => stage.nodes[i].partials[k];

/** Take a graph: its nodes in order, with what belongs to each. */
function setGraph({ order, names, groups = order.map(() => []), checked = new Set() }) {
  const number = new Map(order.map((node, i) => [node, i]));
  const parents = order.map((node) => node.parents.map((parent) => number.get(parent)));
  const children = order.map(() => []);
  parents.forEach((all, i) => all.forEach((parent, k) => children[parent].unshift([i, k])));
  const inner = order.map((_, i) => i).filter((i) => order[i].op !== null);
  const steps = [{ kind: "start" }, ...inner.map((i) => ({ kind: "forward", i })), ...inner.reverse().map((i) => ({ kind: "backward", i }))];
  const leaves = order.map((_, i) => i).filter((i) => order[i].op === null);
  Object.assign(stage, { nodes: order, names, groups, parents, children, steps, leaves, checked, number });
  state.step = steps.length - 1;
  stage.equations = order.map((_, i) => equationText(i));
  review();
}

/** Compute all numbers anew from what the leaves hold. */
function recomputeAll() {
  for (const node of stage.nodes) if (node.op !== null) recompute(node);
  review();
}

/** See where there is no value, and what the gradients are in the end. */
function review() {
  stage.failures = new Map();
  stage.lost = new Set();
  stage.nodes.forEach((node, i) => {
    if (stage.parents[i].some((parent) => stage.lost.has(parent))) stage.lost.add(i);
    else if (stage.checked.has(node)) {
      const words = failure(node);
      if (words === null) return;
      stage.failures.set(i, words);
      stage.lost.add(i);
    }
  });
  stage.final = gradientsAfter(stage.nodes.length);
  const finite = stage.final.filter(Number.isFinite).map(Math.abs);
  stage.largest = Math.max(...finite) || 1;
}

/** The gradients after so many nodes, from the last one on, have sent theirs on: null where none arrived. */
function gradientsAfter(steps) {
  const found = cotangents(stage.nodes, 1, steps);
  return stage.nodes.map((node) => found.get(node) ?? null);
}

/** What is known at the present step: null stands for "not yet", which is not 0. */
function seen() {
  const { kind, i } = stage.steps[state.step];
  const n = stage.nodes.length;
  const reached = kind === "backward" ? i : n; // nodes from here on have sent their gradients
  const sent = state.step === stage.steps.length - 1 ? n : n - reached;
  const grads = kind === "backward" ? (sent === n ? stage.final : gradientsAfter(sent)) : [];
  const isKnown = (j) => stage.nodes[j].op === null || kind === "backward" || (kind === "forward" && j <= i);
  const isComplete = (j) => kind === "backward" && (j === rootOf() || stage.children[j].every(([child]) => child >= n - sent));
  return {
    now: i ?? null,
    kind,
    isComplete,
    data: (j) => (isKnown(j) ? dataOf(j) : null),
    partial: (j, k) => (isKnown(j) ? partialOf(j, k) : null),
    /** What has arrived; 0 where all could and nothing did. */
    grad: (j) => (kind !== "backward" ? null : (grads[j] ?? (isComplete(j) ? 0 : null))),
    /** What arrives over an edge; null as long as its child has not sent anything. */
    sent: (j, k) => (kind === "backward" && j >= n - sent ? carriedOver(grads[j], j, k) : null),
  };
}

/** What an edge of a node carries: 0, as Python has it, where nothing does. */
function carriedOver(upstream, i, k) {
  return upstream === null ? 0 : (carried(upstream, stage.nodes[i], partialOf(i, k)) ?? 0);
}

/** What the result would be if a node held another number. */
function resultWith(i, x) {
  const held = new Map([[stage.nodes[i], x]]);
  for (let j = i + 1; j < stage.nodes.length; j++) {
    const node = stage.nodes[j];
    if (!node.parents.some((parent) => held.has(parent))) continue;
    held.set(node, valueOf(node.op, node.args.map((arg) => (isNumber(arg) ? arg : (held.get(arg) ?? arg.data)))));
  }
  return held.get(stage.nodes[rootOf()]) ?? dataOf(rootOf());
}

/** Whether anything stands against a slope by central differences: { slope, error, left, right }. */
function differencesAt(i) {
  const base = dataOf(i);
  const step = 1e-3 * Math.max(1, Math.abs(base));
  const y = (h) => resultWith(i, base + h);
  const central = (h) => (y(h) - y(-h)) / (2 * h);
  const [wide, narrow] = [central(step), central(step / 2)];
  const slope = (4 * narrow - wide) / 3;
  const error = Math.abs(slope - narrow) / 10 + (4e-16 * Math.abs(dataOf(rootOf()))) / step;
  const tiny = step / 100;
  return { slope, error, left: (y(0) - y(-tiny)) / tiny, right: (y(tiny) - y(0)) / tiny };
}

/** v1 = w · x, with the names of the stage. */
const equationOf = (i) => stage.equations[i];

function equationText(i) {
  const node = stage.nodes[i];
  return node.op === null ? stage.names[i] : `${stage.names[i]} = ${inPrint(operationText(node, (arg) => stage.names[stage.number.get(arg)]))}`;
}

/** All nodes on a path from a node to the result. */
function wayUp(i) {
  const up = new Set(i === null ? [] : [i]);
  if (i !== null) stage.parents.forEach((parents, j) => j > i && parents.some((p) => up.has(p)) && up.add(j));
  return up;
}

/** How many paths lead from a node to the result. */
function waysUp(i) {
  const count = new Array(stage.nodes.length).fill(0n);
  count[rootOf()] = 1n;
  for (let j = rootOf(); j > i; j--) for (const parent of stage.parents[j]) count[parent] += count[j];
  const digits = String(count[i]);
  if (digits.length > 12) return `About 10^${digits.length - 1} paths lead`;
  return count[i] === 1n ? "One path leads" : `${digits} paths lead`;
}

/** Change numbers, and keep what was before; a slider that moves on is one change. */
function change(what, action, key = null) {
  const goesOn = key !== null && state.before?.key === key;
  const before = goesOn ? state.before : { key, data: stage.nodes.map((node) => node.data), grad: stage.final };
  action();
  recomputeAll();
  state.before = { ...before, what };
}
