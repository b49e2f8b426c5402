// Graphs written as text that Python reads, and as LaTeX, with the fewest brackets, as in autograd/render/text; and what
// Python says where an op has no value.

const CALL = 9; // how tightly a function call or a name binds
const SIGN = 3;
const POWER = 4;
const DEEPEST = 40; // levels of nesting in one line

/** Write a float as Python's repr does. */
function pythonFloat(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const [digits, power] = x.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) {
    if (exponent >= 0) return Number.isInteger(x) ? `${BigInt(x)}.0` : String(x);
    return `${x < 0 ? "-" : ""}0.${"0".repeat(-exponent - 1)}${digits.replace(/[-.]/g, "")}`;
  }
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** The same, a whole one without the point. */
function numberText(x) {
  return Number.isInteger(x) && Math.abs(x) < 1e15 && !Object.is(x, -0) ? String(x) : pythonFloat(x);
}

const ofNumber = (text) => ({ text, binds: text.startsWith("-") ? SIGN : CALL, depth: 0 });
const deeper = (operands) => 1 + Math.max(0, ...operands.map((operand) => operand.depth));

/** Put the texts of operands into the places of a form. */
function written(op, language, texts) {
  const { pieces } = FORMS[op.name][language];
  if (pieces.length) return pieces.map((piece) => (isNumber(piece) ? texts[piece] : piece)).join("");
  return MANY[language](op.name, texts);
}

const MANY = {
  python(name, xs) {
    if (name !== "dot") return `${name}([${xs.join(", ")}])`;
    const [weights, inputs, bias] = dotParts(xs);
    return `dot([${weights.join(", ")}], [${inputs.join(", ")}]${bias.map((b) => `, ${b}`).join("")})`;
  },
  latex(name, xs) {
    if (name === "sum") return xs.join(" + ");
    if (name === "prod") return xs.join(" \\cdot ");
    if (name === "mean") return `\\frac{${xs.join(" + ")}}{${xs.length}}`;
    if (name === "logsumexp") return `\\ln\\left(${xs.map((x) => `e^{${x}}`).join(" + ")}\\right)`;
    const [weights, inputs, bias] = dotParts(xs);
    return [...weights.map((w, k) => `${w} \\cdot ${inputs[k]}`), ...bias].join(" + ");
  },
};

const PYTHON = {
  name: (label) => ({ text: label, binds: CALL, depth: 0 }),
  constant: (x) => ofNumber(numberText(x)),
  leaf: (x) => ofNumber(pythonFloat(x)),
  operation(op, operands) {
    const { needs, binds } = FORMS[op.name].python;
    const texts = operands.map(({ text, binds: own }, k) => (own < (needs[k] ?? 0) ? `(${text})` : text));
    return { text: written(op, "python", texts), binds, depth: deeper(operands) };
  },
};

function latexWriter() {
  const given = new Map();
  const taken = new Set();
  const constant = (x) => {
    const text = latexNumber(x);
    const binds = text.startsWith("-") || text.includes("cdot") ? SIGN : text.includes("^") ? POWER : CALL;
    return { text, binds, depth: 0 };
  };
  return {
    name(label) {
      if (!given.has(label)) {
        const text = latexName(label);
        given.set(label, taken.has(text) ? `\\texttt{${verbatim(label)}}` : text);
        taken.add(given.get(label));
      }
      const text = given.get(label);
      return { text, binds: text.includes("^") ? POWER : CALL, depth: 0 };
    },
    constant,
    leaf: constant,
    operation(op, operands) {
      const { needs, binds, signed } = FORMS[op.name].latex;
      if (operands.length === 1 && op.arity === undefined && written(op, "latex", [operands[0].text]) === operands[0].text) return operands[0];
      const texts = operands.map(({ text, binds: own }, k) => {
        const need = needs.length ? needs[Math.min(k, needs.length - 1)] : 0;
        const secondSign = need > 0 && text.startsWith("-") && (k > 0 || signed);
        return own < need || secondSign ? `\\left(${text}\\right)` : text;
      });
      return { text: written(op, "latex", texts), binds, depth: deeper(operands) };
    },
  };
}

/** Write what computed a node: what is defined first, by name, and the expression. */
function writeExpression(writer, root, names) {
  const order = topological(root);
  const taken = new Set(Array.from(names.values(), (name) => name.normalize("NFKC")));
  let n = 0;
  const spare = () => {
    do n += 1;
    while (taken.has(`v${n}`));
    return `v${n}`;
  };
  const uses = new Map();
  for (const node of order) for (const parent of node.parents) uses.set(parent, (uses.get(parent) ?? 0) + 1);
  const definitions = [];
  const texts = new Map();
  for (const node of order) {
    if (node.op === null) {
      texts.set(node, names.has(node) ? writer.name(names.get(node)) : writer.leaf(node.data));
      continue;
    }
    let text = writer.operation(node.op, node.args.map((arg) => (isNumber(arg) ? writer.constant(arg) : texts.get(arg))));
    if (node !== root && ((uses.get(node) ?? 0) > 1 || text.depth >= DEEPEST)) {
      const name = writer.name(names.get(node) ?? spare());
      definitions.push([name.text, text.text]);
      text = name;
    }
    texts.set(node, text);
  }
  return [definitions, texts.get(root).text];
}

/** Write the expression that computed a Value, in Python; names is a Map from nodes to names. */
function toText(root, names) {
  const [definitions, text] = writeExpression(PYTHON, root, names);
  return [...definitions.map(([name, defined]) => `${name} = ${defined}`), text].join("\n");
}

/** Write the expression that computed a Value, in LaTeX. */
function toLatex(root, names) {
  const [definitions, text] = writeExpression(latexWriter(), root, names);
  if (definitions.length === 0) return text;
  const lines = definitions.map(([name, defined]) => `${name} &= ${defined} \\\\`);
  return ["\\begin{aligned}", ...lines, `& ${text}`, "\\end{aligned}"].join("\n");
}

/** Write the op of a node, given the names of its operands. */
function operationText(node, nameOf) {
  return written(node.op, "python", node.args.map((arg) => (isNumber(arg) ? numberText(arg) : nameOf(arg))));
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾";
const PLAIN = "0123456789()";
const inLine = (text) => text.replace(/[₀-₉⁰¹²³⁴-⁹⁽⁾]/gu, (c) => PLAIN[Math.max(SUBSCRIPTS.indexOf(c), SUPERSCRIPTS.indexOf(c))]);
const SPECIAL = { "\\": "\\textbackslash{}", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}" };
// A word, a subscript, a superscript, and a number that tells it from others: w₂₂⁽²⁾, x_max, a₁⁽¹⁾_2.
const NAME = /^([[\p{L}\p{N}]--\p{Nd}]+?)(?:_(?=.))?([\p{Nd}₀-₉][\p{Nd}₀-₉,]*|(?<=_)[\p{L}\p{N}_]+)?([⁰¹²³⁴-⁹⁽⁾]*)(?:(?<=[⁰-⁹⁽⁾¹²³])_(\p{Nd}+))?$/v;

/** Write a label in LaTeX, with any characters. */
function latexName(label) {
  let found = /^∂\((.+)\)\/∂([^/]+)$/u.exec(label);
  if (found) return `\\frac{\\partial}{\\partial ${latexName(found[2])}} ${latexName(found[1])}`;
  found = /^∂([^/]+)\/∂([^/]+)$/u.exec(label);
  if (found) return `\\frac{\\partial ${latexName(found[1])}}{\\partial ${latexName(found[2])}}`;
  found = /^([^[\]]+)((?:\[\d+\])+)$/u.exec(label);
  if (found) {
    const base = latexName(found[1]);
    const places = found[2].slice(1, -1).replaceAll("][", ",");
    return /[_^]/.test(base) ? `{${base}}_{${places}}` : `${base}_{${places}}`;
  }
  const parts = NAME.exec(label);
  if (!parts) return `\\text{${verbatim(label)}}`;
  let below = inLine(parts[2] ?? "");
  const above = inLine(parts[3]);
  if (!/^(?:[\p{Nd},]*|[a-zA-Z])$/u.test(below)) below = `\\mathrm{${verbatim(below)}}`;
  const name = latexLetters(parts[1]) + (below ? `_{${below}}` : "") + (above ? `^{${above}}` : "");
  return parts[4] ? `{${name}}_{${parts[4]}}` : name;
}

/** Write text as text; what is small below or above the line becomes so. */
function verbatim(label) {
  const text = Array.from(label, (c) => SPECIAL[c] ?? ("{}$&#%_".includes(c) ? `\\${c}` : c)).join("");
  return text.replace(/[₀-₉]+/gu, (small) => `$_{${inLine(small)}}$`).replace(/[⁰¹²³⁴-⁹⁽⁾]+/gu, (small) => `$^{${inLine(small)}}$`);
}

function latexLetters(word) {
  if (Object.hasOwn(LATEX_LETTERS, word)) return `\\${LATEX_LETTERS[word]}`;
  if (Object.values(LATEX_LETTERS).includes(word)) return `\\${word}`;
  if (/[^\0-\x7f]/.test(word)) return `\\text{${verbatim(word).normalize("NFKC")}}`;
  return word.length === 1 ? word : `\\mathrm{${word}}`;
}

function latexNumber(x) {
  const text = numberText(x);
  const [mantissa, exponent] = text.split("e");
  if (exponent === undefined) return text.replace("inf", "\\infty").replace("nan", "\\mathrm{NaN}");
  const power = `10^{${Number(exponent)}}`;
  return mantissa === "1" ? power : mantissa === "-1" ? `-${power}` : `${mantissa} \\cdot ${power}`;
}

/** What Python raises where a node has no value, in its words; null where it has one. */
function failure({ op, args, data }) {
  if (op === null || op.arity === undefined || Number.isFinite(data)) return null;
  const numbers = args.map(numberOf);
  if (!numbers.every(Number.isFinite)) return null; // what is nan or inf already comes through
  const { outside, zero, overflow } = FORMS[op.name];
  const named = () => args.map((arg) => (arg.label ? `${pythonFloat(arg.data)} from node ${quoted(arg.label)}` : pythonFloat(numberOf(arg)))).join(" and ");
  const words = zero && numbers.includes(0) ? zero : outside && (Number.isNaN(data) || !overflow) ? outside : overflow;
  return words ? `${words}; got ${named()}` : null;
}

/** Write text as Python's repr does. */
function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = Array.from(text, (c) => {
    if (c === quote || c === "\\") return `\\${c}`;
    if (c === " " || !/[\p{C}\p{Z}]/u.test(c)) return c;
    const named = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[c];
    const code = c.codePointAt(0).toString(16);
    return named ?? (code.length <= 2 ? `\\x${code.padStart(2, "0")}` : code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`);
  });
  return quote + inside.join("") + quote;
}
