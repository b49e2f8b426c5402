// The page: what it holds, what can be chosen and changed, and what its buttons do.

const state = {
  net: null, // plain numbers
  data: "own", // the name of the set
  set: null,
  table: null, // of the reader's: { header, body, target, set }
  samples: [],
  kind: null, // how answers are read, where the targets are classes
  index: 0,
  sample: null, // { x, y }, a copy that can be edited
  isMean: false, // whether the stage shows the mean over all samples
  trace: null,
  grain: "layer",
  steps: [],
  step: 0,
  opened: null, // a neuron whose scalar graph is on the stage: { l, i, back, nodes }
  chosen: null,
  lit: new Map(), // classes of what the derivation speaks of
  pointed: null, // the same while a factor is pointed at
  before: null, // { what, numbers }, from before the last change
  scene: "own",
  rate: 0.1, // ε
  course: { t: 0, memory: [] }, // of the optimiser
  costs: [],
  rights: [],
  epoch: 0,
  playing: 0,
  running: 0,
};

const tell = (text) => (byId("message").textContent = text);

// What is chosen, and lit

/** What an input is called: its label where it has one of its own. */
function inputName(j) {
  const own = state.set.inputs?.[j];
  return own === undefined || own === named("a", 1, j + 1) ? named("x", 0, j + 1) : own;
}

function choose(key) {
  state.chosen = key;
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
  return kind === "x" ? state.sample.x[a - 1] : state.sample.y[a - 1];
}

function setNumber(key, x) {
  const [kind, ...numbers] = key.split(",");
  const [a, b, c] = numbers.map(Number);
  if (kind === "w") state.net.layers[a - 1].W[b - 1][c - 1] = x;
  else if (kind === "b") state.net.layers[a - 1].b[b - 1] = x;
  else if (kind === "x") state.sample.x[a - 1] = x;
  else state.sample.y[a - 1] = x;
}

/** Change something, and keep what was before; a slider that moves on is one change. */
function change(what, action, kind = "") {
  tell("");
  const goesOn = kind === "number" && state.before?.key === state.chosen && state.before?.kind === kind;
  const before = goesOn ? state.before : { key: state.chosen, kind, numbers: snapshot() };
  action();
  compute();
  state.before = { ...before, what };
  showAll(kind === "number");
}

/** The numbers that a change may change: the cost, the outputs, every δ, and the gradient of what is chosen. */
function snapshot() {
  const { trace } = state;
  const found = new Map([["C", trace.C.data]]);
  found.sizes = String(sizesOf(state.net));
  const { kind, numbers: [l, i, j] } = chosenParts();
  if (kind === "w") found.set(`∂C/∂${named("w", l, i, j)}`, trace.W[l][i - 1][j - 1].grad);
  if (kind === "b") found.set(`∂C/∂${named("b", l, i)}`, trace.b[l][i - 1].grad);
  if (kind === "n") found.set(named("z", l, i), trace.z[l][i - 1].data).set(named("a", l, i), trace.a[l][i - 1].data);
  trace.z.forEach((row, layer) => row?.forEach((z, n) => found.set(named("δ", layer, n + 1), z.grad)));
  trace.a[trace.a.length - 1].forEach((a, n) => found.set(outputName(n), a.data));
  return found;
}

function showBefore() {
  const panel = byId("before");
  if (!state.before) {
    panel.replaceChildren();
    return;
  }
  const now = snapshot();
  const isAlike = now.sizes === state.before.numbers.sizes; // or else a name is that of another neuron
  const shared = [...state.before.numbers].filter(([name]) => (isAlike || name === "C") && now.has(name));
  panel.replaceChildren(...changesOf(state.before.what, shared.map(([name, x]) => [name, x, now.get(name)])));
}

function compute() {
  const { net, sample, isMean } = state;
  state.trace = isMean ? recordMean(net, learned()) : record(net, sample.x, sample.y);
  if (state.opened) openNeuron(state.opened.l, state.opened.i, state.opened.back);
}

function showAll(keepDescription = false) {
  showSteps();
  drawStage();
  showBefore();
  if (!keepDescription) describe();
  else refreshNumbers();
  showDeltas();
  showCourse();
  drawCosts();
  drawData();
  if (byId("every").open) showEvery();
}

/** The numbers of the derivation, while its slider is being moved. */
function refreshNumbers() {
  const moving = document.querySelector(".editor");
  describe();
  if (moving) document.querySelector("#why .editor")?.replaceWith(moving);
}

// Scenes, sets of samples, samples

function openScene(name) {
  const scene = Object.hasOwn(SCENES, name) ? name : "own";
  stop();
  const made = SCENES[scene].make();
  Object.assign(state, { scene, net: made.net, chosen: made.chosen ?? null, before: null, isMean: false });
  takeSet(made.data ?? "own");
  state.rate = made.rate ?? 0.1;
  byId("rate").value = exact(state.rate);
  byId("scene").value = scene;
  byId("look").textContent = SCENES[scene].look;
  tell("");
  restart();
  takeSample(made.sample ?? Math.min(1, state.samples.length - 1));
}

function takeSet(name) {
  const set = SETS[name].make();
  Object.assign(state, { data: name, set, samples: samplesOf(set, state.net) });
  state.kind = kindOf(state.samples, state.net.cost);
  byId("set").value = name;
  showTarget();
}

/** Take other samples, and a net of the sizes that they need. */
function useSet(name) {
  stop();
  const set = SETS[name].make();
  const { net } = state;
  const sizes = sizesOf(net);
  const wanted = [set.X[0].length, ...sizes.slice(1, -1), outputsFor(set, net)];
  if (name === "own" && wanted.some((size, l) => size !== sizes[l])) state.net = structuredClone(content.net);
  else if (wanted.some((size, l) => size !== sizes[l])) state.net = drawn(wanted, net.layers.map((layer) => layer.activation), net.cost, 1);
  if (!suits(state.net.cost, set, state.net)) state.net.cost = set.classes?.length > 2 ? "cross_entropy" : "mse";
  Object.assign(state, { chosen: null, before: null });
  takeSet(name);
  restart();
  takeSample(0);
}

/** For a table: which of its columns is predicted. */
function showTarget() {
  const row = byId("target-row");
  row.hidden = state.data !== "table";
  if (row.hidden) return;
  const select = byId("target");
  select.replaceChildren(...state.table.header.map((name) => make("option", {}, name)));
  select.value = state.table.target;
}

/** Begin anew with the weights that the net has. */
function restart() {
  Object.assign(state, { course: { t: 0, memory: [] }, costs: [], rights: [], epoch: 0, opened: null, steps: stepsOf(state.net, state.grain), initial: structuredClone(state.net) });
  state.step = state.steps.length - 2;
  byId("with-maps").disabled = sizesOf(state.net)[0] !== 2;
  showNetwork();
  showCourse();
}

function takeSample(index) {
  Object.assign(state, { index, isMean: false, sample: structuredClone(state.samples[index]) });
  byId("mean").checked = false;
  showNewSample();
}

function showNewSample() {
  state.before = null;
  compute();
  light();
  showAll();
}

function setGrain(grain) {
  closeNeuron();
  Object.assign(state, { grain, steps: stepsOf(state.net, grain) });
  go(state.steps.length - 2);
}

// The network: sizes, functions, cost

function showNetwork() {
  const { net } = state;
  const sizes = sizesOf(net);
  const rows = sizes.map((size, k) => {
    if (k === 0) return make("div", { class: "layer" }, make("span", {}, `layer 1: ${size} input${size > 1 ? "s" : ""}`));
    const options = ["identity", ...ACTIVATIONS].map((name) => make("option", { value: name }, layerName(name)));
    const select = make("select", { "aria-label": `activation of layer ${k + 1}` }, ...options);
    select.value = net.layers[k - 1].activation;
    select.addEventListener("change", () => change(`layer ${k + 1} is ${layerName(select.value)}`, () => (net.layers[k - 1].activation = select.value)));
    const hidden = k < sizes.length - 1;
    const buttons = hidden ? [resizer("−", `one neuron less in layer ${k + 1}`, k, size - 1), resizer("+", `one neuron more in layer ${k + 1}`, k, size + 1)] : [];
    return make("div", { class: "layer" }, make("span", {}, `layer ${k + 1}: ${size}`), ...buttons, select);
  });
  const more = make("button", { type: "button" }, "+ layer");
  more.disabled = sizes.length > 9;
  more.addEventListener("click", () => reshape([...sizes.slice(0, -1), 3, sizes[sizes.length - 1]], "a layer was added"));
  const fewer = make("button", { type: "button" }, "− layer");
  fewer.disabled = sizes.length < 3;
  fewer.addEventListener("click", () => reshape([...sizes.slice(0, -2), sizes[sizes.length - 1]], "a layer was taken away"));
  const costs = Object.keys(COSTS).filter((name) => suits(name, state.set, net));
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
  replaceNet(fresh, what);
}

function replaceNet(net, what) {
  stop();
  change(what, () => {
    Object.assign(state, { net, chosen: state.chosen !== null && isPlace(state.chosen, net) ? state.chosen : null });
    light();
    restart();
  });
}

function changeCost(name) {
  change(`the cost is ${COSTS[name].name}`, () => {
    state.net.cost = name;
    state.samples = samplesOf(state.set, state.net);
    state.kind = kindOf(state.samples, name);
    state.sample.y = [...state.samples[state.index].y];
  });
}

// The page itself

const ACTIVATIONS = ["elu", "gelu", "leaky_relu", "relu", "sigmoid", "silu", "softplus", "tanh"];

const ACTIONS = {
  first: () => go(0),
  back: () => go(state.step - 1),
  play: () => play(),
  next: () => go(state.step + 1),
  last: () => go(state.steps.length - 1),
  step: stepOnce,
  epoch: () => {
    change("an epoch", () => {
      epochOnce();
      noteAccuracy();
    });
  },
  run: () => run(),
  reset: () => {
    stop();
    change("the weights are those of the start", () => {
      state.net = structuredClone(state.initial);
      restart();
    });
  },
  other: () => takeSample((state.index + 1) % state.samples.length),
  share: () => {
    try {
      history.replaceState(null, "", fragment());
      tell("The address now holds this state.");
    } catch {
      tell(`A page inside of another has no address of its own. Put this behind that of the page by itself: ${fragment()}`);
    }
  },
  python: () => save("net.py", pythonText()),
  keep: async () => save("net.json", await netJson(state.net)),
  load: () => byId("file").click(),
  theme: () => {
    useTheme(document.documentElement.dataset.theme === "light");
    drawData();
    drawMaps();
  },
};

const CHANGES = {
  scene: ({ value }) => openScene(value),
  set: ({ value }) => useSet(value),
  target: ({ value }) => {
    try {
      takeTable(state.table, value);
    } catch (error) {
      tell(error.message);
      showTarget();
    }
  },
  mean: ({ checked }) => {
    state.isMean = checked;
    if (checked) closeNeuron();
    showNewSample();
  },
  grain: ({ value }) => setGrain(value),
  "with-maps": drawMaps,
  rate: takeRate,
  optimiser: () => {
    state.course = { t: 0, memory: [] };
    describe();
  },
  file: (input) => {
    for (const file of input.files) takeFile(file);
    input.value = "";
  },
};

function listen() {
  for (const [id, action] of Object.entries(ACTIONS)) byId(id).addEventListener("click", action);
  for (const [id, action] of Object.entries(CHANGES)) byId(id).addEventListener("change", (event) => action(event.target));
  byId("scene").append(...Object.entries(SCENES).map(([name, { title }]) => make("option", { value: name }, title)));
  byId("set").append(...Object.entries(SETS).map(([name, { title }]) => make("option", { value: name, ...(name === "table" ? { disabled: "" } : {}) }, title)));
  byId("plane").addEventListener("click", takeNearest);
  byId("course").addEventListener("input", (event) => takeFromCourse(Number(event.target.value)));
  byId("every").addEventListener("toggle", () => byId("every").open && showEvery());
  document.addEventListener("keydown", takeKey);
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      for (const file of name === "drop" ? event.dataTransfer.files : []) takeFile(file);
    });
  }
  window.addEventListener("hashchange", () => restore(location.hash));
  new ResizeObserver(() => state.net && drawStage()).observe(byId("stage"));
}

const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last", " ": "play" };

function takeKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "Escape") leave();
  if (!Object.hasOwn(KEYS, event.key) || (event.key === " " && event.target.matches("button, summary"))) return;
  event.preventDefault();
  ACTIONS[KEYS[event.key]]();
}

/** Close the neuron that is open or, if none is, choose nothing. */
function leave() {
  if (!state.opened) return choose(null);
  closeNeuron();
  showAll();
}

/** What the page was made with: its title, and what is known of a training that lies behind. */
function introduce() {
  document.title = content.title;
  byId("title").textContent = content.title;
  byId("facts").replaceChildren(...(content.facts ?? []).map(([word, text]) => make("p", {}, make("strong", {}, word), ` ${text}`)));
  if (!content.course) return;
  byId("course").max = content.course.length - 1;
  byId("course").value = content.epoch;
}

useTheme(matchMedia("(prefers-color-scheme: dark)").matches);
introduce();
listen();
restore(location.hash);
if (content.course && state.scene === "own" && location.hash === "") {
  takeFromCourse(content.epoch);
  state.before = null;
  showAll();
}
