// The samples as a picture: over two of their inputs, with what the net says there; or, if they are pictures, as those.
// And the same plane inside of neurons.

const CELLS = 26; // in each direction of the plane
const MAP_CELLS = 14; // and of that in a neuron

/** Which two inputs are the axes. */
const axesOf = () => [0, 1].map((k) => Math.min(k, state.set.X[0].length - 1));

function planeOf() {
  const axes = axesOf();
  const bounds = axes.map((k) => {
    const values = state.samples.map(({ x }) => x[k]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.12 * (high - low) || 1;
    return [low - margin, high + margin];
  });
  return { bounds, place: (x, side) => axes.map((k, n) => ((x[k] - bounds[n][0]) / (bounds[n][1] - bounds[n][0])) * side) };
}

/** The numbers of an axis in the middle of each cell. */
const middles = ([low, high], cells) => Array.from({ length: cells }, (_, n) => low + ((n + 0.5) / cells) * (high - low));

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A pen for a canvas of so many pixels of the page. */
function penOf(canvas, width, height) {
  const scale = Math.max(1, window.devicePixelRatio || 1);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  return pen;
}

const classColour = (c) => colour(`--class-${c % 4}`);

/** The colour of a sample: of its class or, of a number, of the half in which it lies. */
function colourOf(sample) {
  if (state.kind) return classColour(state.kind.classOf(sample));
  const targets = state.samples.map(({ y }) => y[0]);
  return classColour(Number(sample.y[0] > (Math.min(...targets) + Math.max(...targets)) / 2));
}

function drawData() {
  const side = 208;
  const pen = penOf(byId("plane"), side, side);
  if (state.set.side) drawPictures(pen, side);
  else drawPlane(pen, side);
  byId("which").textContent = state.isMean ? `${learned().length} samples` : `sample ${state.index + 1} of ${state.samples.length}${state.sample.test ? ", for testing" : ""}`;
  byId("left-out").textContent = state.data === "own" && content.left_out ? `${content.left_out} more are left out here` : "";
  byId("truth").textContent = state.isMean ? "" : truthOf(state.sample);
  byId("axes").textContent = state.set.side || state.samples[0].x.length < 2 ? "" : `across ${inputName(axesOf()[0])}, up ${inputName(axesOf()[1])}`;
}

/** What a sample is, and what the net says of it. */
function truthOf(sample) {
  if (!state.kind) return `y = ${sample.y.slice(0, 3).map(say).join(", ")}`;
  const { name } = state.kind;
  const [is, answer] = [state.kind.classOf(sample), state.kind.answer(predict(state.net, sample.x))];
  return is === answer ? `${name(is)}: right` : `${name(is)}, taken for ${name(answer)}`;
}

const isWrong = (sample) => state.kind !== null && state.kind.answer(predict(state.net, sample.x)) !== state.kind.classOf(sample);

function drawPlane(pen, side) {
  const { bounds, place } = planeOf();
  const { net, kind } = state;
  if (sizesOf(net)[0] === 2 && kind) {
    const size = side / CELLS;
    const [across, up] = bounds.map((bound) => middles(bound, CELLS));
    const colours = [0, 1, 2, 3].map(classColour);
    pen.globalAlpha = 0.28;
    across.forEach((x1, i) =>
      up.forEach((x2, j) => {
        pen.fillStyle = colours[kind.answer(predict(net, [x1, x2])) % 4];
        pen.fillRect(i * size, side - (j + 1) * size, size + 0.5, size + 0.5);
      }),
    );
    pen.globalAlpha = 1;
  }
  const ink = colour("--ink");
  for (const sample of state.samples) {
    const [x, y] = place(sample.x, side);
    pen.fillStyle = colourOf(sample);
    pen.beginPath();
    pen.arc(x, side - y, 3, 0, 7);
    pen.fill();
    if (!isWrong(sample)) continue;
    pen.strokeStyle = ink;
    pen.lineWidth = 1.2;
    pen.stroke();
  }
  if (state.isMean) return;
  const [x, y] = place(state.sample.x, side);
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, side - y, 7, 0, 7);
  pen.stroke();
}

/** How many pictures stand in a row. */
const perRow = () => Math.ceil(Math.sqrt(state.samples.length));

function drawPictures(pen, side) {
  const each = side / perRow();
  const n = state.set.side;
  const [ink, wrong] = [colour("--ink"), colour("--minus")];
  state.samples.forEach((sample, k) => {
    const [left, top] = [(k % perRow()) * each, Math.floor(k / perRow()) * each];
    pen.fillStyle = ink;
    sample.x.forEach((x, p) => {
      pen.globalAlpha = Math.max(0, Math.min(1, x));
      pen.fillRect(left + 1 + ((p % n) * (each - 2)) / n, top + 1 + (Math.floor(p / n) * (each - 2)) / n, (each - 2) / n, (each - 2) / n);
    });
    pen.globalAlpha = 1;
    const isShown = k === state.index && !state.isMean;
    if (!isShown && !isWrong(sample)) return;
    pen.strokeStyle = isShown ? ink : wrong;
    pen.lineWidth = isShown ? 2 : 1;
    pen.strokeRect(left + 0.5, top + 0.5, each - 1, each - 1);
  });
}

/** Take the sample on which somebody clicked, or the nearest to that. */
function takeNearest(event) {
  const box = byId("plane").getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  if (state.set.side) {
    const each = box.width / perRow();
    const k = Math.floor(x / each) + perRow() * Math.floor(y / each);
    if (k < state.samples.length) takeSample(k);
    return;
  }
  const { place } = planeOf();
  const far = state.samples.map((sample) => {
    const [px, py] = place(sample.x, box.width);
    return Math.hypot(px - x, box.height - py - y);
  });
  takeSample(far.indexOf(Math.min(...far)));
}

/** Paint into each neuron what it computes over the plane of the two inputs. */
function drawMaps() {
  const canvas = byId("maps");
  const isOn = byId("with-maps").checked && !byId("with-maps").disabled && !state.opened;
  canvas.hidden = !isOn;
  byId("net").classList.toggle("mapped", isOn);
  if (!isOn) return;
  const pen = penOf(canvas, stage.width, stage.height);
  canvas.style.width = `${stage.width}px`;
  canvas.style.height = `${stage.height}px`;
  const { bounds } = planeOf();
  const [across, up] = bounds.map((bound) => middles(bound, MAP_CELLS));
  const fields = across.map((x1) => up.map((x2) => [[x1, x2], ...activationsOf(state.net, [x1, x2])]));
  const [plus, minus] = [colour("--plus"), colour("--minus")];
  stage.places.forEach((places, l) => places?.forEach(({ x, y }, j) => {
    const all = fields.flat().map((layers) => layers[l - 1][j]);
    const largest = Math.max(1e-300, ...all.map(Math.abs).filter(Number.isFinite));
    const size = (2 * stage.radius) / MAP_CELLS;
    pen.save();
    pen.beginPath();
    pen.arc(x, y, stage.radius, 0, 7);
    pen.clip();
    fields.forEach((column, i) => column.forEach((layers, k) => {
      const a = layers[l - 1][j];
      pen.globalAlpha = Number.isFinite(a) ? 0.75 * Math.abs(a / largest) : 0;
      pen.fillStyle = a < 0 ? minus : plus;
      pen.fillRect(x - stage.radius + i * size, y + stage.radius - (k + 1) * size, size + 0.5, size + 0.5);
    }));
    pen.restore();
  }));
}
