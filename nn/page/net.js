// A net as plain numbers, and what it computes for a sample as Values: z = w·a + b, a = f(z) and the cost C. Layers
// count from 1, the input, as in the article; what leads from layer l to layer l + 1 has the number l.

/** A layer: { activation, W: a row of weights for each neuron, b: their biases or null }. */
const sizesOf = (net) => [net.layers[0].W[0].length, ...net.layers.map((layer) => layer.W.length)];

const minus = (a, b) => apply("sub", a, b);

function huberTerm(s, y) {
  const e = minus(s, y);
  const inner = apply("maximum", apply("minimum", e, 1), -1);
  return apply("mul", inner, minus(e, apply("mul", 0.5, inner)));
}

function logisticTerm(s, y) {
  if (y === 0 || y === 1) return apply("softplus", y ? apply("neg", s) : s);
  return apply("add", apply("strong_mul", y, apply("softplus", apply("neg", s))), apply("strong_mul", 1 - y, apply("softplus", s)));
}

/** What one output costs, for the costs that are a mean over the outputs; and what its derivative is in words. */
const TERMS = {
  mse: { name: "mean squared error", text: "(s − y)²", term: (s, y) => apply("pow", minus(s, y), 2), low: 0, high: 1 },
  mae: { name: "mean absolute error", text: "|s − y|", term: (s, y) => apply("abs", minus(s, y)), low: 0, high: 1 },
  huber: { name: "Huber", text: "Huber(s − y)", term: huberTerm, low: 0, high: 1 },
  hinge: { name: "hinge", text: "max(0, 1 − ys)", term: (s, y) => apply("relu", minus(1, apply("mul", y, s))), low: -1, high: 1 },
  binary_cross_entropy: { name: "cross-entropy of two", text: "−log P(y)", term: logisticTerm, low: 0, high: 1 },
};
const COSTS = { ...TERMS, cross_entropy: { name: "cross-entropy", text: "−log softmax(s)ᵧ", brief: "−log P(y)" } };

/** The cost of the outputs for a target: a number for each output, or for "cross_entropy" the number of the class. */
function costOf(name, outputs, target) {
  if (name === "cross_entropy") {
    const right = outputs[target[0]];
    return apply("logsumexp", ...outputs.map((x, j) => (j === target[0] && outputs.length > 1 ? 0 : minus(x, right))));
  }
  const terms = outputs.map((s, j) => TERMS[name].term(s, target[j]));
  return terms.length === 1 ? terms[0] : apply("mean", ...terms);
}

/** The parameters of a net as Values. */
function parametersOf(net) {
  return net.layers.map((layer) => ({
    activation: layer.activation,
    W: layer.W.map((row) => row.map((w) => new Value(w))),
    b: layer.b === null ? null : layer.b.map((b) => new Value(b)),
  }));
}

const IDENTITY = { name: "identity", arity: 1, value: (z) => z, chooses: false };

/** What an activation is on numbers; the identity is no op of the table, as it makes no node. */
const functionOf = (name) => (name === "identity" ? IDENTITY : OPS[name]);

const activate = (name, z) => (name === "identity" ? z : apply(name, z));

/** Send a sample through: a[l] for l = 1 … L, z[l] from 2 on, and W[l], b[l] for what leads from layer l. */
function forward(parameters, numbers) {
  const trace = { a: [null, numbers.map((x) => new Value(x))], z: [null, null], W: [null], b: [null] };
  parameters.forEach(({ activation, W, b }, k) => {
    const inputs = trace.a[k + 1];
    const z = W.map((row, j) => apply("dot", ...row, ...inputs, ...(b === null ? [] : [b[j]])));
    trace.W.push(W);
    trace.b.push(b);
    trace.z.push(z);
    trace.a.push(z.map((value) => activate(activation, value)));
  });
  return trace;
}

/** A sample on its way through a net, and back: after this every node has its gradient. */
function record(net, x, target) {
  const trace = forward(parametersOf(net), x);
  trace.C = costOf(net.cost, trace.a[trace.a.length - 1], target);
  trace.C.backward();
  return trace;
}

/**
 * The means over some samples, shaped as what is recorded of one; a gradient is that of the mean cost. A z has the
 * largest of its numbers too, which tells whether a ReLU is dead for all of them.
 */
function recordMean(net, samples) {
  const parameters = parametersOf(net);
  const share = 1 / samples.length;
  let mean;
  for (const { x, y } of samples) {
    const trace = forward(parameters, x);
    trace.C = costOf(net.cost, trace.a[trace.a.length - 1], y);
    trace.C.backward(share);
    mean ??= { ...trace, a: blank(trace.a), z: blank(trace.z), C: { data: 0, grad: 1 } };
    for (const letter of ["a", "z"]) mean[letter].forEach((row, l) => row?.forEach((node, j) => gather(node, trace[letter][l][j], share)));
    mean.C.data += trace.C.data * share;
  }
  return mean;
}

const blank = (rows) => rows.map((row) => row && row.map(() => ({ data: 0, grad: 0, largest: -Infinity })));

function gather(mean, node, share) {
  mean.data += node.data * share;
  mean.grad += node.grad;
  mean.largest = Math.max(mean.largest, node.data);
}

/** The activations of all layers after the input, in plain numbers. */
function activationsOf(net, x) {
  let a = x;
  return net.layers.map(({ activation, W, b }) => {
    const f = functionOf(activation).value;
    const inputs = a;
    a = W.map((row, j) => f(VARIADIC.dot.value([...row, ...inputs, ...(b === null ? [] : [b[j]])])));
    return a;
  });
}

/** The outputs alone. */
const predict = (net, x) => activationsOf(net, x)[net.layers.length - 1];

// Training

/** For each parameter where it stands, in the net and in a trace, and what it is: optimisers see one list of numbers. */
function placesOf(net) {
  const places = [];
  net.layers.forEach((layer, l) => {
    layer.W.forEach((row, j) => row.forEach((_, k) => places.push([row, k, (p) => p.W[l + 1][j][k], ["w", l + 1, j + 1, k + 1]])));
    (layer.b ?? []).forEach((_, j) => places.push([layer.b, j, (p) => p.b[l + 1][j], ["b", l + 1, j + 1]]));
  });
  return places;
}

/** The mean cost of some samples, and its gradient as a list. */
function meanGradient(net, samples) {
  const parameters = parametersOf(net);
  let cost = 0;
  for (const { x, y } of samples) {
    const trace = forward(parameters, x);
    const C = costOf(net.cost, trace.a[trace.a.length - 1], y);
    C.backward(1 / samples.length);
    cost += C.data / samples.length;
  }
  const all = { W: [null, ...parameters.map(({ W }) => W)], b: [null, ...parameters.map(({ b }) => b)] };
  return { cost, gradient: placesOf(net).map(([, , of]) => of(all).grad) };
}

/** The optimisers of nn with its defaults: each takes a weight, its slope, ε, what it keeps for it, and the step t. */
const OPTIMISERS = {
  SGD: (w, g, rate) => w - rate * g,
  RMSProp(w, g, rate, memory) {
    memory.v = 0.99 * (memory.v ?? 0) + (1 - 0.99) * g * g;
    return w - rate * (g / (Math.sqrt(memory.v) + 1e-8));
  },
  Adam(w, g, rate, memory, t) {
    memory.m = 0.9 * (memory.m ?? 0) + (1 - 0.9) * g;
    memory.v = 0.999 * (memory.v ?? 0) + (1 - 0.999) * g * g;
    return w - (rate / (1 - 0.9 ** t)) * (memory.m / (Math.sqrt(memory.v) / Math.sqrt(1 - 0.999 ** t) + 1e-8));
  },
  AdamW: (w, g, rate, memory, t) => OPTIMISERS.Adam(w * (1 - rate * 0.01), g, rate, memory, t),
};

/** What an optimiser makes of a weight: its next number, and what it then keeps for it. */
function nextOf(optimiser, w, slope, rate, kept, t) {
  const memory = { ...kept };
  return { w: OPTIMISERS[optimiser](w, slope, rate, memory, t), memory };
}

/** One step of an optimiser on some samples, in place; returns their mean cost before it. */
function descend(net, samples, optimiser, rate, course) {
  const { cost, gradient } = meanGradient(net, samples);
  course.t += 1;
  placesOf(net).forEach(([row, k], n) => {
    const next = nextOf(optimiser, row[k], gradient[n], rate, course.memory[n], course.t);
    row[k] = next.w;
    course.memory[n] = next.memory;
  });
  return cost;
}

// Weights to begin with

/** Numbers from 0 to 1 that a seed determines. Source: Steele, Lea and Flood 2014, in 32 bits. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A net whose weights are drawn: Xavier's uniform ones, or He's where f is 0 on one side. */
function drawn(sizes, activations, cost, seed) {
  const random = generator(seed);
  const layers = activations.map((activation, l) => {
    const [n, m] = [sizes[l], sizes[l + 1]];
    const reach = Math.sqrt(6 / (/relu|elu|gelu|silu/.test(activation) ? n : n + m));
    const draw = () => (2 * random() - 1) * reach;
    return { activation, W: Array.from({ length: m }, () => Array.from({ length: n }, draw)), b: new Array(m).fill(0) };
  });
  return { cost, layers };
}
