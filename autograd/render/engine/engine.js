// The engine of the pages: a Value records its operands and the local derivative towards each of them, and backward()
// applies the chain rule node by node, as in Python. OPS is the table; ops of any number of operands are these.

const isNumber = (x) => typeof x === "number";
const numberOf = (x) => (isNumber(x) ? x : x.data);

/** Compute an op on numbers, or record it where one of the operands is a Value. */
function calc(name, ...args) {
  return args.some((arg) => arg instanceof Value) ? apply(name, ...args) : valueOf(opOf(name), args);
}

const opOf = (name) => (Object.hasOwn(OPS, name) ? OPS[name] : VARIADIC[name]);
const valueOf = (op, numbers) => (op.arity === undefined ? op.value(numbers) : op.value(...numbers));

const sumOf = (xs) => xs.reduce((a, b) => a + b);

/** The operands of a dot product: as many weights as inputs, and a bias if their number is odd. */
function dotParts(xs) {
  const n = xs.length >> 1;
  return [xs.slice(0, n), xs.slice(n, 2 * n), xs.slice(2 * n)];
}

// The partials are of numbers or, in derivatives that are graphs themselves, of Values.
const VARIADIC = {
  sum: { name: "sum", symbol: "Σ", value: sumOf, partials: (y, xs) => xs.map(() => 1) },
  mean: { name: "mean", symbol: "mean", value: (xs) => sumOf(xs) / xs.length, partials: (y, xs) => xs.map(() => 1 / xs.length) },
  dot: {
    name: "dot",
    symbol: "w·x",
    value(xs) {
      const [weights, inputs, bias] = dotParts(xs);
      return weights.reduce((total, w, k) => total + w * inputs[k], bias.length ? bias[0] : 0);
    },
    partials(y, xs) {
      const [weights, inputs, bias] = dotParts(xs);
      return [...inputs, ...weights, ...bias.map(() => 1)];
    },
  },
  prod: { name: "prod", symbol: "∏", value: (xs) => xs.reduce((a, b) => a * b), partials: (y, xs) => productsOfOthers(xs) },
  logsumexp: { name: "logsumexp", symbol: "logsumexp", value: logsumexp, partials: (y, xs) => softmax(xs) },
};

/** For each operand the product of all others, without dividing: an operand may be 0. */
function productsOfOthers(xs) {
  const products = new Array(xs.length).fill(1);
  for (let k = 1; k < xs.length; k++) products[k] = k === 1 ? xs[0] : calc("mul", products[k - 1], xs[k - 1]);
  let after = xs[xs.length - 1];
  for (let k = xs.length - 2; k >= 0; k--) {
    products[k] = k === 0 ? after : calc("mul", products[k], after);
    after = calc("mul", after, xs[k]);
  }
  return products;
}

/** eᵐ · (1 + s) with the largest m, so that the logarithm of 1 + s has all its digits. */
function logsumexp(xs) {
  let [m] = xs;
  let s = 0;
  for (const x of xs.slice(1)) {
    const distance = Math.abs(m - x);
    const e = Math.exp(distance > 0 ? -distance : 0);
    s = x - m > 0 ? e + s * e : s + e;
    m = maximum(m, x);
  }
  return m + Math.log1p(s);
}

function softmax(xs) {
  const logits = xs.map((x) => calc("finite", x));
  const largest = logits.reduce((a, b) => calc("where", calc("sub", a, b), a, b));
  const exponentials = logits.map((x) => calc("exp", calc("sub", x, largest)));
  const total = calc("sum", ...exponentials);
  return exponentials.map((e) => calc("div", e, total));
}

class Value {
  constructor(data, label = "", op = null, args = []) {
    this.data = data;
    this.label = label;
    this.op = op;
    this.args = args;
    this.parents = [];
    this.partials = [];
    this.grad = 0;
  }

  /** Add ∂this/∂node to the gradient of every node on which this one depends. */
  backward(seed = 1) {
    for (const [node, cotangent] of cotangents(topological(this), seed)) node.grad += cotangent;
  }
}

/** ∂y/∂node for each node of an order that y, its last, reaches: after all steps back, or after the first few. */
function cotangents(order, seed = 1, steps = order.length) {
  const found = new Map([[order[order.length - 1], seed]]);
  for (let k = order.length - 1; k >= order.length - steps; k--) {
    const node = order[k];
    const upstream = found.get(node);
    if (upstream === undefined) continue;
    node.parents.forEach((parent, j) => {
      const product = carried(upstream, node, node.partials[j]);
      if (product === null) return;
      const before = found.get(parent);
      found.set(parent, before === undefined ? product : before + product);
    });
  }
  return found;
}

/** What a gradient sends over an edge: null, nothing, over one that a choice did not take; and 0 stays 0. */
function carried(upstream, node, partial) {
  if (node.op.chooses && partial === 0) return null;
  if (upstream === 0) return node.op.undefined && Number.isNaN(partial) ? NaN : 0;
  return upstream * partial;
}

/** Apply an op of the table to Values and numbers. */
function apply(name, ...args) {
  const node = new Value(0, "", opOf(name), args);
  node.parents = args.filter((arg) => arg instanceof Value);
  recompute(node);
  return node;
}

/** Compute a node from what its operands hold now: its number, and the local derivatives. */
function recompute(node) {
  const { op, args } = node;
  const numbers = args.map(numberOf);
  node.data = valueOf(op, numbers);
  const every = op.arity === undefined ? op.partials(node.data, numbers) : null;
  node.partials = [];
  args.forEach((arg, k) => {
    if (arg instanceof Value) node.partials.push(every ? every[k] : op.partials[k](node.data, ...numbers));
  });
}

/** All nodes on which some depend, parents first; without recursion. */
function topological(...roots) {
  const order = [];
  const seen = new Set();
  const waiting = roots.reverse().map((root) => [root, 0]);
  while (waiting.length) {
    const frame = waiting[waiting.length - 1];
    const [node, next] = frame;
    if (next === 0) {
      if (seen.has(node)) {
        waiting.pop();
        continue;
      }
      seen.add(node);
    }
    if (next < node.parents.length) {
      frame[1]++;
      if (!seen.has(node.parents[next])) waiting.push([node.parents[next], 0]);
    } else {
      waiting.pop();
      order.push(node);
    }
  }
  return order;
}
