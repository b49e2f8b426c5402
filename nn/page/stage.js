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
  const narrow = width < 560 || sizes.length > 6;
  const [left, right] = [narrow ? 30 : 52, narrow ? 94 : 168];
  const gap = Math.max(narrow ? 68 : 84, (width - left - right) / (sizes.length - 1));
  const most = Math.max(...sizes.map((_, k) => rowsOf(k + 1).length));
  const radius = Math.max(27, Math.min(narrow ? 30 : most > 5 ? 34 : 41, gap * 0.27));
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
  if (state.opened) drawNeuron();
  else drawNet(svg);
  drawMaps();
  if (focused) svg.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function drawNet(svg) {
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
  parts.push(costBox(), make("svg:g", { id: "tag" }));
  svg.replaceChildren(...parts);
  showTag();
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
    ...inside.flatMap((part) => [part, " "]), // words apart, for those who hear them
  );
  onPress(element, () => choose(key));
  return element;
}

function onPress(element, action) {
  element.addEventListener("click", action);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
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
  const spoken = l === 1 ? `${inputName(j)} = ${brief(numbers.a)}` : lines.map(([text]) => text).join(", ");
  const bias = l > 1 && state.net.layers[l - 2].b !== null ? [biasTag(l - 1, j, x, y + r + 13)] : [];
  const ghost = l > 1 ? ghostOf(l, j, x, y - r - 5) : [];
  const circle = make("svg:circle", { cx: x, cy: y, r });
  const texts = lines.map(([text, role], k) => label(text, x, y + 4 + (k - (lines.length - 1) / 2) * 14, { class: role }));
  const body = choosable(key, l === 1 ? spoken : `neuron ${j + 1} of layer ${l}: ${spoken}`, { class: classes }, circle, ...texts);
  return make("svg:g", {}, body, ...bias, ...ghost);
}

/** Above a neuron, what its δ was before the last change. */
function ghostOf(l, j, x, y) {
  const before = state.before?.numbers;
  const was = before?.sizes === String(sizesOf(state.net)) ? before.get(named("δ", l, j + 1)) : undefined;
  const { delta } = seen().neuron(l, j);
  if (was === undefined || delta === null || Object.is(was, delta) || stage.narrow) return [];
  return [label(`δ was ${brief(was)}`, x, y, { class: "ghost" })];
}

/** A number for a circle: with as many digits, four at most, as there is room for. */
function brief(x) {
  if (x === null || !Number.isFinite(x)) return say(x);
  const room = Math.floor(stage.radius / 3.4 - 2.9); // characters, beside a letter
  const texts = [4, 3, 2, 1].map((digits) => say(Number(x.toPrecision(digits))));
  const powers = [1, 0].map((digits) => x.toExponential(digits).replaceAll("-", "−").replace("e+", "e"));
  return [...texts.slice(0, 2), ...(Math.abs(x) >= 0.01 ? texts : []), ...powers].find((text) => text.length <= room) ?? powers[1];
}

function linesOf(l, j, { z, a, delta, sum }) {
  const linear = state.net.layers[l - 2].activation === "identity";
  const output = l === sizesOf(state.net).length;
  const first = linear ? [[output ? outputName(j) : "z = a", "name"]] : [[`z ${brief(z)}`, "z"]];
  const second = linear ? [[brief(a), "a"]] : [[`a ${brief(a)}`, "a"]];
  return [...first, ...second, [delta === null && sum !== null ? `Σ ${brief(sum)}` : `δ ${brief(delta)}`, "delta"]];
}

/** What the article calls a linear output: s, and of several s₁, s₂, … */
const outputName = (j) => (sizesOf(state.net)[state.net.layers.length] === 1 ? "s" : named("s", 0, j + 1));

function biasTag(l, j, x, y) {
  const key = `b,${l},${j + 1}`;
  const text = `b ${say(state.net.layers[l - 1].b[j])}`;
  return choosable(key, `bias ${named("b", l, j + 1)}: ${text}`, { class: `bias ${marks(key)}` }, label(text, x, y));
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
  const spoken = tagLines(l, i, j).join(", ");
  const width = Number.isFinite(share) ? 0.8 + 3.6 * share : 0.8;
  const line = make("svg:path", { d, "stroke-width": width, ...(many ? {} : { "marker-end": "url(#arrow)" }) });
  const element = choosable(key, spoken, { class: classes }, make("svg:path", { d, class: "reach" }), line);
  for (const name of ["pointerenter", "focus"]) element.addEventListener(name, () => showTag(key));
  for (const name of ["pointerleave", "blur"]) element.addEventListener(name, () => showTag());
  return element;
}

/** What a tag says of a weight: its number and, once it is there, its gradient with the two factors. */
function tagLines(l, i, j) {
  const { trace, net, isMean } = state;
  const slope = seen().slope(l, i, j);
  const head = `${named("w", l, i + 1, j + 1)} = ${say(net.layers[l - 1].W[i][j])}`;
  if (slope === null) return [head, "∂C/∂w = ·"];
  const [delta, a] = [trace.z[l + 1][i].grad, trace.a[l][j].data].map((x) => factorText(Number(x.toPrecision(3))));
  return [head, `∂C/∂w = ${say(slope)}`, ...(isMean ? [] : [`= ${delta} · ${a}`])];
}

/** Put a tag on a weight: on that which is pointed at or has the focus or, if there is room, on the chosen one. */
function showTag(key = stage.gap - 2 * stage.radius < 60 ? null : state.chosen) {
  const tag = byId("tag");
  const [kind, l, i, j] = (key ?? "").split(",").map((part, k) => (k ? Number(part) : part));
  const from = kind === "w" ? stage.places[l].get(j - 1) : null;
  const to = kind === "w" ? stage.places[l + 1].get(i - 1) : null;
  if (!from || !to) {
    tag?.replaceChildren();
    return;
  }
  const lines = tagLines(l, i - 1, j - 1);
  const width = 12 + 6.1 * Math.max(...lines.map((line) => line.length));
  const height = 8 + 14 * lines.length;
  const free = stage.gap - 2 * stage.radius; // between two columns of circles; where that is too small, below the row
  const x = Math.max(width / 2 + 1, Math.min(stage.width - width / 2 - 1, (from.x + to.x) / 2));
  const y = free + 14 >= width ? (from.y + to.y) / 2 - height / 2 : (from.y + to.y) / 2 + stage.radius + 16;
  const box = make("svg:rect", { x: x - width / 2, y, width, height, rx: 4 });
  const texts = lines.map((line, k) => label(line, x, y + 15 + 14 * k, { class: ["a", "delta", "delta"][k] }));
  tag.replaceChildren(make("svg:g", { class: "tag" }, box, ...texts));
}

function costBox() {
  const outputs = [...stage.places[stage.places.length - 1].values()];
  const y = (outputs[0].y + outputs[outputs.length - 1].y) / 2;
  const x = outputs[0].x + stage.radius + (stage.narrow ? 6 : 24);
  const width = stage.narrow ? 58 : 96;
  const lines = outputs.map((place) => make("svg:path", { d: `M${place.x + stage.radius},${place.y}L${x},${y}`, class: "wire" }));
  const now = seen();
  const target = targetText();
  const { text, brief: inBox = text } = COSTS[state.net.cost];
  const parts = [
    make("svg:rect", { x, y: y - 22, width, height: 44, rx: 5 }),
    label(stage.narrow ? "C" : `C = ${inBox}`, x + width / 2, y - 4, { class: "name" }),
    label(stage.narrow ? brief(now.cost()) : say(now.cost()), x + width / 2, y + 13, { class: "a" }),
    label(target, x + width / 2, y - 32, { class: "head" }),
  ];
  const classes = ["cost", marks("C"), now.isCost ? "now" : ""].filter(Boolean).join(" ");
  return make("svg:g", {}, ...lines, choosable("C", `cost: ${parts.slice(1).map((part) => part.textContent).join(" ")}`, { class: classes }, ...parts));
}

function targetText() {
  const { net, sample, isMean } = state;
  if (isMean) return `mean of ${learned().length}`;
  return net.cost === "cross_entropy" ? `class ${sample.y[0] + 1}` : `y = ${sample.y.slice(0, 3).map(say).join(", ")}`;
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
