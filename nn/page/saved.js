// The state as text: in the fragment of the address, as net.json, as Python; and what is read back.

function fragment() {
  const { scene, step, grain, chosen, net, sample, index, data } = state;
  return `#${encodeURIComponent(JSON.stringify({ scene, step: state.opened ? state.opened.back : step, grain, chosen, net, sample, index, data }))}`;
}

/** Restore what a fragment says: the name of a scene, or a whole state. What does not fit is left out. */
function restore(text) {
  let found;
  try {
    const word = decodeURIComponent(text.replace(/^#/, ""));
    if (word === "" || Object.hasOwn(SCENES, word)) return openScene(word || "own");
    found = JSON.parse(word);
    if (!isNet(found.net) || !found.sample.x.every(Number.isFinite) || !found.sample.y.every(Number.isFinite)) throw new Error();
    if (found.sample.x.length !== sizesOf(found.net)[0] || !isTarget(found.sample.y, found.net)) throw new Error();
  } catch {
    openScene("own");
    return tell("The address holds no state of this page.");
  }
  openScene(found.scene);
  state.net = found.net;
  takeSet(Object.hasOwn(SETS, found.data ?? "") && found.data !== "table" ? found.data : "own");
  if (!state.samples.every(({ x, y }) => x.length === found.sample.x.length && isTarget(y, found.net))) {
    openScene("own");
    return tell("The address is of a net whose samples are not here, as those of a table of yours.");
  }
  if (Object.hasOwn(GRAINS, found.grain ?? "")) state.grain = byId("grain").value = found.grain;
  restart();
  takeSample(Number.isInteger(found.index) ? Math.abs(found.index) % state.samples.length : 0);
  state.sample = { x: [...found.sample.x], y: [...found.sample.y] };
  compute();
  state.step = Math.max(0, Math.min(state.steps.length - 1, found.step | 0));
  state.chosen = typeof found.chosen === "string" && isPlace(found.chosen, found.net) ? found.chosen : null;
  light();
  showAll();
}

function isNet(net) {
  const rows = (layer) => Array.isArray(layer.W) && layer.W.length > 0 && layer.W.every((row) => Array.isArray(row) && row.every(Number.isFinite));
  return (
    Object.hasOwn(COSTS, net?.cost ?? "") &&
    Array.isArray(net.layers) &&
    net.layers.length > 0 &&
    net.layers.every((layer, l) => {
      const n = l ? net.layers[l - 1].W?.length : layer.W?.[0]?.length;
      const known = layer.activation === "identity" || ACTIVATIONS.includes(layer.activation);
      const biased = layer.b === null || (Array.isArray(layer.b) && layer.b.length === layer.W?.length && layer.b.every(Number.isFinite));
      return known && rows(layer) && layer.W.every((row) => row.length === n && n > 0) && biased;
    })
  );
}

/** Whether a net's cost takes a target. */
function isTarget(y, net) {
  const outputs = sizesOf(net)[net.layers.length];
  if (net.cost !== "cross_entropy") return y.length === outputs;
  return y.length === 1 && Number.isInteger(y[0]) && y[0] >= 0 && y[0] < outputs;
}

/** Whether a key names something that a net has: a weight, a bias, a neuron, an input, the cost. */
function isPlace(key, net) {
  const [kind, ...rest] = key.split(",");
  const [a, b, c] = rest.map(Number);
  const sizes = sizesOf(net);
  const within = (place, many) => Number.isInteger(place) && place >= 1 && place <= many;
  if (kind === "C") return rest.length === 0;
  if (kind === "x") return rest.length === 1 && within(a, sizes[0]);
  if (kind === "n") return rest.length === 2 && within(a - 1, sizes.length - 1) && within(b, sizes[a - 1]);
  if (!within(a, sizes.length - 1) || !within(b, sizes[a])) return false;
  return kind === "w" ? rest.length === 3 && within(c, sizes[a - 1]) : kind === "b" && rest.length === 2 && net.layers[a - 1].b !== null;
}

// net.json

/** Write a number as Python does. */
function pythonNumber(x) {
  if (Object.is(x, -0)) return "-0.0";
  if (x === 0 || Math.abs(x) >= 1e-4) return String(x);
  return x.toExponential().replace(/e-(\d)$/, "e-0$1");
}

const pythonList = (items) => `[${items.map((item) => (Array.isArray(item) ? pythonList(item) : pythonNumber(item))).join(", ")}]`;

/** The net as the file that nn.MLP.load reads, with its checksum. */
async function netJson(net) {
  const layers = net.layers.map(({ activation, W, b }) => ({ activation: `"${activation}"`, bias: b === null ? "null" : pythonList(b), weights: pythonList(W) }));
  const sizes = pythonList(sizesOf(net));
  const written = `[${layers.map(({ activation, bias, weights }) => `{"activation": ${activation}, "bias": ${bias}, "weights": ${weights}}`).join(", ")}]`;
  const packed = `{"format":"glassgrad net","layers":${written},"sizes":${sizes},"version":1}`.replace(/([:,]) /g, "$1");
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(packed)));
  const checksum = Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `{\n "format": "glassgrad net",\n "version": 1,\n "sizes": ${sizes},\n "layers": ${written},\n "sha256": "${checksum}"\n}\n`;
}

/** The net that such a file holds, with a cost that suits what it is shown. */
function netOfJson(text) {
  let net;
  try {
    const found = JSON.parse(text);
    if (found.format === "glassgrad net") {
      net = { cost: state.net.cost, layers: found.layers.map(({ activation, weights, bias }) => ({ activation, W: weights, b: bias })) };
    }
  } catch {
    // said below
  }
  if (!net || !isNet(net)) throw new Error("The file holds no net that nn.MLP.save has written, or one whose activations the page does not know.");
  return net;
}

/** Take a file: a net, or a table of samples. */
async function takeFile(file) {
  const text = await file.text();
  try {
    if (/\.json$/i.test(file.name)) takeNet(netOfJson(text));
    else takeTable(tableOf(text));
  } catch (error) {
    tell(`${file.name}: ${error.message}`);
  }
}

function takeNet(net) {
  const fits = (set) => set.X[0].length === sizesOf(net)[0] && outputsFor(set, net) === sizesOf(net)[net.layers.length];
  if (!fits(state.set) && fits(ownSet())) useSet("own");
  if (!fits(state.set)) throw new Error(`The net has ${sizesOf(net)[0]} inputs and ${sizesOf(net)[net.layers.length]} outputs; take samples first that fit.`);
  if (!suits(net.cost, state.set, net)) net.cost = "mse";
  replaceNet(net, "a net was loaded");
}

function takeTable(table, target = table.header[table.header.length - 1]) {
  const set = setOfTable(table, target);
  state.table = { ...table, target, set };
  useSet("table");
  tell(table.body.length === MOST_SAMPLES ? `The first ${MOST_SAMPLES} rows are taken.` : `${table.body.length} samples, ${set.X[0].length} columns that the net sees, scaled.`);
}

// Python

function pythonText() {
  const { net, sample } = state;
  const names = net.layers.map((layer) => layer.activation);
  const used = [...new Set(names)].filter((name) => name !== "identity");
  const of = (name) => (name === "identity" ? 'nn.ACTIVATIONS["identity"]' : name);
  const hidden = names.slice(0, -1).map(of);
  const y = net.cost === "cross_entropy" || sample.y.length === 1 ? pythonNumber(sample.y[0]) : pythonList(sample.y);
  const numbers = net.layers.map((layer) => `    (${pythonList(layer.W)}, ${layer.b === null ? "None" : pythonList(layer.b)}),`);
  return [
    "import nn",
    ...(used.length ? [`from autograd import ${used.sort().join(", ")}`] : []),
    "",
    `net = nn.MLP(${pythonList(sizesOf(net))}, [${hidden.join(", ")}], ${of(names[names.length - 1])}, bias=[${net.layers.map((layer) => (layer.b === null ? "False" : "True")).join(", ")}], rng=0)`,
    "numbers = [",
    ...numbers,
    "]",
    "for layer, (W, b) in zip(net.layers, numbers):",
    "    for j, neuron in enumerate(layer.neurons):",
    "        for weight, number in zip(neuron.weights, W[j]):",
    "            weight.data = number",
    "        if neuron.bias is not None:",
    "            neuron.bias.data = b[j]",
    `trace = net.trace(${pythonList(sample.x)})`,
    `cost = nn.${net.cost}(trace.outputs, ${y})`,
    "cost.backward()",
    "print(cost.data)",
    "print(trace)",
    "",
  ].join("\n");
}

/** Hand a text to the reader as a file. */
function save(name, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text])), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
