// The stage: the net as the article draws it. It is drawn in the pixels of the screen, so that no text shrinks.

const MOST_ROWS = 8; // neurons of a layer on the stage; of a larger one a part, and a strip of all to choose it
const MOST_LABELS = 40; // weights; with more of them an edge has no arrowhead

const stage = { from: [], places: [], width: 0 };

/** Which neurons of a layer are on the stage, from 0. */
function rowsOf(l) {
  const size = sizesOf(state.net)[l - 1];
  if (size <= MOST_ROWS) return Array.from({ length: size }, (_, j) => j);
  const count = MOST_ROWS - 1;
  stage.from[l] = Math.max(0, Math.min(size - count, stage.from[l] ?? 0));
  return Array.from({ length: count }, (_, j) => stage.from[l] + j);
}

function placeAll() {
  const sizes = sizesOf(state.net);
  const width = Math.max(320, byId("stage").clientWidth);
  const narrow = width < 560;
  const [left, right] = [narrow ? 34 : 52, narrow ? 104 : 168];
  const gap = Math.max(narrow ? 76 : 84, (width - left - right - 8) / (sizes.length - 1));
  const radius = Math.max(27, Math.min(41, gap * 0.27));
  const most = Math.max(...sizes.map((_, k) => rowsOf(k + 1).length));
  const row = 2 * radius + 30;
  const height = Math.max(most * row + 44, 240);
  stage.places = [null];
  sizes.forEach((_, k) => {
    const rows = rowsOf(k + 1);
    const top = 34 + (height - 34) / 2 - (rows.length * row) / 2 + row / 2 - 6;
    stage.places.push(new Map(rows.map((j, n) => [j, { x: left + k * gap, y: top + n * row }])));
  });
  const total = left + right + (sizes.length - 1) * gap;
  Object.assign(stage, { width: Math.max(width, total), height, radius, narrow, gap });
}

function drawStage() {
  const svg = byId("net");
  const focused = document.activeElement?.dataset?.key;
  placeAll();
  svg.setAttribute("width", stage.width);
  svg.setAttribute("height", stage.height);
  svg.setAttribute("viewBox", `0 0 ${stage.width} ${stage.height}`);
  const parts = [arrowhead()];
  const sizes = sizesOf(state.net);
  for (let l = 1; l < sizes.length; l++) parts.push(...edgesFrom(l));
  sizes.forEach((size, k) => {
    parts.push(headOf(k + 1));
    for (const j of stage.places[k + 1].keys()) parts.push(neuron(k + 1, j));
    if (size > MOST_ROWS) parts.push(strip(k + 1, size));
  });
  parts.push(costBox(), ...weightLabel());
  svg.replaceChildren(...parts);
  if (focused) svg.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function arrowhead() {
  const shape = make("svg:path", { d: "M0,0.5L7,3.5L0,6.5z", fill: "context-stroke" });
  const marker = { id: "arrow", viewBox: "0 0 7 7", refX: 7, refY: 3.5, markerWidth: 7, markerHeight: 7 };
  return make("svg:defs", {}, make("svg:marker", { ...marker, markerUnits: "userSpaceOnUse", orient: "auto" }, shape));
}

/** Make something on the stage that can be chosen: by a click, or with the keyboard. */
function choosable(key, label, attributes, ...inside) {
  const chosen = state.chosen === key;
  const element = make(
    "svg:g",
    { ...attributes, "data-key": key, role: "button", tabindex: 0, "aria-label": label, "aria-pressed": chosen },
    ...inside,
  );
  element.addEventListener("click", () => choose(key));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    choose(key);
  });
  return element;
}

const label = (text, x, y, attributes = {}) => make("svg:text", { x, y, ...attributes }, text);

function headOf(l) {
  const [{ x }] = stage.places[l].values();
  const size = sizesOf(state.net).length;
  const kind = l === 1 ? "input" : layerName(state.net.layers[l - 2].activation);
  return label(stage.narrow ? kind : `layer ${l} · ${kind}`, x, 16, { class: l === size ? "head last" : "head" });
}

function neuron(l, j) {
  const { x, y } = stage.places[l].get(j);
  const { radius: r } = stage;
  const last = sizesOf(state.net).length;
  const key = l === 1 ? `x,${j + 1}` : `n,${l},${j + 1}`;
  const now = seen();
  const kind = l === 1 ? "input" : l === last ? "output" : "hidden";
  const numbers = now.neuron(l, j);
  const lines = l === 1 ? [[inputName(j), "name"], [brief(numbers.a), "a"]] : linesOf(l, j, numbers);
  const classes = ["neuron", kind, marks(key), numbers.fresh ? "now" : "", numbers.dead ? "dead" : ""].filter(Boolean).join(" ");
  const spoken = l === 1 ? `${inputName(j)} = ${say(numbers.a)}` : lines.map(([text]) => text).join(", ");
  const bias = l > 1 && state.net.layers[l - 2].b !== null ? [biasTag(l - 1, j, x, y + r + 13)] : [];
  const circle = make("svg:circle", { cx: x, cy: y, r });
  const texts = lines.map(([text, role], k) => label(text, x, y + 4 + (k - (lines.length - 1) / 2) * 14, { class: role }));
  const body = choosable(key, l === 1 ? spoken : `neuron ${j + 1} of layer ${l}: ${spoken}`, { class: classes }, circle, ...texts);
  return make("svg:g", {}, body, ...bias);
}

/** A number for a circle: with two digits where that is small. */
function brief(x) {
  return stage.radius < 33 && Number.isFinite(x) ? say(Number(x.toPrecision(2))) : say(x);
}

function linesOf(l, j, { z, a, delta }) {
  const linear = state.net.layers[l - 2].activation === "identity";
  const output = l === sizesOf(state.net).length;
  const first = linear ? [[output ? "s" : "z = a", "name"]] : [[`z ${brief(z)}`, "z"]];
  const second = linear ? [[brief(a), "a"]] : [[`a ${brief(a)}`, "a"]];
  return [...first, ...second, [`δ ${brief(delta)}`, "delta"]];
}

function biasTag(l, j, x, y) {
  const key = `b,${l},${j + 1}`;
  const text = `b ${say(state.net.layers[l - 1].b[j])}`;
  return choosable(key, `bias ${textOf(quantity("b", l, j + 1))} = ${text.slice(2)}`, { class: `bias ${marks(key)}` }, label(text, x, y));
}

function edgesFrom(l) {
  const { W } = state.net.layers[l - 1];
  const many = W.length * W[0].length > MOST_LABELS;
  const largest = Math.max(1e-300, ...W.flat().map(Math.abs).filter(Number.isFinite));
  const edges = [];
  for (const [i, to] of stage.places[l + 1]) {
    for (const [j, from] of stage.places[l]) edges.push(edge(l, i, j, from, to, W[i][j], Math.abs(W[i][j]) / largest, many));
  }
  return edges;
}

function edge(l, i, j, from, to, w, share, many) {
  const key = `w,${l},${i + 1},${j + 1}`;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const { radius: r } = stage;
  const d = `M${from.x + r * ux},${from.y + r * uy}L${to.x - (r + 1) * ux},${to.y - (r + 1) * uy}`;
  const now = seen();
  const classes = ["edge", w < 0 ? "minus" : "plus", marks(key), now.edge(l, i, j) ? "now" : ""].filter(Boolean).join(" ");
  const gradient = now.slope(l, i, j);
  const spoken = `${textOf(quantity("w", l, i + 1, j + 1))} = ${say(w)}, ∂C/∂w ${gradient === null ? "not yet" : say(gradient)}`;
  const width = Number.isFinite(share) ? 0.8 + 3.6 * share : 0.8;
  const line = make("svg:path", { d, "stroke-width": width, ...(many ? {} : { "marker-end": "url(#arrow)" }) });
  const title = make("svg:title", {}, spoken);
  return choosable(key, spoken, { class: classes }, make("svg:path", { d, class: "reach" }), line, title);
}

/** The box on the chosen weight: its number, and its gradient once that is there. */
function weightLabel() {
  const [kind, l, i, j] = (state.chosen ?? "").split(",");
  if (kind !== "w") return [];
  const from = stage.places[l].get(j - 1);
  const to = stage.places[Number(l) + 1].get(i - 1);
  if (!from || !to) return [];
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2 + stage.radius]; // between the rows of circles
  const w = state.net.layers[l - 1].W[i - 1][j - 1];
  const lines = [`${textOf(quantity("w", Number(l), Number(i), Number(j)))} = ${say(w)}`, `∂C/∂w = ${say(seen().slope(Number(l), i - 1, j - 1))}`];
  const box = make("svg:rect", { x: x - 47, y, width: 94, height: 34, rx: 4 });
  return [make("svg:g", { class: "tag" }, box, label(lines[0], x, y + 14, { class: "a" }), label(lines[1], x, y + 28, { class: "delta" }))];
}

function costBox() {
  const outputs = [...stage.places[stage.places.length - 1].values()];
  const y = (outputs[0].y + outputs[outputs.length - 1].y) / 2;
  const x = outputs[0].x + stage.radius + (stage.narrow ? 6 : 24);
  const width = stage.narrow ? 64 : 96;
  const lines = outputs.map((place) => make("svg:path", { d: `M${place.x + stage.radius},${place.y}L${x},${y}`, class: "wire" }));
  const now = seen();
  const target = state.net.cost === "cross_entropy" ? `class ${state.sample.y[0] + 1}` : `y = ${state.sample.y.slice(0, 3).map(say).join(", ")}`;
  const parts = [
    make("svg:rect", { x, y: y - 22, width, height: 44, rx: 5 }),
    label(stage.narrow ? "C" : `C = ${COSTS[state.net.cost].text}`, x + width / 2, y - 4, { class: "name" }),
    label(say(now.cost()), x + width / 2, y + 13, { class: "a" }),
    label(target, x + width / 2, y - 32, { class: "head" }),
  ];
  const classes = ["cost", marks("C"), now.isCost ? "now" : ""].filter(Boolean).join(" ");
  return make("svg:g", {}, ...lines, choosable("C", `cost C = ${say(now.cost())}`, { class: classes }, ...parts));
}

/** All neurons of a large layer in a strip, coloured by a; a click brings those around one onto the stage. */
function strip(l, size) {
  const [first] = stage.places[l].values();
  const x = first.x - stage.radius - 14;
  const height = stage.height - 60;
  const cells = Array.from({ length: size }, (_, j) => {
    const { a } = seen().neuron(l, j);
    const strength = a === null ? 0 : Math.min(1, Math.abs(a));
    const isShown = stage.places[l].has(j);
    const cell = { x, y: 40 + (j * height) / size, width: 7, height: Math.max(1, height / size - 0.5) };
    return make("svg:rect", { ...cell, class: `cell ${a < 0 ? "minus" : "plus"} ${isShown ? "shown" : ""}`, "fill-opacity": 0.15 + 0.85 * strength });
  });
  const target = make("svg:rect", { x: x - 4, y: 40, width: 15, height, class: "reach" });
  const bar = make("svg:g", { class: "strip", role: "slider", tabindex: 0, "data-key": `strip,${l}`, "aria-label": `neurons of layer ${l} on the stage`, "aria-valuemin": 1, "aria-valuemax": size, "aria-valuenow": (stage.from[l] ?? 0) + 1 }, ...cells, target);
  const moveTo = (j) => {
    stage.from[l] = j;
    drawStage();
  };
  bar.addEventListener("click", (event) => {
    const box = target.getBoundingClientRect();
    moveTo(Math.round(((event.clientY - box.top) / box.height) * size) - (MOST_ROWS >> 1));
  });
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: MOST_ROWS, PageUp: -MOST_ROWS }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo((stage.from[l] ?? 0) + by);
  });
  return bar;
}

/** The classes of something that is chosen, or that a factor of the derivation speaks of. */
function marks(key) {
  return [state.chosen === key ? "chosen" : "", state.lit.get(key) ?? ""].filter(Boolean).join(" ");
}
