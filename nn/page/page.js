// The page: what it holds, its steps, what is seen at each, what can be changed, and training.

const byId = (id) => document.getElementById(id);

const state = {
  net: null, // plain numbers
  samples: [],
  index: 0,
  sample: null, // { x, y }, a copy that can be edited
  trace: null,
  steps: [],
  step: 0,
  chosen: null,
  lit: new Map(), // classes of what the derivation speaks of
  pointed: null, // the same while a factor is pointed at
  before: null, // { what, numbers }, from before the last change
  scene: "own",
  course: { t: 0, memory: [] },
  costs: [],
  epoch: 0,
  playing: 0,
  running: 0,
};

// Steps

function stepsOf(net) {
  const last = sizesOf(net).length;
  const steps = [{ kind: "start", short: "x" }];
  for (let l = 2; l <= last; l++) steps.push({ kind: "forward", l, short: l === last ? "s" : `z⁽${raised(l)}⁾ a⁽${raised(l)}⁾` });
  steps.push({ kind: "cost", short: "C" });
  for (let l = last; l >= 2; l--) {
    steps.push({ kind: "delta", l, short: `δ⁽${raised(l)}⁾` }, { kind: "weights", l: l - 1, short: `∂W⁽${raised(l - 1)}⁾` });
  }
  steps.push({ kind: "update", short: "w − ε∂w" });
  return steps;
}

/** What is known at the present step: null stands for "not yet", which is not 0. */
function seen() {
  const { steps, step, trace, net } = state;
  const now = steps[step];
  const reached = (kind, l) => steps.findIndex((s) => s.kind === kind && (l === undefined || s.l === l)) <= step;
  const is = (kind, l) => now.kind === kind && now.l === l;
  return {
    isCost: now.kind === "cost",
    cost: () => (reached("cost") ? trace.C.data : null),
    neuron(l, j) {
      if (l === 1) return { a: trace.a[1][j].data, fresh: now.kind === "start" };
      const z = trace.z[l][j];
      const isComputed = reached("forward", l);
      const dead = isComputed && net.layers[l - 2].activation === "relu" && z.data < 0;
      return {
        z: isComputed ? z.data : null,
        a: isComputed ? trace.a[l][j].data : null,
        delta: reached("delta", l) ? z.grad : null,
        fresh: is("forward", l) || is("delta", l),
        dead,
      };
    },
    slope: (l, i, j) => (reached("weights", l) ? trace.W[l][i][j].grad : null),
    edge: (l) => is("forward", l + 1) || is("weights", l) || is("delta", l),
  };
}

const listed = (items, most = 3) => [...items.slice(0, most), ...(items.length > most ? [`and ${items.length - most} more`] : [])];

/** What a step does, in words and numbers. */
function wordsOf({ kind, l }) {
  const { trace, net, sample } = state;
  const last = sizesOf(net).length;
  const name = (letter, layer, ...places) => textOf(quantity(letter, layer, ...places));
  if (kind === "start") return ["The inputs hold their numbers.", listed(trace.a[1].map((x, j) => `${inputName(j)} = ${say(x.data)}`), 8)];
  if (kind === "forward") {
    const { activation } = net.layers[l - 2];
    const lines = trace.z[l].map((z, j) => {
      const a = trace.a[l][j].data;
      const weighted = `${name("z", l, j + 1)} = ${productsInto(l, j)} = ${say(z.data)}`;
      return activation === "identity" ? weighted : `${weighted},  ${name("a", l, j + 1)} = ${functionName(activation)}(${say(z.data)}) = ${say(a)}`;
    });
    return [`Layer ${l}: each neuron adds up what comes in, weighted${activation === "identity" ? "." : `, and applies ${functionName(activation)}.`}`, listed(lines)];
  }
  if (kind === "cost") return ["The cost says how far the output is from its target.", [`C = ${COSTS[net.cost].text} = ${say(trace.C.data)}`]];
  if (kind === "delta") {
    const lines = trace.z[l].map((z, j) => {
      const { number } = demand(l, j + 1);
      const { number: slope } = steepness(l, j + 1);
      return `${name("δ", l, j + 1)} = ∂C/∂${name("a", l, j + 1)} · f′(z) = ${factorText(number)} · ${factorText(slope)} = ${say(z.grad)}`;
    });
    const from = l === last ? "The cost says what it asks of the output" : "Each neuron adds up what the next layer asks for, δ times weight, over its edges";
    return [`${name("δ", l)}: how much C changes with z. ${from}; the neuron multiplies by its slope.`, listed(lines)];
  }
  if (kind === "weights") {
    const lines = trace.W[l].flatMap((row, i) =>
      row.map((w, j) => `∂C/∂${name("w", l, i + 1, j + 1)} = ${name("δ", l + 1, i + 1)} · ${l === 1 ? inputName(j) : name("a", l, j + 1)} = ${factorText(trace.z[l + 1][i].grad)} · ${factorText(trace.a[l][j].data)} = ${say(w.grad)}`),
    );
    return [`A weight's gradient is the δ behind it times the activation before it.`, listed(lines)];
  }
  const rate = rateOf();
  const lines = trace.W.slice(1).flatMap((rows, k) =>
    rows.flatMap((row, i) => row.map((w, j) => `${name("w", k + 1, i + 1, j + 1)} := ${say(w.data)} − ${say(rate)} · ${factorText(w.grad)} = ${say(w.data - rate * w.grad)}`)),
  );
  return [`Every weight goes a little down its slope: w := w − ε ∂C/∂w, with ε = ${say(rate)}. "Step" on the left does it.`, listed(lines)];
}

function productsInto(l, j) {
  const { trace } = state;
  const terms = trace.a[l - 1].map((a, k) => `${factorText(trace.W[l - 1][j][k].data)} · ${factorText(a.data)}`);
  const bias = trace.b[l - 1];
  const written = terms.length > 4 ? [...terms.slice(0, 3), "…"] : terms;
  return [...written, ...(bias ? [factorText(bias[j].data)] : [])].join(" + ");
}

function showSteps() {
  const bar = byId("timeline");
  bar.replaceChildren(
    ...state.steps.map((step, k) => {
      const classes = [step.kind, k === state.step ? "on" : "", k > state.step ? "later" : ""].filter(Boolean).join(" ");
      const button = make("button", { type: "button", class: classes, "aria-current": k === state.step ? "step" : "false" }, step.short);
      button.addEventListener("click", () => go(k));
      return button;
    }),
  );
  const [text, lines] = wordsOf(state.steps[state.step]);
  byId("words").replaceChildren(make("p", {}, text), ...lines.map((line) => make("code", {}, line)));
}

function go(step) {
  state.step = Math.max(0, Math.min(state.steps.length - 1, step));
  showSteps();
  drawStage();
}

function play(on = !state.playing) {
  clearInterval(state.playing);
  state.playing = 0;
  if (on) {
    if (state.step === state.steps.length - 1) go(0);
    state.playing = setInterval(() => {
      go(state.step + 1);
      if (state.step === state.steps.length - 1) play(false);
    }, 1600 / Number(byId("speed").value));
  }
  byId("play").textContent = on ? "❚❚ pause" : "▶ play";
}

// What is chosen, and lit

/** What an input is called: its label where it has one of its own. */
function inputName(j) {
  const own = state.data === "own" ? content.inputs[j] : undefined;
  return own === undefined || own === textOf(quantity("a", 1, j + 1)) ? textOf(quantity("x", 0, j + 1)) : own;
}

function choose(key) {
  state.chosen = state.chosen === key ? null : key;
  light();
  describe();
  drawStage();
}

/** The three places of a weight's factors: behind it, at its neuron, before it. */
function light() {
  const { kind, numbers } = chosenParts();
  state.lit = new Map();
  if (kind !== "w" && kind !== "b" && kind !== "n") return;
  const [l, i] = kind === "n" ? numbers : [numbers[0] + 1, numbers[1]];
  for (const key of demand(l, i).keys) state.lit.set(key, "lit blue");
  state.lit.set(`n,${l},${i}`, "lit orange");
  if (kind === "w") state.lit.set(numbers[0] === 1 ? `x,${numbers[2]}` : `n,${numbers[0]},${numbers[2]}`, "lit green");
}

/** While a factor is pointed at, its places alone are lit. */
function paintMarks() {
  const all = state.pointed ? new Map(state.pointed) : state.lit;
  for (const element of document.querySelectorAll("#net [data-key]")) {
    element.classList.remove("lit", "blue", "orange", "green");
    const lit = all.get(element.dataset.key);
    if (lit) element.classList.add(...lit.split(" "));
  }
}

// Numbers that can be changed, by the key of what holds them

function numberAt(key) {
  const [kind, ...numbers] = key.split(",");
  const [a, b, c] = numbers.map(Number);
  if (kind === "w") return state.net.layers[a - 1].W[b - 1][c - 1];
  if (kind === "b") return state.net.layers[a - 1].b[b - 1];
  return state.sample.x[a - 1];
}

function setNumber(key, x) {
  const [kind, ...numbers] = key.split(",");
  const [a, b, c] = numbers.map(Number);
  if (kind === "w") state.net.layers[a - 1].W[b - 1][c - 1] = x;
  else if (kind === "b") state.net.layers[a - 1].b[b - 1] = x;
  else state.sample.x[a - 1] = x;
}

/** Change something, and keep what was before; a slider that moves on is one change. */
function change(what, action, kind = "") {
  const goesOn = kind === "number" && state.before?.key === state.chosen && state.before?.kind === kind;
  const before = goesOn ? state.before : { key: state.chosen, kind, numbers: snapshot() };
  action();
  compute();
  state.before = { ...before, what };
  showAll(kind === "number");
}

function snapshot() {
  const found = new Map([["C", state.trace.C.data]]);
  state.trace.z.forEach((row, l) => row?.forEach((z, j) => found.set(textOf(quantity("δ", l, j + 1)), z.grad)));
  state.trace.a[state.trace.a.length - 1].forEach((a, j) => found.set(textOf(quantity("s", 0, j + 1)), a.data));
  return found;
}

function showBefore() {
  const panel = byId("before");
  if (!state.before) {
    panel.replaceChildren();
    return;
  }
  const now = snapshot();
  const rows = [...state.before.numbers]
    .filter(([name, x]) => now.has(name) && !Object.is(now.get(name), x))
    .slice(0, 14)
    .map(([name, x]) => {
      const y = now.get(name);
      const ratio = x !== 0 && Number.isFinite(y / x) ? `× ${say(y / x)}` : "";
      return make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "was" }, say(x)), make("td", { class: "is" }, say(y)), make("td", {}, ratio));
    });
  const nothing = rows.length ? [] : [make("p", {}, "Nothing else changed.")];
  panel.replaceChildren(make("h2", {}, `Since ${state.before.what}`), make("table", {}, make("tbody", {}, ...rows)), ...nothing);
}

function compute() {
  state.trace = record(state.net, state.sample.x, state.sample.y);
}

function showAll(keepDescription = false) {
  showSteps();
  drawStage();
  showBefore();
  if (!keepDescription) describe();
  else refreshNumbers();
  showDeltas();
  drawData();
}

/** The numbers of the derivation, while its slider is being moved. */
function refreshNumbers() {
  const moving = document.querySelector(".editor");
  describe();
  if (moving) document.querySelector("#why .editor")?.replaceWith(moving);
}

// Scenes and samples

function openScene(name) {
  const scene = Object.hasOwn(SCENES, name) ? name : "own";
  stop();
  const made = SCENES[scene].make();
  Object.assign(state, { scene, net: made.net, chosen: made.chosen ?? null, before: null, data: made.data ?? "own" });
  state.samples = made.samples ?? samplesOf(made.data, made.net);
  byId("rate").value = made.rate ?? 0.1;
  byId("scene").value = scene;
  byId("look").textContent = SCENES[scene].look;
  restart();
  takeSample(made.sample ?? 1);
}

function restart() {
  Object.assign(state, { course: { t: 0, memory: [] }, costs: [], epoch: 0, steps: stepsOf(state.net), initial: structuredClone(state.net) });
  state.step = state.steps.length - 2;
  showNetwork();
}

function takeSample(index) {
  state.index = index;
  state.sample = structuredClone(state.samples[index % state.samples.length]);
  compute();
  light();
  showAll();
  drawCosts();
}

// The network: sizes, functions, cost

function showNetwork() {
  const { net } = state;
  const sizes = sizesOf(net);
  const rows = sizes.map((size, k) => {
    if (k === 0) return make("div", { class: "layer" }, make("span", {}, `layer 1: ${size} inputs`));
    const options = ["identity", ...ACTIVATIONS].map((name) => make("option", { value: name }, layerName(name)));
    const select = make("select", { "aria-label": `activation of layer ${k + 1}` }, ...options);
    select.value = net.layers[k - 1].activation;
    select.addEventListener("change", () => change(`layer ${k + 1} is ${layerName(select.value)}`, () => (net.layers[k - 1].activation = select.value)));
    const hidden = k < sizes.length - 1;
    const buttons = hidden ? [resizer("−", `one neuron less in layer ${k + 1}`, k, size - 1), resizer("+", `one neuron more in layer ${k + 1}`, k, size + 1)] : [];
    return make("div", { class: "layer" }, make("span", {}, `layer ${k + 1}: ${size}`), ...buttons, select);
  });
  const more = make("button", { type: "button" }, "+ layer");
  more.addEventListener("click", () => reshape([...sizes.slice(0, -1), 3, sizes[sizes.length - 1]], "a layer was added"));
  const fewer = make("button", { type: "button" }, "− layer");
  fewer.disabled = sizes.length < 3;
  fewer.addEventListener("click", () => reshape([...sizes.slice(0, -2), sizes[sizes.length - 1]], "a layer was taken away"));
  const costs = Object.keys(COSTS).filter((name) => sizes[sizes.length - 1] > 1 || name !== "cross_entropy");
  const cost = make("select", { "aria-label": "cost" }, ...costs.map((name) => make("option", { value: name }, COSTS[name].name)));
  cost.value = net.cost;
  cost.addEventListener("change", () => changeCost(cost.value));
  byId("network").replaceChildren(...rows, make("div", { class: "row" }, more, fewer), make("label", {}, "cost ", cost));
}

function resizer(sign, name, k, size) {
  const button = make("button", { type: "button", class: "small", "aria-label": name }, sign);
  button.disabled = size < 1 || size > 64;
  button.addEventListener("click", () => {
    const sizes = sizesOf(state.net);
    sizes[k] = size;
    reshape(sizes, name);
  });
  return button;
}

/** Give the net other sizes: weights that stay keep their numbers, new ones are drawn. */
function reshape(sizes, what) {
  const { net } = state;
  const hidden = net.layers.slice(0, -1).map((layer) => layer.activation);
  const activations = [...Array.from({ length: sizes.length - 2 }, (_, k) => hidden[k] ?? hidden[hidden.length - 1] ?? "tanh"), net.layers[net.layers.length - 1].activation];
  const fresh = drawn(sizes, activations, net.cost, state.epoch + sizes.length);
  fresh.layers.forEach((layer, l) => {
    const old = net.layers[l === fresh.layers.length - 1 ? net.layers.length - 1 : l];
    if (!old || (l === net.layers.length - 1 && l !== fresh.layers.length - 1)) return;
    layer.W.forEach((row, i) => row.forEach((_, j) => (row[j] = old.W[i]?.[j] ?? row[j])));
    if (old.b === null) layer.b = null;
    else layer.b.forEach((_, i) => (layer.b[i] = old.b[i] ?? 0));
  });
  stop();
  change(what, () => {
    state.net = fresh;
    state.chosen = null;
    light();
    restart();
  });
}

function changeCost(name) {
  const samples = state.data === "own" ? null : samplesOf(state.data, { ...state.net, cost: name });
  const fits = (y) => y.every((t) => (name === "hinge" ? Math.abs(t) === 1 : name === "binary_cross_entropy" ? t >= 0 && t <= 1 : true));
  const classes = name === "cross_entropy" || state.net.cost === "cross_entropy";
  if (samples === null && (classes || !state.samples.every(({ y }) => fits(y)))) {
    byId("message").textContent = `The targets of these samples do not suit ${COSTS[name].name}.`;
    showNetwork();
    return;
  }
  byId("message").textContent = "";
  change(`the cost is ${COSTS[name].name}`, () => {
    state.net.cost = name;
    if (samples) {
      state.samples = samples;
      state.sample = structuredClone(samples[state.index % samples.length]);
    }
  });
}

// Training

const rateOf = () => read(byId("rate").value) ?? 0.1;

function batches() {
  const size = byId("batch").value === "all" ? state.samples.length : Number(byId("batch").value);
  const found = [];
  for (let k = 0; k < state.samples.length; k += size) found.push(state.samples.slice(k, k + size));
  return found;
}

/** Take a step on the sample of the stage. */
function stepOnce() {
  change("a step on this sample", () => descend(state.net, [state.sample], byId("optimiser").value, rateOf(), state.course));
}

function epochOnce() {
  const parts = batches();
  const costs = parts.map((batch) => descend(state.net, batch, byId("optimiser").value, rateOf(), state.course));
  state.costs.push(costs.reduce((a, b) => a + b) / costs.length);
  state.epoch += 1;
}

function run(on = !state.running) {
  cancelAnimationFrame(state.running);
  state.running = 0;
  byId("run").textContent = on ? "pause" : "run";
  if (!on) {
    compute();
    showAll();
    return;
  }
  const frame = () => {
    const until = performance.now() + 24; // as many epochs as a frame has time for
    do epochOnce();
    while (performance.now() < until && Number.isFinite(state.costs[state.costs.length - 1]));
    compute();
    drawStage();
    showSteps();
    showDeltas();
    drawCosts();
    drawData();
    if (Number.isFinite(state.costs[state.costs.length - 1])) state.running = requestAnimationFrame(frame);
    else run(false);
  };
  state.running = requestAnimationFrame(frame);
}

function stop() {
  play(false);
  if (state.running) {
    cancelAnimationFrame(state.running);
    state.running = 0;
    byId("run").textContent = "run";
  }
}

/** The share of samples on the right side, where the targets are classes. */
function accuracy() {
  const { net, samples } = state;
  if (net.cost === "cross_entropy") return share(({ x, y }) => argmax(predict(net, x)) === y[0]);
  const values = new Set(samples.flatMap(({ y }) => y));
  if (values.size !== 2) return null;
  const middle = net.cost === "binary_cross_entropy" ? 0 : ([...values][0] + [...values][1]) / 2;
  return share(({ x, y }) => predict(net, x).every((s, j) => s > middle === y[j] > ([...values][0] + [...values][1]) / 2));
}

const share = (isRight) => state.samples.filter(isRight).length / state.samples.length;
const argmax = (xs) => xs.indexOf(Math.max(...xs));

function drawCosts() {
  const { costs } = state;
  const right = accuracy();
  const said = costs.length ? `epoch ${state.epoch} · C ${say(costs[costs.length - 1])}` : "not trained here";
  byId("course").textContent = `${said}${right === null ? "" : ` · ${Math.round(100 * right)} % right`}`;
  const known = costs.filter((c) => c > 0 && Number.isFinite(c));
  const svg = byId("curve");
  if (known.length < 2) {
    svg.replaceChildren();
    return;
  }
  const [low, high] = [Math.log(Math.min(...known)), Math.log(Math.max(...known))];
  const every = Math.ceil(costs.length / 220);
  const points = costs.map((c, k) => [k, c]).filter(([k, c]) => k % every === 0 && c > 0 && Number.isFinite(c));
  const place = ([k, c]) => `${((k / (costs.length - 1)) * 214 + 3).toFixed(1)},${(56 - ((Math.log(c) - low) / (high - low || 1)) * 50).toFixed(1)}`;
  svg.replaceChildren(make("svg:polyline", { points: points.map(place).join(" ") }));
}

/** How large δ is in each layer, so that vanishing and exploding are seen. */
function showDeltas() {
  const rows = state.trace.z.slice(2).map((row) => Math.sqrt(row.reduce((sum, z) => sum + z.grad ** 2, 0) / row.length));
  const positive = rows.filter((x) => x > 0 && Number.isFinite(x)).map(Math.log10);
  const [low, high] = [Math.min(...positive, 0) - 1, Math.max(...positive, -Infinity)];
  byId("deltas").replaceChildren(
    ...rows.map((x, k) => {
      const length = x > 0 && Number.isFinite(x) ? Math.max(0.02, (Math.log10(x) - low) / (high - low || 1)) : 0;
      const bar = make("span", { class: "bar" });
      bar.style.width = `${Math.round(100 * length)}px`;
      return make("div", { class: "row" }, make("span", {}, `${k + 2}`), bar, make("span", {}, say(x)));
    }),
  );
}

// Data: the plane of the first two inputs, and what the net says there

function planeOf() {
  const xs = state.samples.map(({ x }) => x);
  const bounds = [0, 1].map((k) => {
    const values = xs.map((x) => x[k] ?? 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.12 * (high - low) || 1;
    return [low - margin, high + margin];
  });
  return { bounds, place: (x, side) => [0, 1].map((k) => (((x[k] ?? 0) - bounds[k][0]) / (bounds[k][1] - bounds[k][0])) * side) };
}

function drawData() {
  const canvas = byId("plane");
  const side = 208;
  const scale = Math.max(1, window.devicePixelRatio || 1);
  canvas.width = canvas.height = side * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const { bounds, place } = planeOf();
  const { net } = state;
  const values = [...new Set(state.samples.map(({ y }) => y[0]))].sort((a, b) => a - b);
  const middle = net.cost === "binary_cross_entropy" ? 0 : (values[0] + values[values.length - 1]) / 2;
  const colours = values.length <= 4 ? (y) => `--class-${values.indexOf(y)}` : (y) => (y > middle ? "--class-1" : "--class-0");
  const sideOf = (s) => (net.cost === "cross_entropy" ? argmax(s) : s[0] > middle ? values.length - 1 : 0);
  if (sizesOf(net)[0] === 2) {
    const cells = 26;
    const size = side / cells;
    pen.globalAlpha = 0.28;
    for (let i = 0; i < cells; i++) {
      for (let j = 0; j < cells; j++) {
        const x = [i, j].map((n, k) => bounds[k][0] + ((n + 0.5) / cells) * (bounds[k][1] - bounds[k][0]));
        pen.fillStyle = colour(`--class-${Math.min(3, sideOf(predict(net, x)))}`);
        pen.fillRect(i * size, side - (j + 1) * size, size + 0.5, size + 0.5);
      }
    }
    pen.globalAlpha = 1;
  }
  for (const { x, y } of state.samples) {
    const [px, py] = place(x, side);
    pen.fillStyle = colour(colours(y[0]));
    pen.beginPath();
    pen.arc(px, side - py, 3, 0, 7);
    pen.fill();
  }
  const [px, py] = place(state.sample.x, side);
  pen.strokeStyle = colour("--ink");
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(px, side - py, 7, 0, 7);
  pen.stroke();
  byId("which").textContent = `sample ${(state.index % state.samples.length) + 1} of ${state.samples.length}`;
}

function takeNearest(event) {
  const canvas = byId("plane");
  const box = canvas.getBoundingClientRect();
  const at = [event.clientX - box.left, box.bottom - event.clientY];
  const { place } = planeOf();
  const far = state.samples.map(({ x }) => {
    const [px, py] = place(x, box.width);
    return Math.hypot(px - at[0], py - at[1]);
  });
  takeSample(far.indexOf(Math.min(...far)));
}

function useData(name) {
  stop();
  const { net } = state;
  if (name !== "own" && sizesOf(net)[0] !== 2) {
    const sizes = [2, ...sizesOf(net).slice(1)];
    state.net = drawn(sizes, net.layers.map((layer) => layer.activation), net.cost, 1);
  } else if (name === "own" && sizesOf(net)[0] !== sizesOf(content.net)[0]) {
    state.net = structuredClone(content.net);
  }
  Object.assign(state, { data: name, chosen: null, before: null });
  state.samples = name === "own" ? content.samples : samplesOf(name, state.net);
  restart();
  takeSample(0);
}

// The state as text: in the fragment of the address, as net.json, as Python

function fragment() {
  const { scene, step, chosen, net, sample, index } = state;
  return `#${encodeURIComponent(JSON.stringify({ scene, step, chosen, net, sample, index }))}`;
}

/** Restore what a fragment says: the name of a scene, or a whole state. What does not fit is left out. */
function restore(text) {
  const word = decodeURIComponent(text.replace(/^#/, ""));
  if (Object.hasOwn(SCENES, word)) {
    openScene(word);
    return;
  }
  openScene("own");
  if (!word) return;
  try {
    const found = JSON.parse(word);
    openScene(found.scene);
    if (!isNet(found.net) || !found.sample.x.every(Number.isFinite) || !found.sample.y.every(Number.isFinite)) throw new Error();
    if (found.sample.x.length !== sizesOf(found.net)[0]) throw new Error();
    state.net = found.net;
    restart();
    takeSample(Number.isInteger(found.index) ? found.index : 0);
    state.sample = { x: found.sample.x.map(Number), y: found.sample.y.map(Number) };
    compute();
    state.step = Math.max(0, Math.min(state.steps.length - 1, found.step | 0));
    if (typeof found.chosen === "string" && document.querySelector(`#net [data-key="${CSS.escape(found.chosen)}"]`)) state.chosen = found.chosen;
    light();
    showAll();
  } catch {
    byId("message").textContent = "The address holds no state of this page.";
  }
}

function isNet(net) {
  const rows = (layer) => Array.isArray(layer.W) && layer.W.length > 0 && layer.W.every((row) => Array.isArray(row) && row.every(Number.isFinite));
  return (
    Object.hasOwn(COSTS, net?.cost ?? "") &&
    Array.isArray(net.layers) &&
    net.layers.length > 0 &&
    net.layers.every((layer, l) => {
      const n = l ? net.layers[l - 1].W.length : layer.W?.[0]?.length;
      const known = layer.activation === "identity" || ACTIVATIONS.includes(layer.activation);
      const biased = layer.b === null || (Array.isArray(layer.b) && layer.b.length === layer.W.length && layer.b.every(Number.isFinite));
      return known && rows(layer) && layer.W.every((row) => row.length === n && n > 0) && biased;
    })
  );
}

function pythonText() {
  const { net, sample } = state;
  const sizes = sizesOf(net);
  const names = net.layers.map((layer) => layer.activation);
  const used = [...new Set(names)].map((name) => (name === "identity" ? null : name)).filter(Boolean);
  const of = (name) => (name === "identity" ? "nn.ACTIVATIONS[\"identity\"]" : name);
  const hidden = names.slice(0, -1).map(of);
  const y = net.cost === "cross_entropy" || sample.y.length === 1 ? exact(sample.y[0]) : JSON.stringify(sample.y);
  const numbers = net.layers.map((layer) => `    (${JSON.stringify(layer.W)}, ${layer.b === null ? "None" : JSON.stringify(layer.b)}),`);
  return [
    "import nn",
    ...(used.length ? [`from autograd import ${used.sort().join(", ")}`] : []),
    "",
    `net = nn.MLP(${JSON.stringify(sizes)}, [${hidden.join(", ")}], ${of(names[names.length - 1])}, bias=[${net.layers.map((layer) => (layer.b === null ? "False" : "True")).join(", ")}], rng=0)`,
    "numbers = [",
    ...numbers,
    "]",
    "for layer, (W, b) in zip(net.layers, numbers):",
    "    for j, neuron in enumerate(layer.neurons):",
    "        for weight, number in zip(neuron.weights, W[j]):",
    "            weight.data = number",
    "        if neuron.bias is not None:",
    "            neuron.bias.data = b[j]",
    `trace = net.trace(${JSON.stringify(sample.x)})`,
    `cost = nn.${net.cost}(trace.outputs, ${y})`,
    "cost.backward()",
    "print(cost.data)",
    "print(trace)",
    "",
  ].join("\n");
}

function save(name, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text])), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

// The page itself

const ACTIVATIONS = ["elu", "gelu", "leaky_relu", "relu", "sigmoid", "silu", "softplus", "tanh"];

/** Take the colours of dark screens or of light ones; at first those that the reader's system has. */
function useTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

function listen() {
  const actions = {
    first: () => go(0),
    back: () => go(state.step - 1),
    play: () => play(),
    next: () => go(state.step + 1),
    last: () => go(state.steps.length - 1),
    step: stepOnce,
    epoch: () => {
      change("an epoch", epochOnce);
      drawCosts();
    },
    run: () => run(),
    reset: () => {
      stop();
      change("the weights are those of the start", () => {
        state.net = structuredClone(state.initial);
        restart();
      });
      drawCosts();
    },
    other: () => takeSample((state.index + 1) % state.samples.length),
    share: () => {
      history.replaceState(null, "", fragment());
      byId("message").textContent = "The address now holds this state.";
    },
    python: () => save("net.py", pythonText()),
    theme: () => {
      useTheme(document.documentElement.dataset.theme === "light");
      drawData();
    },
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  for (const button of document.querySelectorAll("[data-set]")) button.addEventListener("click", () => useData(button.dataset.set));
  byId("scene").append(...Object.entries(SCENES).map(([name, { title }]) => make("option", { value: name }, title)));
  byId("scene").addEventListener("change", (event) => openScene(event.target.value));
  byId("plane").addEventListener("click", takeNearest);
  const keys = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last", " ": "play" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    if (event.target.matches("input, select, textarea") || (event.key === " " && event.target.matches("button, summary"))) return;
    event.preventDefault();
    actions[keys[event.key]]();
  });
  window.addEventListener("hashchange", () => restore(location.hash));
  new ResizeObserver(() => state.net && drawStage()).observe(byId("stage"));
}

useTheme(matchMedia("(prefers-color-scheme: dark)").matches);
document.title = content.title;
byId("title").textContent = content.title;
listen();
restore(location.hash);
