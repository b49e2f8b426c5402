// Derivatives of a recorded graph as graphs, as in autograd/diff/sweeps.py and reach.py: with the partials that RULES
// has for each op, with guards where a gradient of nothing could meet a slope of infinity.

const isZero = (x) => x === 0;
const isOne = (x) => x === 1;

/** Write a product of two factors, leaving out a 1. */
function productOf(a, b) {
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  if (a === -1) return calc("neg", b);
  return b === -1 ? calc("neg", a) : calc("mul", a, b);
}

/** Add up upstream · partial in at most one node, leaving out zeros and ones that are constants. */
function addUp(contributions) {
  let constant = 0;
  const products = [];
  for (const [upstream, partial] of contributions) {
    if (isNumber(upstream) && isNumber(partial)) constant += upstream ? upstream * partial : 0;
    else if (!isZero(upstream) && !isZero(partial)) products.push([upstream, partial]);
  }
  if (products.length === 0) return constant;
  if (products.length === 1 && constant === 0) return productOf(...products[0]);
  const rest = constant === 0 ? [] : [constant];
  if (products.every(([a, b]) => isOne(a) || isOne(b))) return apply("sum", ...products.map(([a, b]) => (isOne(a) ? b : a)), ...rest);
  return apply("dot", ...products.map(([a]) => a), ...products.map(([, b]) => b), ...rest);
}

/** The nodes of an order that are among some, or depend on one of them. */
function dependingOn(xs, order) {
  const kept = new Set();
  const start = new Set(xs);
  for (const node of order) if (start.has(node) || node.parents.some((parent) => kept.has(parent))) kept.add(node);
  return kept;
}

/** Each active parent with ∂node/∂parent, and with what hands numbers on where the op chooses. */
function edgesOf(node, active) {
  const { op, args } = node;
  if (!args.some((arg) => active.has(arg))) return [];
  const rules = RULES[op.name];
  if (rules === undefined) throw new TypeError(`the derivative of ${op.name} is not written in primitives`);
  const every = rules.partials ? null : op.partials(node, args);
  return args.flatMap((parent, k) => {
    if (!active.has(parent)) return [];
    const partial = every ? every[k] : rules.partials[k](node, ...args);
    const hand = rules.hands?.[k];
    const isUndefined = rules.undefined?.[k] ?? false;
    return [{ parent, partial, handsOn: hand ? (g) => hand(g, ...args) : null, isUndefined }];
  });
}

/** Tells of nodes whether something holds of all that they are computed from; it looks at each node once. */
function everywhere(holds) {
  const known = new Map();
  const knownOf = (arg) => (isNumber(arg) ? holds(arg) : known.get(arg));
  return (x) => {
    if (isNumber(x)) return holds(x);
    const waiting = [x];
    while (waiting.length) {
      const node = waiting[waiting.length - 1];
      const missing = node.parents.filter((parent) => !known.has(parent));
      if (missing.length) waiting.push(...missing);
      else {
        waiting.pop();
        known.set(node, holds(node) && node.args.every(knownOf));
      }
    }
    return known.get(x);
  };
}

/** Whether this is finite if its operands are, whatever finite numbers they hold. */
function isFiniteHere(x) {
  return Number.isFinite(numberOf(x)) && (isNumber(x) || !mayFail(x));
}

function mayFail(node) {
  if (node.op === null || !RULES[node.op.name]?.pole) return false;
  const second = node.args[node.args.length - 1];
  if (node.op.name === "div" && isNumber(second)) return second === 0;
  if (node.op.name === "pow" && isNumber(second)) return second < 0 || second % 1 !== 0;
  return true;
}

const isSmooth = (x) => isNumber(x) || x.op === null || !x.op.undefined;

/** Whether a gradient reaches a node, over edges that were taken: a condition, written down only if asked for. */
class Reach {
  constructor() {
    this.always = false;
    this.sources = [];
    this.known = null;
  }

  /** Let the node also be reached from another, over a plain edge or from the hand of a choice. */
  add(source, hand) {
    if (source.always && hand === null) this.always = true;
    else if (!this.always) this.sources.push([source.always ? null : source, hand]);
  }

  /** Write the condition as a number that is positive where it holds, and else 0; at a kink it is nan. */
  written() {
    const waiting = [this];
    while (waiting.length) {
      const reach = waiting[waiting.length - 1];
      const missing = reach.sources.flatMap(([source]) => (source !== null && source.known === null ? [source] : []));
      if (missing.length) waiting.push(...missing);
      else {
        waiting.pop();
        const unique = reach.sources.filter(([s, h], k) => reach.sources.findIndex(([t, i]) => s === t && h === i) === k);
        reach.known = anyOf(unique.map(([source, hand]) => handed(source, hand)));
      }
    }
    return this.known;
  }
}

function handed(source, hand) {
  const number = source === null ? 1 : source.known;
  return hand === null ? number : conditionOf(hand(number), number);
}

/** Turn what a hand makes of a positive number into whether it makes anything of it. */
function conditionOf(made, number) {
  if (made === number) return number;
  if (isNumber(made)) return Number(made !== 0);
  const [c, a, b] = made.args;
  if (made.op.name === "where") return calc("where", c, conditionOf(a, number), conditionOf(b, number));
  if (made.op.name === "branch") {
    return calc("branch", c, conditionOf(a, number), calc("branch", calc("neg", c), conditionOf(b, number), NaN));
  }
  return calc("abs", made);
}

function anyOf(conditions) {
  return conditions.length === 0 ? 0 : conditions.length === 1 ? conditions[0] : calc("sum", ...conditions);
}

/** Two factors of what arrives at the other end of an edge of a node. */
function guarded(node, { partial, handsOn, isUndefined }, sent, reach, finite, smooth) {
  if (isNumber(sent)) return [sent, partial]; // a constant that is sent is not 0
  if (handsOn !== null && !isUndefined) return [handsOn(sent), 1];
  let product;
  if (handsOn !== null) product = handsOn(sent);
  else {
    const isHarmless = finite(partial) || (RULES[node.op.name]?.steady && node.args.every(finite));
    if (isHarmless && (reach.always || smooth(partial))) return [sent, partial];
    product = calc(isHarmless ? "mul" : "strong_mul", sent, partial);
  }
  return [reach.always ? product : calc("guard", reach.written(), product), 1];
}

function derivativeName(y, x) {
  if (!y || !x) return "";
  return y.includes("∂") ? `∂(${y})/∂${x}` : `∂${y}/∂${x}`;
}

/** Differentiate y towards each x: as Values, which are graphs themselves. */
function gradients(y, xs) {
  const order = topological(y);
  const known = new Set(order);
  const active = dependingOn(xs, order);
  const contributions = new Map(Array.from(active, (node) => [node, []]));
  const reaches = new Map(Array.from(active, (node) => [node, new Reach()]));
  if (active.has(y)) {
    contributions.get(y).push([1, 1]);
    reaches.get(y).always = true;
  }
  const found = new Map(xs.map((x) => [x, 0]));
  const [finite, smooth] = [everywhere(isFiniteHere), everywhere(isSmooth)];
  for (const node of [...active].reverse()) {
    const cotangent = addUp(contributions.get(node));
    const reach = reaches.get(node);
    if (!isNumber(cotangent) && !known.has(cotangent) && !cotangent.label) cotangent.label = derivativeName(y.label, node.label);
    if (found.has(node)) found.set(node, cotangent);
    if (isZero(cotangent)) continue;
    for (const edge of edgesOf(node, active)) {
      if (isZero(edge.partial)) continue;
      contributions.get(edge.parent).push(guarded(node, edge, cotangent, reach, finite, smooth));
      reaches.get(edge.parent).add(reach, edge.isUndefined ? null : edge.handsOn);
    }
  }
  return xs.map((x) => {
    const g = found.get(x);
    return isNumber(g) ? new Value(g, derivativeName(y.label, x.label)) : g;
  });
}
