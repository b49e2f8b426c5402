// How the article writes things: w₂₂⁽²⁾ in text, and the same in MathML.

const digits = (number, zero) => String(number).replace(/\d/g, (d) => String.fromCodePoint(zero + Number(d)));
const lowered = (number) => digits(number, 0x2080);
const raised = (number) => String(number).replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);

/** A quantity: a letter, its layer, and its places in that; 0 layers for an input or an output, which have none. */
const quantity = (letter, layer, ...places) => ({ letter, layer, places });

function textOf({ letter, layer, places }) {
  const below = places.map(lowered).join(places.some((place) => place > 9) ? "," : "");
  return `${letter}${below}${layer ? `⁽${raised(layer)}⁾` : ""}`;
}

function mathOf({ letter, layer, places }) {
  const base = math("mi", letter);
  const below = math("mn", places.join(places.some((place) => place > 9) ? "," : ""));
  if (!layer) return places.length ? math("msub", base, below) : base;
  const above = math("mrow", math("mo", "("), math("mn", String(layer)), math("mo", ")"));
  return places.length ? math("msubsup", base, below, above) : math("msup", base, above);
}

const partialOf = (above, below) =>
  math("mfrac", math("mrow", math("mo", "∂"), mathOf(above)), math("mrow", math("mo", "∂"), mathOf(below)));

const COST = quantity("C", 0);
const LETTERS = { sigmoid: "σ", identity: "", leaky_relu: "leaky ReLU", relu: "ReLU" };
const functionName = (activation) => LETTERS[activation] ?? activation;
const layerName = (activation) => (activation === "identity" ? "linear" : functionName(activation));
