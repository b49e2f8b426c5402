// The page: what is typed, the numbers of its names, which derivative is on the stage; undo, and the state as text.

const MOST_NODES = 5000;
const MOST_TIMES = 8; // that a graph is differentiated
const EXAMPLES = {
  "a neuron": ["tanh(w1*x1 + w2*x2 + b)", { w1: -3, x1: 2, w2: 1, x2: 0, b: 6.8813735870195432 }],
  "a bell": ["exp(-(x - m)**2 / (2*s**2)) / (s*sqrt(2*pi))", { x: 1, m: 0, s: 1.5 }],
  "a wave that dies away": ["exp(-a*t) * cos(w*t)", { a: 0.4, t: 1, w: 3 }],
  "a saddle": ["a**2 - b**2 + a*b/2", { a: 1, b: -0.5 }],
  "x used three times": ["x * x + sin(x)", { x: 2 }],
  "a dead ReLU": ["relu(w*x + b) ** 2", { w: -1, x: 2, b: 0.5 }],
  "cross-entropy of two": ["softplus(z) - y*z", { z: 1.5, y: 1 }],
  "a quotient with a pole": ["(x**2 + 1) / (x - a)", { x: 2, a: 1 }],
};
const STARTS = [0.5, 2, 1, 1.5, 3]; // for names that nobody has given a number
const QUIET = 900; // milliseconds after which a change is another one for undo

let leaves = new Map(); // the Values of the names, in the order of the text
let drawn = { root: null, text: "", made: new Map() };
Object.assign(state, { text: "", values: new Map(), path: [] });

/** The names of a graph's nodes for a reader: by their labels, the others numbered. */
function namesOf(order) {
  const taken = new Set(order.map((node) => node.label).filter(Boolean));
  let n = 0;
  const spare = () => {
    do n += 1;
    while (taken.has(`v${n}`));
    return `v${n}`;
  };
  return order.map((node) => node.label || spare());
}

/** Read the text, and show its graph or the derivative that is asked for; what cannot be read leaves the stage as it is. */
function build() {
  const { text } = state;
  try {
    const steps = parse(text);
    if (steps.length > 4 * MOST_NODES) throw new ExpressionError(`the page shows at most ${MOST_NODES.toLocaleString("en")} nodes`);
    const names = namesIn(steps);
    const start = (name, k) => state.values.get(name) ?? STARTS[k % STARTS.length];
    const fresh = new Map(names.map((name, k) => [name, new Value(start(name, k), name)]));
    const { root, made, failures } = evaluate(steps, fresh);
    const constant = failures.find(({ node }) => node === null);
    if (constant) throw new ExpressionError(constant.words, constant.column);
    if (!root.label) root.label = ["y", "f", "result"].find((name) => !fresh.has(name)) ?? "the result";
    state.path = state.path.filter((name) => fresh.has(name));
    let shownRoot = root;
    for (const name of state.path) [shownRoot] = gradients(shownRoot, [fresh.get(name)]);
    const order = topological(shownRoot);
    if (order.length > MOST_NODES) throw new ExpressionError(`the page shows at most ${MOST_NODES.toLocaleString("en")} nodes; the graph has ${order.length.toLocaleString("en")}`);
    const same = drawn.text === text && String(drawn.path) === String(state.path);
    leaves = fresh;
    drawn = { root, made, text, path: [...state.path] };
    if (!same) Object.assign(state, { chosen: null, pointed: null, before: null });
    show({ order, names: namesOf(order), checked: new Set(made.keys()) });
    listNames();
    offerNames();
    showError(null);
  } catch (error) {
    showError(error);
    return false;
  }
  listGraphs();
  follow();
  return true;
}

/** Say what is wrong, where, and what was probably meant. */
function showError(error) {
  const panel = byId("error");
  byId("text").setAttribute("aria-invalid", error !== null);
  document.querySelector("main").classList.toggle("stale", error !== null);
  if (error === null) {
    panel.replaceChildren();
    return;
  }
  byId("result").textContent = "";
  if (drawn.root) byId("graphs").querySelector(".note").textContent = `what can be read is still ${drawn.text}`;
  const message = error.message.replace(/; did you mean .*\?$/, "");
  const parts = [make("span", {}, message)];
  if (error.column) {
    const characters = Array.from(state.text);
    const at = error.column - 1;
    parts.push(" in ", make("code", {}, characters.slice(Math.max(0, at - 20), at).join(""), make("mark", {}, characters[at] ?? "␣"), characters.slice(at + 1, at + 20).join("")));
  }
  if (error.suggestion) {
    const button = make("button", { type: "button", id: "meant" }, `did you mean ${error.suggestion}?`);
    button.addEventListener("click", () => takeSuggestion(error.suggestion));
    parts.push(button);
  }
  panel.replaceChildren(...parts);
}

function takeSuggestion(text) {
  byId("text").value = text;
  type(text);
  byId("text").focus();
}

function type(text) {
  byId("example").value = "";
  state.text = text;
  build();
  remember("text");
}

/** Show everything anew after numbers have changed, but for the input in which somebody types. */
function refreshed(typed) {
  follow(typed);
  remember(state.before?.key ?? "");
}

function follow(typed) {
  for (const [name, leaf] of leaves) state.values.set(name, leaf.data);
  if (state.path.length) for (const node of topological(drawn.root)) if (node.op !== null) recompute(node); // not on the stage
  update(typed);
  const [failed] = stage.failures.values();
  byId("equals").textContent = `${drawn.root.op === null && leaves.size ? "y" : drawn.root.label} =`;
  const output = byId("result");
  output.classList.toggle("wrong", failed !== undefined);
  output.textContent = failed === undefined ? `= ${exact(drawn.root.data === 0 ? 0 : drawn.root.data)}` : `has no value: ${failed}`;
  drawPlot();
}

function listNames() {
  const rows = [...leaves].map(([name, leaf]) => {
    const button = make("button", { type: "button", "aria-label": `∂/∂${name}: differentiate this graph by ${name}` }, `∂/∂${name}`);
    button.addEventListener("click", () => differentiate([...state.path, name]));
    return leafRow(leaf, name, button);
  });
  byId("leaves").replaceChildren(...(rows.length ? rows : [make("p", {}, "The expression has no names.")]));
}

/** The graph of the expression, and those of its derivatives, one after the other. */
function listGraphs() {
  const result = drawn.root.label;
  const titles = [result, ...state.path.map((_, k) => derivativeTitle(result, state.path.slice(0, k + 1)))];
  byId("graphs").replaceChildren(
    ...titles.map((title, k) => {
      const button = make("button", { type: "button", "aria-pressed": k === state.path.length }, title);
      button.addEventListener("click", () => differentiate(state.path.slice(0, k)));
      return button;
    }),
    make("span", { class: "note" }, state.path.length ? "a graph like any other: step through it, derive it, differentiate it again" : "differentiate it with ∂/∂ beside a name"),
  );
}

function derivativeTitle(y, names) {
  const order = names.length > 1 ? ["", "", "²", "³"][names.length] ?? `^${names.length}` : "";
  const below = names.every((name) => name === names[0]) ? `∂${names[0]}${order}` : [...names].reverse().map((name) => `∂${name}`).join("");
  return `∂${order}${y}/${below}`;
}

function differentiate(path) {
  if (path.length > MOST_TIMES) {
    byId("message").textContent = `The page differentiates at most ${MOST_TIMES} times.`;
    return;
  }
  const before = state.path;
  state.path = path;
  state.chosen = null;
  if (!build()) {
    state.path = before;
    return;
  }
  remember("path");
}

// Undo: states one after the other; what goes on without a pause is one.

const past = { states: [], at: -1, kind: "", time: 0 };
const snapshotOf = () => JSON.stringify({ text: state.text, values: Object.fromEntries([...leaves].map(([name, { data }]) => [name, pythonFloat(data)])), path: state.path });

function remember(kind) {
  const now = snapshotOf();
  if (past.states[past.at] === now) return;
  const goesOn = past.at > 0 && kind !== "" && kind === past.kind && performance.now() - past.time < QUIET && past.at === past.states.length - 1;
  past.states.length = goesOn ? past.at : past.at + 1;
  past.states.push(now);
  Object.assign(past, { at: past.states.length - 1, kind, time: performance.now() });
  showPast();
}

function showPast() {
  byId("undo").disabled = past.at <= 0;
  byId("redo").disabled = past.at >= past.states.length - 1;
}

function travel(by) {
  const target = past.states[past.at + by];
  if (target === undefined) return;
  past.at += by;
  past.kind = "";
  take(stateIn(target));
  showPast();
}

/** Take a state: a text, numbers for its names, and by which of them it is differentiated. */
function take({ text, values, path }) {
  for (const [name, x] of values) state.values.set(name, x);
  state.text = text;
  state.path = path;
  state.before = null;
  byId("text").value = text;
  build();
}

// The state as text, in the fragment of the address

function fragment() {
  return `#${encodeURIComponent(snapshotOf())}`;
}

/** Read a state; what is none raises. */
function stateIn(json) {
  const { text, values, path } = JSON.parse(json);
  const numbers = Object.entries(values).map(([name, word]) => [name, typeof word === "string" ? read(word) : undefined]);
  const isState = typeof text === "string" && text.length <= GRAMMAR.longest && numbers.every(([, x]) => x !== undefined);
  if (!isState || !Array.isArray(path) || path.length > MOST_TIMES || !path.every((name) => typeof name === "string")) throw new TypeError("no state");
  return { text, values: numbers, path };
}

/** Restore what a fragment says; what does not fit is refused with a message. */
function restore(address) {
  let found = content;
  let message = "";
  try {
    if (address.length > 1) found = stateIn(decodeURIComponent(address.replace(/^#/, "")));
  } catch {
    message = "The address holds no state of this page.";
  }
  if (!message || !drawn.root) take(found);
  if (!drawn.root) begin();
  remember("");
  byId("message").textContent = message;
}

/** Where what the page begins with cannot be read, let an example stand below it. */
function begin() {
  const { text } = state;
  const [[example, values]] = Object.values(EXAMPLES);
  take({ text: example, values: Object.entries(values), path: [] });
  take({ text, values: [], path: [] });
}

function listen() {
  byId("text").addEventListener("input", (event) => type(event.target.value));
  byId("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter") byId("meant")?.click();
  });
  byId("example").append(make("option", { value: "" }, "…"), ...Object.keys(EXAMPLES).map((name) => make("option", {}, name)));
  byId("example").addEventListener("change", ({ target }) => {
    if (!Object.hasOwn(EXAMPLES, target.value)) return;
    const [text, values] = EXAMPLES[target.value];
    take({ text, values: Object.entries(values), path: [] });
    remember("");
  });
  byId("undo").addEventListener("click", () => travel(-1));
  byId("redo").addEventListener("click", () => travel(1));
  byId("share").addEventListener("click", () => {
    history.replaceState(null, "", fragment());
    byId("message").textContent = "The address now holds this expression and its numbers.";
  });
  byId("theme").addEventListener("click", () => drawPlot());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=text]")) return;
    const by = event.key.toLowerCase() === "z" ? (event.shiftKey ? 1 : -1) : event.key.toLowerCase() === "y" ? 1 : 0;
    if (!by) return;
    event.preventDefault();
    travel(by);
  });
  window.addEventListener("hashchange", () => restore(location.hash));
}

listenToSteps();
listenToPointers(current);
listenToPlot();
listenToCopies();
listen();
restore(location.hash);
