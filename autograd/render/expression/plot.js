// The plot: the result and its derivative over one name as curves, or the result over two as a map of colours. Where
// there is no value there are gaps. The point is where the sliders are, and can be dragged.

const PLOT = { width: 0, height: 0, left: 46, right: 10, top: 10, bottom: 22 };
const CURVE_POINTS = 161;
const LARGE = 200; // nodes; a plot of more is coarser, so that it follows the slider
const plotted = { over: "", and: "", ranges: new Map() };

/** The range of a name: around 0, as wide as its number needs; it does not move while a point is dragged. */
function rangeOf(name) {
  const x = leaves.get(name).data;
  const known = plotted.ranges.get(name);
  if (known && x >= known[0] && x <= known[1]) return known;
  const span = Number.isFinite(x) ? Math.max(4, 2 * Math.abs(x)) : 4;
  plotted.ranges.set(name, [-span, span]);
  return [-span, span];
}

/** Numbers at places of some leaves: the result, and its derivative towards the first; then all is as before. */
function sample(names, places, wantsSlope) {
  const held = names.map((name) => leaves.get(name).data);
  const results = places.map((place) => {
    names.forEach((name, k) => (leaves.get(name).data = place[k]));
    let isLost = false;
    for (const node of stage.nodes) {
      if (node.op === null) continue;
      recompute(node);
      if (stage.checked.has(node) && !Number.isFinite(node.data) && failure(node) !== null) isLost = true;
    }
    if (isLost) return [NaN, NaN];
    const slope = wantsSlope ? (cotangents(stage.nodes).get(leaves.get(names[0])) ?? 0) : NaN;
    return [dataOf(rootOf()), slope];
  });
  names.forEach((name, k) => (leaves.get(name).data = held[k]));
  for (const node of stage.nodes) if (node.op !== null) recompute(node);
  return results;
}

/** Round numbers for an axis. */
function ticks(low, high, most) {
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
}

/** The range of what is to be seen: a pole may not flatten the rest. */
function rangeOfValues(values) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (finite.length === 0) return [-1, 1];
  const at = (share) => finite[Math.round(share * (finite.length - 1))];
  const [low, high] = [at(0.03), at(0.97)];
  const width = high - low || Math.abs(high) || 1;
  const [least, most] = [finite[0], finite[finite.length - 1]];
  const [from, to] = [Math.max(least, low - width), Math.min(most, high + width)];
  const margin = 0.06 * (to - from) || 0.5;
  return [Math.min(from - margin, 0), Math.max(to + margin, 0)];
}

function offerNames() {
  const names = [...leaves.keys()];
  if (!leaves.has(plotted.over)) plotted.over = names[0] ?? "";
  if (!leaves.has(plotted.and) || plotted.and === plotted.over) plotted.and = "";
  byId("over").replaceChildren(...names.map((name) => make("option", {}, name)));
  byId("over").value = plotted.over;
  const others = names.filter((name) => name !== plotted.over);
  byId("and").replaceChildren(make("option", { value: "" }, "nothing else"), ...others.map((name) => make("option", { value: name }, name)));
  byId("and").value = plotted.and;
  for (const id of ["over", "and"]) byId(id).disabled = names.length === 0;
}

function drawPlot() {
  const panel = byId("plot");
  PLOT.width = Math.max(240, Math.min(620, panel.clientWidth));
  PLOT.height = Math.round(0.56 * PLOT.width);
  if (leaves.size === 0) panel.replaceChildren(make("p", {}, "There is no name to plot over."));
  else if (plotted.and) drawMap(panel);
  else drawCurves(panel);
}

function axes(xRange, yRange) {
  const { width, height, left, right, top, bottom } = PLOT;
  const X = (x) => left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * (width - left - right);
  const Y = (y) => height - bottom - ((y - yRange[0]) / (yRange[1] - yRange[0])) * (height - top - bottom);
  const unX = (px) => xRange[0] + ((px - left) / (width - left - right)) * (xRange[1] - xRange[0]);
  const unY = (py) => yRange[0] + ((height - bottom - py) / (height - top - bottom)) * (yRange[1] - yRange[0]);
  const lines = [
    ...ticks(...xRange, 6).flatMap((x) => [
      make("svg:path", { class: x === 0 ? "zero" : "grid", d: `M${X(x)},${top}V${height - bottom}` }),
      make("svg:text", { x: X(x), y: height - 6, "text-anchor": "middle" }, say(x)),
    ]),
    ...ticks(...yRange, 5).flatMap((y) => [
      make("svg:path", { class: y === 0 ? "zero" : "grid", d: `M${left},${Y(y)}H${width - right}` }),
      make("svg:text", { x: left - 5, y: Y(y) + 4, "text-anchor": "end" }, say(y)),
    ]),
  ];
  return { X, Y, unX, unY, lines };
}

function drawCurves(panel) {
  const name = plotted.over;
  const range = rangeOf(name);
  const count = stage.nodes.length > LARGE ? 41 : CURVE_POINTS;
  const xs = Array.from({ length: count }, (_, k) => range[0] + ((range[1] - range[0]) * k) / (count - 1));
  const found = sample([name], xs.map((x) => [x]), true);
  const [ys, slopes] = [0, 1].map((k) => found.map((pair) => pair[k]));
  const vertical = rangeOfValues([...ys, ...slopes]);
  const { X, Y, unX, lines } = axes(range, vertical);
  const height = vertical[1] - vertical[0];
  const isNear = (y) => y > vertical[0] - 3 * height && y < vertical[1] + 3 * height;
  const x = leaves.get(name).data;
  const [[y, slope]] = [stage.lost.size ? [NaN, NaN] : [dataOf(rootOf()), stage.final[stage.number.get(leaves.get(name))] ?? 0]];
  const here = [["at-y", y], ["at-slope", slope]].filter(([, v]) => Number.isFinite(x) && Number.isFinite(v) && isNear(v));
  const dots = here.map(([kind, v]) => make("svg:circle", { class: kind, cx: X(x), cy: Y(v), r: 5 }));
  const clip = make("svg:clipPath", { id: "inside" }, make("svg:rect", { x: PLOT.left, y: PLOT.top, width: PLOT.width - PLOT.left - PLOT.right, height: PLOT.height - PLOT.top - PLOT.bottom }));
  const inside = make(
    "svg:g",
    { "clip-path": "url(#inside)" },
    make("svg:path", { class: "slope-curve", d: pathOf(xs, slopes, X, Y, isNear, height / 4) }),
    make("svg:path", { class: "y", d: pathOf(xs, ys, X, Y, isNear, height / 4) }),
    ...(Number.isFinite(x) ? [make("svg:path", { class: "mark", d: `M${X(x)},${PLOT.top}V${PLOT.height - PLOT.bottom}` }), ...dots] : []),
  );
  const focused = panel.contains(document.activeElement);
  const svg = draggable(make("svg:svg", { viewBox: `0 0 ${PLOT.width} ${PLOT.height}` }, make("svg:defs", {}, clip), ...lines, inside), name, range, ([px]) => setFromPlot([name], [unX(px)]));
  const title = derivativeName(resultName(), name);
  const key = make("div", { class: "key" }, make("span", {}, make("b", { class: "y-name" }, `— ${resultName()}`), ` ${Number.isNaN(y) ? "no value" : say(y)}`), make("span", {}, make("b", { class: "slope-name" }, `- - ${title}`), ` ${Number.isNaN(slope) ? "none" : say(slope)}`), make("span", {}, `at ${name} = ${say(x)}`));
  panel.replaceChildren(svg, key);
  if (focused) svg.focus();
}

/** Let a picture be dragged over, and moved over with the arrow keys: it is a slider for a name. */
function draggable(picture, name, [low, high], move) {
  const x = leaves.get(name).data;
  const attributes = { role: "slider", tabindex: 0, "aria-label": `Point of the plot, ${name}`, "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": Number.isFinite(x) ? x : 0, "aria-valuetext": `${name} = ${say(x)}` };
  for (const [key, value] of Object.entries(attributes)) picture.setAttribute(key, value);
  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const at = ({ clientX, clientY }) => {
      const box = byId("plot").firstChild.getBoundingClientRect(); // which is drawn anew at each move
      const clamp = (v, least, most) => Math.max(least, Math.min(most, v));
      move([
        clamp(((clientX - box.left) / box.width) * PLOT.width, PLOT.left, PLOT.width - PLOT.right),
        clamp(((clientY - box.top) / box.height) * PLOT.height, PLOT.top, PLOT.height - PLOT.bottom),
      ]);
    };
    const stop = () => {
      window.removeEventListener("pointermove", at);
      for (const kind of ["pointerup", "pointercancel"]) window.removeEventListener(kind, stop);
    };
    window.addEventListener("pointermove", at);
    for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, stop);
    at(event);
  });
  picture.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setFromPlot([name], [Math.max(low, Math.min(high, leaves.get(name).data + (by * (high - low)) / 100))]);
  });
  return picture;
}

function setFromPlot(names, numbers) {
  const rounded = numbers.map((x) => Number(x.toPrecision(4)));
  const what = names.map((name, k) => `${name} = ${say(rounded[k])}`).join(", ");
  change(what, () => names.forEach((name, k) => (leaves.get(name).data = rounded[k])), `plot ${names}`);
  refreshed();
}

function drawMap(panel) {
  const [a, b] = [plotted.over, plotted.and];
  const [xRange, yRange] = [rangeOf(a), rangeOf(b)];
  const { X, Y, unX, unY, lines } = axes(xRange, yRange);
  const across = stage.nodes.length > LARGE ? 24 : 56;
  const down = Math.round(across * 0.55);
  const place = (k, count, [low, high]) => low + ((high - low) * (k + 0.5)) / count;
  const cells = Array.from({ length: across * down }, (_, k) => [place(k % across, across, xRange), place(Math.floor(k / across), down, yRange)]);
  const values = sample([a, b], cells, false).map(([y]) => y);
  const finite = values.filter(Number.isFinite).sort((p, q) => p - q);
  const [low, high] = [finite[Math.round(0.02 * (finite.length - 1))] ?? 0, finite[Math.round(0.98 * (finite.length - 1))] ?? 1];
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const scale = Math.max(1, window.devicePixelRatio || 1) * 1.5;
  const canvas = make("canvas", { width: PLOT.width * scale, height: PLOT.height * scale });
  canvas.style.maxWidth = `${PLOT.width}px`;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const pixels = make("canvas", { width: across, height: down });
  const ink = pixels.getContext("2d");
  const image = ink.createImageData(across, down);
  values.forEach((y, k) => {
    if (!Number.isFinite(y)) return;
    const hex = colour(y < 0 ? "--minus" : "--plus");
    const rgb = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const alpha = 255 * (Math.min(1, Math.abs(y) / largest) * 0.9 + 0.03);
    image.data.set([...rgb, alpha], 4 * ((down - 1 - Math.floor(k / across)) * across + (k % across)));
  });
  ink.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false; // where there is no value there is no colour either
  pen.drawImage(pixels, PLOT.left, PLOT.top, PLOT.width - PLOT.left - PLOT.right, PLOT.height - PLOT.top - PLOT.bottom);
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = colour("--faint");
  for (const line of lines) {
    if (line.tagName !== "text") continue;
    pen.textAlign = line.getAttribute("text-anchor") === "end" ? "right" : "center";
    pen.fillText(line.textContent, Number(line.getAttribute("x")), Number(line.getAttribute("y")));
  }
  const [x, y] = [a, b].map((name) => leaves.get(name).data);
  for (const [ring, name] of [[4, "--card"], [2, "--ink"]]) {
    pen.strokeStyle = colour(name);
    pen.lineWidth = ring;
    pen.beginPath();
    pen.arc(X(x), Y(y), 7, 0, 7);
    pen.stroke();
  }
  const focused = panel.contains(document.activeElement);
  draggable(canvas, a, xRange, ([px, py]) => setFromPlot([a, b], [unX(px), unY(py)]));
  const key = make("div", { class: "key" }, make("span", {}, `${a} to the right, ${b} upwards;`), make("span", {}, `${resultName()} from ${say(low)} to ${say(high)}, blue > 0, orange < 0;`), make("span", {}, `${stage.lost.size ? "no value" : say(dataOf(rootOf()))} at the ring`));
  panel.replaceChildren(canvas, key);
  if (focused) canvas.focus();
}

function listenToPlot() {
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width || leaves.size === 0) return;
    ({ width } = contentRect);
    drawPlot();
  }).observe(byId("plot"));
  for (const id of ["over", "and"]) {
    byId(id).addEventListener("change", () => {
      plotted[id] = byId(id).value;
      offerNames();
      drawPlot();
    });
  }
}
