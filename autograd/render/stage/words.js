// Numbers and names for a reader: in text, and in MathML.

const byId = (id) => document.getElementById(id);

/** Write a number with four digits, and no -0; null is "not yet", which is not 0. */
function say(x) {
  if (x === null || x === undefined) return "·";
  return short(x === 0 ? 0 : x).replaceAll("-", "−");
}

/** The same as a factor: a negative one in brackets. */
const factorText = (x) => (x < 0 ? `(${say(x)})` : say(x));

/** Write what is a formula in Python for a reader. */
const inPrint = (text) => text.replaceAll(" ** 2", "²").replaceAll(" * ", " · ").replaceAll(" - ", " − ").replace(/(^|[( ])-/g, "$1−");

const MATHML = "http://www.w3.org/1998/Math/MathML";

function math(tag, ...inside) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...inside);
  return element;
}

function mathElement(...inside) {
  const element = math("math", ...inside);
  element.setAttribute("display", "inline");
  return element;
}

/** A name with its indices: w₂₂⁽²⁾ and x1 have them below and above the line. */
function mathName(name) {
  const slope = /^∂(.+)\/∂([^/]+)$/u.exec(name);
  if (slope) return mathPartial(slope[1].replace(/^\((.+)\)$/u, "$1"), slope[2]);
  const [, letters, below, above] = /^(\p{L}+)([\d₀-₉][\d₀-₉,]*)?([⁰¹²³⁴-⁹⁽⁾]*)$/u.exec(name) ?? [null, name];
  const base = math("mi", letters);
  if (below && above) return math("msubsup", base, math("mn", inLine(below)), math("mn", inLine(above)));
  if (below) return math("msub", base, math("mn", inLine(below)));
  return above ? math("msup", base, math("mn", inLine(above))) : base;
}

function mathPartial(above, below) {
  if (above.includes("∂")) return math("mrow", math("mfrac", math("mo", "∂"), math("mrow", math("mo", "∂"), mathName(below))), mathName(above));
  return math("mfrac", math("mrow", math("mo", "∂"), mathName(above)), math("mrow", math("mo", "∂"), mathName(below)));
}

function table(head, rows) {
  const line = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, {}, cell)));
  return make("table", {}, make("thead", {}, line("th", head)), make("tbody", {}, ...rows.map((row) => line("td", row))));
}

/** Take the colours of dark screens or of light ones. */
function useTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
