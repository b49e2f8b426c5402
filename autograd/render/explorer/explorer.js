// The explorer: one graph, computed in the page, stepped through, with numbers that can be changed, and gradient descent.
//
// content.nodes stand in topological order: name, label, groups, and for a leaf its value, else op and args, where [k] is
// the node k. All labels reach the page as text, never as markup.

const order = [];
for (const { label, value, op, args } of content.nodes) {
  if (op === null) order.push(new Value(value, label));
  else order.push(Object.assign(apply(op, ...args.map((arg) => (isNumber(arg) ? arg : order[arg[0]]))), { label }));
}
const values = content.nodes.map(({ value }) => value);
const moving = new Set(content.moving);
const course = [];
const MOST_OPEN = 12; // leaves; with more of them their list is closed at first

/** Show everything anew after numbers have changed, but for the input in which somebody types. */
function refreshed(typed) {
  if (typed !== null) course.length = 0;
  update(typed);
  drawCourse();
}

// Gradient descent on the leaves that are to move.

function descend() {
  const rate = read(byId("rate").value);
  if (rate === undefined) {
    byId("course").textContent = "No step: ε holds no number.";
    return;
  }
  if (course.length === 0) course.push(dataOf(rootOf()));
  const grad = [...stage.final];
  change("a gradient step", () => {
    for (const i of moving) stage.nodes[i].data -= rate * (grad[i] ?? 0);
  });
  course.push(dataOf(rootOf()));
  refreshed(null);
}

function drawCourse() {
  const result = resultName();
  byId("course").textContent =
    course.length > 1
      ? `${result} = ${short(course.at(-1))} after ${course.length - 1} step(s), ${short(course[0])} before`
      : `${result} = ${short(dataOf(rootOf()))}; ${moving.size} of ${stage.leaves.length} leaves move`;
  const curve = byId("curve");
  curve.replaceChildren();
  const finite = course.filter(Number.isFinite);
  if (finite.length < 2) return;
  const low = Math.min(...finite, 0);
  const high = Math.max(...finite);
  const y = (c) => 74 - (68 * (c - low)) / (high - low || 1);
  const x = (k) => 4 + (292 * k) / (course.length - 1);
  curve.append(make("svg:line", { x1: 0, x2: 300, y1: y(low), y2: y(low) }));
  const points = course.map((c, k) => (Number.isFinite(c) ? `${x(k)},${y(c)}` : "")).filter(Boolean);
  curve.append(make("svg:polyline", { points: points.join(" ") }));
}

function listLeaves() {
  const inOrder = [...stage.leaves].sort((a, b) => shown.ofNode[a].rank - shown.ofNode[b].rank);
  for (const i of inOrder) {
    const moves = make("input", { type: "checkbox", "aria-label": `${stage.names[i]} moves`, "data-moves": i });
    moves.addEventListener("change", () => {
      moving[moves.checked ? "add" : "delete"](i);
      drawCourse();
    });
    byId("leaves").append(leafRow(stage.nodes[i], stage.names[i], make("label", {}, moves, " moves")));
  }
  byId("numbers").open = stage.leaves.length <= MOST_OPEN;
}

function showMoving() {
  for (const box of document.querySelectorAll("[data-moves]")) box.checked = moving.has(Number(box.dataset.moves));
  drawCourse();
}

/** A box and a slider for the chosen node, if it is a leaf. */
function offerChange() {
  const i = state.chosen;
  const isLeaf = i !== null && stage.nodes[i].op === null;
  byId("change").replaceChildren(...(isLeaf ? [leafRow(stage.nodes[i], stage.names[i])] : []));
  showLeaves();
}

function listen() {
  const actions = {
    descend,
    reset: () => {
      change("reset", () => stage.leaves.forEach((i) => (stage.nodes[i].data = values[i])));
      refreshed();
    },
    "move-all": () => (stage.leaves.forEach((i) => moving.add(i)), showMoving()),
    "move-none": () => (moving.clear(), showMoving()),
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  byId("numbers").addEventListener("toggle", () => showLeaves());
  whenChosen.push(offerChange);
}

byId("title").textContent = content.title;
document.title = content.title;
for (const path of content.collapsed) state.collapsed.add(path.join("\u0000"));
const checked = new Set(order.filter((_, i) => content.nodes[i].checked));
listenToSteps();
listenToPointers(current);
listen();
show({ order, names: content.nodes.map(({ name }) => name), groups: content.nodes.map(({ groups }) => groups), checked });
byId("descend").textContent = `w := w − ε ${derivativeName(resultName(), "w")}`;
listLeaves();
showMoving();
showLeaves();

/** For those who read the page by program: the numbers as they are now. */
window.explorer = { state, go, gradients: () => stage.final.map(Number), data: () => stage.nodes.map((node) => node.data) };
