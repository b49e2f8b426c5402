// The drawing of the explorer: boxes, edges, frames around groups; hover and choice, pan and zoom.

const shown = { items: [], ofNode: [], ofGroup: new Map(), edges: [] };

/** The boxes to draw: a node each, or one for all nodes of a collapsed group; parents before children. */
function visibleItems() {
  const items = new Map();
  shown.ofNode = nodes.map((node, i) => {
    let key = `n${i}`;
    let depth = node.groups.length;
    for (let d = 1; d <= node.groups.length; d++) {
      const path = node.groups.slice(0, d).join("\u0000");
      if (state.collapsed.has(path)) {
        [key, depth] = [`g${path}`, d];
        break;
      }
    }
    const isGroup = key[0] === "g";
    if (!items.has(key)) {
      const groups = node.groups.slice(0, isGroup ? depth - 1 : undefined);
      items.set(key, { key, isGroup, path: node.groups.slice(0, depth), groups, members: [], parents: [] });
    }
    items.get(key).members.push(i);
    return items.get(key);
  });
  nodes.forEach((node, i) => {
    for (const parent of node.parents) {
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

/** Draw everything anew: at the start, and when a group was collapsed or expanded. */
function draw() {
  shown.items = visibleItems();
  layout(shown.items);
  const world = byId("world");
  world.replaceChildren();
  shown.ofGroup.clear();
  drawGroups(world);
  shown.edges = [];
  nodes.forEach((node, i) => node.parents.forEach((parent, k) => drawEdge(world, i, parent, k)));
  for (const item of shown.items) drawItem(world, item);
}

function drawGroups(world) {
  const frames = new Map();
  for (const item of shown.items) {
    for (let d = 1; d <= item.groups.length; d++) {
      const path = item.groups.slice(0, d);
      const key = path.join("\u0000");
      if (!frames.has(key)) frames.set(key, { path, items: [] });
      frames.get(key).items.push(item);
    }
  }
  for (const [key, { path, items }] of frames) {
    const margin = path.length === 1 ? 26 : 8;
    const left = Math.min(...items.map((item) => item.x)) - BOX.width / 2 - margin;
    const right = Math.max(...items.map((item) => item.x)) + BOX.width / 2 + margin;
    const top = Math.min(...items.map((item) => item.y)) - BOX.height / 2 - margin - (path.length === 1 ? 8 : 10);
    const bottom = Math.max(...items.map((item) => item.y)) + BOX.height / 2 + margin;
    const title = make("svg:text", { x: left + 8, y: top + 13, tabindex: 0, role: "button" }, `▾ ${path.at(-1)}`);
    title.setAttribute("aria-label", `Collapse ${path.join(", ")}`);
    onPress(title, () => toggle(key));
    shown.ofGroup.set(key, title);
    const frame = make("svg:rect", { x: left, y: top, width: right - left, height: bottom - top, rx: 10 });
    world.append(make("svg:g", { class: "group" }, frame, title));
  }
}

/** The box of the current step, or of the result. */
function current() {
  return shown.ofNode[phaseOf(state.step).node ?? root].element;
}

/** Collapse a group to a box, or expand it; the focus goes from its box to its title, or back. */
function toggle(key) {
  const held = byId("world").contains(document.activeElement);
  state.collapsed[state.collapsed.has(key) ? "delete" : "add"](key);
  draw();
  update();
  fit(shown.ofGroup.get(key));
  if (held) shown.ofGroup.get(key).focus();
}

function drawEdge(world, child, parent, k) {
  const [from, to] = [shown.ofNode[parent], shown.ofNode[child]];
  if (from === to) return;
  const same = nodes[child].parents.filter((p) => p === parent).length;
  const shift = same > 1 ? (nodes[child].parents.slice(0, k).filter((p) => p === parent).length - (same - 1) / 2) * 18 : 0;
  const [x1, y1] = [from.x + BOX.width / 2, from.y];
  const [x2, y2] = [to.x - BOX.width / 2, to.y];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const curve = `M${x1},${y1} C${x1 + bend},${y1 + 2 * shift} ${x2 - bend},${y2 + 2 * shift} ${x2},${y2}`;
  const label = make("svg:text", { x: (x1 + x2) / 2, y: (y1 + y2) / 2 + 1.5 * shift - 4 });
  const element = make("svg:g", { class: "edge" }, make("svg:path", { d: curve }), label);
  world.append(element);
  shown.edges.push({ element, label, child, parent, k });
}

function drawItem(world, item) {
  const [x, y] = [item.x - BOX.width / 2, item.y - BOX.height / 2];
  const size = { x, y, width: BOX.width, height: BOX.height, rx: 8 };
  const text = (name, line) => make("svg:text", { class: name, x: item.x, y: y + line });
  item.texts = { name: text("name", 17), data: text("number", 34), grad: text("number grad", 50) };
  item.tint = make("svg:rect", { ...size, class: "tint", "fill-opacity": 0 });
  item.element = make(
    "svg:g",
    { class: "node", tabindex: 0, role: "button" },
    make("svg:rect", { ...size, class: "frame" }),
    item.tint,
    ...Object.values(item.texts),
  );
  const [i] = item.members;
  const key = item.path.join("\u0000");
  if (item.isGroup) shown.ofGroup.set(key, item.element);
  else if (nodes[i].value !== undefined) item.element.classList.add("leafnode");
  onPress(item.element, () => (item.isGroup ? toggle(key) : choose(i)));
  item.element.addEventListener("pointermove", (event) => event.pointerType === "mouse" && tip(item, event));
  item.element.addEventListener("pointerleave", () => (byId("tip").hidden = true));
  world.append(item.element);
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

/** Show numbers, colours and the current step; the boxes stay where they are. */
function paint(now, way) {
  const n = nodes.length;
  const grad = gradients(Math.max(0, state.step - n));
  const reached = (i) => state.step > n && (i === root || grad[i] !== null || i >= 2 * n - state.step);
  const largest = Math.max(...grad.map((g) => (Number.isFinite(g) ? Math.abs(g) : 0))) || 1;
  for (const item of shown.items) {
    const [i] = item.members;
    const cut = (name) => (name.length > 17 ? `${name.slice(0, 16)}…` : name);
    if (item.isGroup) {
      item.texts.name.textContent = cut(item.path.at(-1));
      item.texts.data.textContent = `${item.members.length} nodes`;
      item.texts.grad.textContent = "▸ expand";
    } else {
      const known = state.step > i;
      const symbol = nodes[i].symbol ? `${nodes[i].symbol}  ` : "";
      item.texts.name.textContent = cut(symbol + nodes[i].name);
      item.texts.data.textContent = known ? `data ${short(data(i))}` : "data ?";
      item.texts.grad.textContent = reached(i) ? `grad ${short(grad[i])}` : "";
      const depth = reached(i) ? Math.sqrt(Math.min(1, Math.abs(grad[i]) / largest)) : 0;
      item.tint.setAttribute("fill", grad[i] < 0 ? "var(--minus)" : "var(--plus)");
      item.tint.setAttribute("fill-opacity", depth > 0 ? 0.08 + 0.4 * depth : 0);
      item.element.classList.toggle("unknown", !known);
    }
    const words = item.isGroup ? `${item.path.join(", ")}, ${item.members.length} nodes, collapsed` : spoken(i, grad);
    item.element.setAttribute("aria-label", words);
    item.element.classList.toggle("now", item.members.includes(now));
    item.element.classList.toggle("way", item.members.some((j) => way.has(j)));
    item.element.classList.toggle("chosen", !item.isGroup && i === state.chosen);
  }
  for (const { element, label, child, parent, k } of shown.edges) {
    element.classList.toggle("now", child === now);
    element.classList.toggle("way", way.has(child) && way.has(parent));
    label.textContent = shown.ofNode[child].isGroup || shown.ofNode[parent].isGroup ? "" : `∂ ${short(partial(child, k))}`;
  }
}

function spoken(i, grad) {
  const known = state.step > i ? `data ${short(data(i))}` : "not computed yet";
  return `${equation(i)}, ${known}${state.step > nodes.length ? `, gradient ${short(grad[i])}` : ""}`;
}

function tip(item, event) {
  const box = byId("tip");
  const [i] = item.members;
  const lines = [equation(i), `data ${exact(data(i))}`, `grad ${exact(gradients(nodes.length)[i])}`];
  box.textContent = item.isGroup ? `${item.path.join(", ")}\n${item.members.length} nodes; click to expand` : lines.join("\n");
  box.hidden = false;
  const stage = byId("stage").getBoundingClientRect();
  const left = Math.min(event.clientX - stage.left + 14, stage.width - box.offsetWidth - 8);
  const top = Math.min(event.clientY - stage.top + 14, stage.height - box.offsetHeight - 8);
  box.style.left = `${Math.max(0, left)}px`;
  box.style.top = `${Math.max(0, top)}px`;
}

/** Draw the result after each gradient step. */
function drawCurve(course) {
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

// The pointer pans and zooms.

function listenToPointers() {
  const drawing = byId("drawing");
  const at = (event) => {
    const box = drawing.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  drawing.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...at(event));
  }, { passive: false });
  drawing.addEventListener("pointerdown", (event) => {
    view.pointers.set(event.pointerId, at(event));
    if (view.pointers.size === 1) view.moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    const before = view.pointers.get(event.pointerId);
    if (!before) return;
    const [x, y] = at(event);
    if (!view.moved && Math.hypot(x - before[0], y - before[1]) < 4) return;
    view.moved = true;
    drawing.classList.add("dragging");
    if (view.pointers.size === 1) {
      view.x += x - before[0];
      view.y += y - before[1];
      move();
    } else {
      const [other] = [...view.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const distance = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
      zoom(distance([x, y]) / distance(before), (x + other[0]) / 2, (y + other[1]) / 2);
    }
    view.pointers.set(event.pointerId, [x, y]);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, (event) => {
      view.pointers.delete(event.pointerId);
      if (view.pointers.size === 0) setTimeout(() => (view.moved = false)); // after the click that ends a drag
      drawing.classList.remove("dragging");
    });
  }
  const middle = () => {
    const { width, height } = drawing.getBoundingClientRect();
    return [width / 2, height / 2];
  };
  byId("zoom-in").addEventListener("click", () => zoom(1.3, ...middle()));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.3, ...middle()));
  byId("zoom-fit").addEventListener("click", () => fit(current()));
}
