// The graph as it is drawn: boxes, edges with their local derivatives, frames around groups.

const BOX = { width: 138, height: 60, gapX: 76, gapY: 14 };
const MOST_LETTERS = 16; // in the first line of a box
const MOST_OPERANDS = 5; // of an op whose edges have their labels always
const MOST_LABELS = 80; // edges; with more of them only those of the step and of the chosen node have a label
const shown = { items: [], ofNode: [], ofGroup: new Map(), edges: [], ways: new Map(), read: null };

/** The boxes to draw: a node each, or one for all nodes of a collapsed group; parents before children. */
function visibleItems() {
  const items = new Map();
  const rank = new Map(topological(stage.nodes[rootOf()]).map((node, k) => [node, k]));
  shown.ofNode = stage.nodes.map((node, i) => {
    let key = `n${i}`;
    const own = stage.groups[i];
    let depth = own.length;
    for (let d = 1; d <= own.length; d++) {
      const path = own.slice(0, d).join("\u0000");
      if (state.collapsed.has(path)) {
        [key, depth] = [`g${path}`, d];
        break;
      }
    }
    const isGroup = key[0] === "g";
    if (!items.has(key)) {
      const groups = own.slice(0, isGroup ? depth - 1 : undefined);
      items.set(key, { key, isGroup, path: own.slice(0, depth), groups, members: [], parents: [], rank: rank.get(node) ?? i });
    }
    items.get(key).members.push(i);
    return items.get(key);
  });
  stage.parents.forEach((parents, i) => {
    for (const parent of parents) {
      const [from, to] = [shown.ofNode[parent], shown.ofNode[i]];
      if (from !== to && !to.parents.includes(from)) to.parents.push(from);
    }
  });
  return sorted([...items.values()]);
}

function sorted(items) {
  const done = new Set();
  const open = new Set();
  const order = [];
  for (const start of items) {
    const waiting = [start];
    while (waiting.length) {
      const item = waiting[waiting.length - 1];
      const next = done.has(item) ? undefined : item.parents.find((p) => !done.has(p) && !open.has(p));
      open.add(item);
      if (next) waiting.push(next);
      else {
        waiting.pop();
        if (!done.has(item)) order.push(item);
        done.add(item);
      }
    }
  }
  const position = new Map(order.map((item, k) => [item, k])); // in a circle of groups, drop what points back
  for (const item of order) item.parents = item.parents.filter((p) => position.get(p) < position.get(item));
  return order;
}

/** Draw everything anew: another graph, or a group that was collapsed or expanded. */
function draw() {
  shown.items = visibleItems();
  shown.ways = layout(shown.items, BOX);
  shown.ofGroup.clear();
  Object.assign(shown, { edges: [], read: null });
  const [frames, edges, boxes, labels] = ["frames", "edges", "boxes", "labels"].map((name) => make("svg:g", { class: name }));
  drawGroups(frames);
  const arrow = make("svg:path", { d: "M0,0.5L8,4L0,7.5z", fill: "context-stroke" });
  const marker = make("svg:marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, arrow);
  stage.parents.forEach((parents, i) => parents.forEach((parent, k) => drawEdge(edges, labels, i, parent, k)));
  spreadLabels();
  for (const item of shown.items) drawItem(boxes, item);
  byId("world").replaceChildren(make("svg:defs", {}, marker), frames, edges, boxes, labels);
  view.world = byId("world").getBBox();
}

function drawGroups(layer) {
  const frames = new Map();
  for (const item of shown.items) {
    for (let d = 1; d <= item.groups.length; d++) {
      const path = item.groups.slice(0, d);
      const key = path.join("\u0000");
      if (!frames.has(key)) frames.set(key, { path, items: [] });
      frames.get(key).items.push(item);
    }
  }
  const ways = [...shown.ways.values()].flat();
  for (const [key, { path, items }] of frames) {
    const margin = path.length === 1 ? 26 : 8;
    const left = Math.min(...items.map((item) => item.x)) - BOX.width / 2 - margin;
    const right = Math.max(...items.map((item) => item.x)) + BOX.width / 2 + margin;
    const top = Math.min(...items.map((item) => item.y)) - BOX.height / 2 - margin - (path.length === 1 ? 8 : 10);
    const lowest = ways.filter(({ lane = "" }) => `${lane}\u0000`.startsWith(`${key}\u0000`)).map(({ y }) => y + 4 - BOX.height / 2);
    const bottom = Math.max(...items.map((item) => item.y), ...lowest) + BOX.height / 2 + margin;
    const title = make("svg:text", { x: left + 8, y: top + 14, tabindex: 0, role: "button" }, `▾ ${path.at(-1)}`);
    title.setAttribute("aria-label", `Collapse ${path.join(", ")}`);
    onPress(title, () => toggle(key));
    shown.ofGroup.set(key, title);
    const frame = make("svg:rect", { x: left, y: top, width: right - left, height: bottom - top, rx: 10 });
    layer.append(make("svg:g", { class: "group" }, frame, title));
  }
}

/** The box of the current step; before anybody has stepped, of what has no value, or of the result. */
function current() {
  const [failed] = stage.failures.keys();
  return shown.ofNode[(state.started ? stage.steps[state.step].i : failed) ?? rootOf()].element;
}

/** Collapse a group to a box, or expand it; the focus goes from its box to its title, or back. */
function toggle(key) {
  const held = byId("world").contains(document.activeElement);
  state.collapsed[state.collapsed.has(key) ? "delete" : "add"](key);
  draw();
  paint();
  fit(shown.ofGroup.get(key));
  if (held) shown.ofGroup.get(key).focus();
}

/** Draw an edge from a parent to its child; where the same parent is there twice, two beside each other. */
function drawEdge(layer, labels, child, parent, k) {
  const [from, to] = [shown.ofNode[parent], shown.ofNode[child]];
  if (from === to) return;
  const all = stage.parents[child];
  const same = all.filter((p) => p === parent).length;
  const shift = same > 1 ? (all.slice(0, k).filter((p) => p === parent).length - (same - 1) / 2) * 18 : 0;
  const way = (shown.ways.get(from) ?? []).filter(({ x, lane }) => x < to.x && (lane === undefined || lane === laneOf(to)));
  const bulge = (j) => (j === points.length - 1 ? 2 * shift : 0);
  const points = [[from.x + BOX.width / 2, from.y], ...way.flatMap(({ x, y }) => [[x - BOX.width / 2, y], [x + BOX.width / 2, y]]), [to.x - BOX.width / 2, to.y]];
  let d = `M${points[0]}`;
  for (let j = 1; j < points.length; j++) {
    const [[x1, y1], [x2, y2]] = [points[j - 1], points[j]];
    const bend = Math.max(20, (x2 - x1) / 2);
    d += j % 2 === 0 ? `L${x2},${y2}` : ` C${x1 + bend},${y1 + bulge(j)} ${x2 - bend},${y2 + bulge(j)} ${x2},${y2}`;
  }
  const last = points.at(-2);
  const text = make("svg:text", { x: to.x - BOX.width / 2 - BOX.gapX / 2 - 2, y: (last[1] + to.y) / 2 + 1.5 * shift });
  const element = make("svg:g", { class: "edge", "data-edge": `${child},${k}` }, make("svg:path", { d, "marker-end": "url(#arrow)" }));
  const label = make("svg:g", { class: "edge" }, text);
  layer.append(element);
  labels.append(label);
  shown.edges.push({ element, label, text, child, parent, k, x: to.x });
}

/** Keep the labels between two columns apart. */
function spreadLabels() {
  const gaps = new Map();
  for (const edge of shown.edges) {
    if (!gaps.has(edge.x)) gaps.set(edge.x, []);
    gaps.get(edge.x).push(Object.assign(edge, { wish: Number(edge.text.getAttribute("y")) }));
  }
  for (const edges of gaps.values()) {
    if (edges.length > MOST_LABELS) continue;
    edges.sort((a, b) => a.wish - b.wish);
    spread(edges, () => 15);
    for (const edge of edges) edge.text.setAttribute("y", edge.y - 3);
  }
}

function drawItem(layer, item) {
  const [x, y] = [item.x - BOX.width / 2, item.y - BOX.height / 2];
  const size = { x, y, width: BOX.width, height: BOX.height, rx: 8 };
  const text = (name, line) => make("svg:text", { class: name, x: item.x, y: y + line });
  item.texts = { name: text("name", 18), data: text("number", 36), grad: text("number grad", 53) };
  item.texts.name.textContent = titleOf(item);
  item.tint = make("svg:rect", { ...size, class: "tint", "fill-opacity": 0 });
  item.element = make(
    "svg:g",
    { class: "node", tabindex: 0, role: "button" },
    make("svg:rect", { ...size, class: "frame" }),
    item.tint,
    ...Object.values(item.texts),
  );
  item.element.place = size;
  const [i] = item.members;
  const key = item.path.join("\u0000");
  if (item.isGroup) shown.ofGroup.set(key, item.element);
  else {
    item.element.dataset.node = i;
    if (stage.nodes[i].op === null) item.element.classList.add("leafnode");
  }
  onPress(item.element, () => (item.isGroup ? toggle(key) : choose(i)));
  for (const name of ["pointerenter", "focus"]) item.element.addEventListener(name, () => readOut(item));
  layer.append(item.element);
}

/** The first line of a box: how it is computed, or if that is too long by which op. */
function titleOf({ isGroup, path, members: [i] }) {
  const cut = (text) => (Array.from(text).length > MOST_LETTERS ? `${Array.from(text).slice(0, MOST_LETTERS - 1).join("")}…` : text);
  if (isGroup) return cut(path.at(-1));
  const equation = equationOf(i);
  return Array.from(equation).length <= MOST_LETTERS ? equation : cut(stage.nodes[i].op === null ? equation : `${stage.names[i]} = ${stage.nodes[i].op.symbol} …`);
}

function onPress(element, action) {
  element.addEventListener("click", (event) => (view.moved && event.detail > 0) || action()); // 0: no pointer clicked
  element.addEventListener("focus", () => element.matches(":focus-visible") && reveal(element));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
}

/** Put text where another stands: what did not change costs nothing. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function set(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Write a number for an edge, where there is little room. */
const brief = (x) => (x === null ? "" : say(Number.isFinite(x) ? Number(x.toPrecision(3)) : x));

/** Put a number after its sign, with the one from before the last change behind it. */
function putNumber(element, sign, x, before) {
  const now = `${sign} ${x}`;
  if (before === null) {
    put(element, now);
    return;
  }
  element.replaceChildren(now, make("svg:tspan", { class: "was", dx: 5 }, before));
}

/** Show numbers, colours and the current step; the boxes stay where they are. */
function paint() {
  const known = seen();
  const now = state.started ? known.now : null;
  const way = wayUp(state.chosen);
  const lit = new Map(state.pointed ?? []);
  for (const item of shown.items) {
    const [i] = item.members;
    const { classList } = item.element;
    if (item.isGroup) {
      put(item.texts.data, `${item.members.length} nodes`);
      put(item.texts.grad, "▸ expand");
      set(item.element, "aria-label", `${item.path.join(", ")}, ${item.members.length} nodes, collapsed`);
    } else {
      const [data, grad] = [known.data(i), known.grad(i)];
      const isLost = stage.lost.has(i);
      const { before } = state;
      const was = (kind, x) => (before && x !== null && !isLost && !Object.is(before[kind][i] ?? 0, x) ? say(before[kind][i] ?? 0) : null);
      if (isLost) put(item.texts.data, stage.failures.has(i) ? "no value" : "= –");
      else putNumber(item.texts.data, "=", say(data), was("data", data));
      const rest = grad !== null && !known.isComplete(i) ? " + …" : "";
      if (stage.lost.size) put(item.texts.grad, "∂ –");
      else putNumber(item.texts.grad, "∂", `${say(grad)}${rest}`, rest ? null : was("grad", grad));
      const depth = grad === null || stage.lost.size ? 0 : Math.sqrt(Math.min(1, Math.abs(grad) / stage.largest));
      set(item.tint, "fill", grad < 0 ? "var(--minus)" : "var(--plus)");
      set(item.tint, "fill-opacity", depth > 0 ? (0.06 + 0.3 * depth).toFixed(3) : 0);
      classList.toggle("unknown", data === null);
      classList.toggle("failed", stage.failures.has(i));
      set(item.element, "aria-label", spoken(item, known));
      set(item.element, "aria-pressed", i === state.chosen);
      classList.toggle("chosen", i === state.chosen);
    }
    const colour = item.members.map((j) => lit.get(`n${j}`)).find(Boolean);
    for (const name of ["blue", "orange", "green"]) classList.toggle(name, colour === name);
    classList.toggle("now", item.members.includes(now));
    classList.toggle("way", item.members.some((j) => way.has(j)));
  }
  const isFew = shown.edges.length <= MOST_LABELS;
  for (const { element, label, text, child, parent, k } of shown.edges) {
    const colour = lit.get(`e${child},${k}`);
    for (const part of [element, label]) {
      part.classList.toggle("now", child === now);
      part.classList.toggle("way", way.has(child) && way.has(parent));
      for (const name of ["blue", "orange", "green"]) part.classList.toggle(name, colour === name);
    }
    const isHidden = shown.ofNode[child].isGroup || shown.ofNode[parent].isGroup || stage.lost.has(child);
    label.classList.toggle("few", isFew && stage.parents[child].length <= MOST_OPERANDS);
    put(text, isHidden ? "" : brief(known.partial(child, k)));
  }
  if (shown.read) readOut(shown.read);
}

/** What a screen reader says of a box: what stands in it, and what that means where it is not plain. */
function spoken({ texts, members: [i] }, known) {
  const notes = [equationOf(i) === texts.name.textContent ? "" : equationOf(i), stage.failures.get(i) ?? ""];
  if (!stage.lost.size) {
    if (known.data(i) === null) notes.push("not computed yet");
    else if (known.grad(i) === null) notes.push("no gradient yet");
    else if (!known.isComplete(i)) notes.push("the gradient is not complete");
  }
  return [Object.values(texts).map((text) => text.textContent).join(" "), ...notes.filter(Boolean)].join(", ");
}

/** Say under the drawing what a box holds, with all digits: at the present step. */
function readOut(item) {
  shown.read = item;
  const [i] = item.members;
  const known = seen();
  const number = (x) => (x === null ? "not yet" : exact(x));
  const grad = () => `${number(known.grad(i))}${known.grad(i) !== null && !known.isComplete(i) ? " so far" : ""}`;
  put(byId("readout"), item.isGroup
    ? `${item.path.join(", ")}: ${item.members.length} nodes`
    : stage.failures.get(i) ?? (stage.lost.has(i) ? `${equationOf(i)} · no value` : `${equationOf(i)} · value ${number(known.data(i))} · ${slopeName(i)} ${stage.lost.size ? "none" : grad()}`));
}
