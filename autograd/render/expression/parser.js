// Expressions as people type them: the grammar of autograd/parse.py, in the same functions by the same names. GRAMMAR
// holds its tables. Places count characters, not the halves of them of which JavaScript's strings are made.

const ONLY = "only numbers, names, + - * / ** and functions may stand here, not";
const NUMBER = new RegExp(GRAMMAR.number, "y");
const WHITE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/gu;
const BEGINS_NAME = /^[\p{XID_Start}_]$/u;
const GOES_ON = /^\p{XID_Continue}$/u;

/** An expression that cannot be read, or has no value. */
class ExpressionError extends Error {
  constructor(message, column = 0, suggestion = "") {
    super(column ? `column ${column}: ${message}` : message);
    Object.assign(this, { words: message, column, suggestion });
  }
}

/** What is wrong with an expression at a place, counted from 0, and what would mend it. */
class Fault extends Error {
  constructor(start, message, fix = null) {
    super(message);
    Object.assign(this, { start, fix });
  }
}

const fixOf = (start, end, text) => ({ start, end, text });

/** Read an expression: the steps that compute it on a stack, operands before what they go into. */
function parse(text) {
  const characters = Array.from(text);
  if (characters.length > GRAMMAR.longest) {
    throw new ExpressionError(`an expression has at most ${GRAMMAR.longest.toLocaleString("en")} characters`, GRAMMAR.longest + 1);
  }
  const line = Array.from(text.replace(WHITE, " ").replace(/ +$/, ""));
  if (line.length === 0) throw new ExpressionError("the expression is empty", 1);
  try {
    return new Parser(line).whole();
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const suggestion = mended(line, fault.fix);
    const length = Array.from(suggestion).length;
    const meant = length > 0 && length <= 100 ? `; did you mean ${suggestion}?` : "";
    throw new ExpressionError(`${fault.message}${meant}`, fault.start + 1, suggestion);
  }
}

/** The names that need a value, in the order in which they first appear. */
function namesIn(steps) {
  return [...new Set(steps.filter(({ kind, what }) => kind === "name" && !Object.hasOwn(GRAMMAR.constants, what)).map(({ what }) => what))];
}

/**
 * Compute an expression on Values: { root, made, failures }. An op that has no value gives what IEEE 754 says.
 *
 * leaves is a Map from names to Values; made one from each further node to the column of its text; failures are what
 * Python raises, the first one first, as { node, column, words }: of constants there is no node.
 */
function evaluate(steps, leaves) {
  const stack = [];
  const made = new Map();
  const failures = [];
  for (const { kind, what, takes, column } of steps) {
    const operands = takes ? stack.splice(-takes) : [];
    if (kind === "op") {
      const args = operandsOf(what, operands, column);
      const result = calc(what, ...args);
      const node = isNumber(result) ? null : result;
      if (node) made.set(node, column);
      const words = failure(node ?? { op: opOf(what), args, data: result });
      if (words !== null) failures.push({ node, column, words });
      stack.push(result);
    } else if (kind === "name") {
      stack.push(Object.hasOwn(GRAMMAR.constants, what) ? GRAMMAR.constants[what] : leaves.get(what));
    } else stack.push(kind === "number" ? what : operands);
  }
  const [result] = stack;
  return { root: isNumber(result) ? new Value(result) : result, made, failures };
}

/** The operands of an op, given those of its call, of which some are lists. */
function operandsOf(name, operands, column) {
  if (name === "dot") {
    const [weights, inputs, bias = 0] = operands;
    if (weights.length !== inputs.length) throw new ExpressionError(`dot needs as many weights as inputs; got ${weights.length} and ${inputs.length}`, column);
    return Object.is(bias, 0) && weights.length ? [...weights, ...inputs] : [...weights, ...inputs, bias];
  }
  if (!Array.isArray(operands[0])) return operands;
  if (operands[0].length === 0) throw new ExpressionError(`${name} needs at least one value`, column);
  return operands[0];
}

/** Mend an expression, over and over, until it can be read; an empty text if it never can. */
function mended(line, fix) {
  for (let k = 0; k < GRAMMAR.mostFixes && fix !== null; k++) {
    line = [...line.slice(0, fix.start), ...Array.from(fix.text), ...line.slice(fix.end)];
    try {
      new Parser(line).whole();
      return line.join("").trim();
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      ({ fix } = fault);
    }
  }
  return "";
}

function tokensOf(line) {
  const found = [];
  let place = 0;
  while (place < line.length) {
    if (line[place] === " ") place += 1;
    else {
      const [kind, end] = tokenAt(line, place);
      found.push({ kind, text: line.slice(place, end).join(""), start: place, end });
      place = end;
    }
  }
  return [...found, { kind: "end", text: "", start: place, end: place }];
}

function tokenAt(line, start) {
  if (/[0-9.]/.test(line[start])) {
    let end = start;
    while (end < line.length && /^[0-9a-zA-Z_.+-]$/.test(line[end])) end += 1;
    NUMBER.lastIndex = 0;
    const number = NUMBER.exec(line.slice(start, end).join(""));
    if (number) return ["number", start + number[0].length];
  }
  if (BEGINS_NAME.test(line[start])) {
    const end = endOfName(line, start);
    let dotted = end;
    while (line[dotted] === "." && BEGINS_NAME.test(line[dotted + 1] ?? "")) dotted = endOfName(line, dotted + 1);
    return dotted === end ? ["name", end] : ["other", dotted]; // an attribute
  }
  const two = `${line[start]}${line[start + 1] ?? ""}`;
  if (two === "**") return ["sign", start + 2];
  if (two === "//") return ["other", start + 2];
  if ("-+*/()[],".includes(line[start])) return ["sign", start + 1];
  let end = start + 1;
  while (Object.hasOwn(GRAMMAR.small, line[start]) && Object.hasOwn(GRAMMAR.small, line[end] ?? "")) end += 1;
  return ["other", end];
}

function endOfName(line, place) {
  while (place < line.length && GOES_ON.test(line[place]) && !Object.hasOwn(GRAMMAR.inPrint, line[place])) place += 1; // x·y is a product
  return place;
}

/** Reads a line by precedence climbing, and writes the steps that compute it. */
class Parser {
  constructor(line) {
    Object.assign(this, { line, tokens: tokensOf(line), place: 0, depth: 0, steps: [] });
  }

  get token() {
    return this.tokens[this.place];
  }

  next() {
    this.place += 1;
    return this.tokens[this.place - 1];
  }

  isSign(...signs) {
    return this.token.kind === "sign" && signs.includes(this.token.text);
  }

  step(start, kind, what, takes = 0) {
    this.steps.push({ column: start + 1, kind, what, takes });
  }

  whole() {
    this.expression(0);
    if (this.token.kind !== "end") throw this.trailing();
    return this.steps;
  }

  /** Read operands, and the operators between them that bind at least so tightly. */
  expression(least) {
    this.depth += 1;
    const { start } = this.token;
    if (this.depth > GRAMMAR.deepest) throw new Fault(start, "the expression is nested too deeply; add terms up with sum([...])");
    if (this.isSign("+", "-")) {
      const sign = this.next().text;
      this.expression(GRAMMAR.negBinds);
      if (sign === "-") this.step(start, "op", "neg", 1);
    } else this.operand();
    while (this.token.kind === "sign" && Object.hasOwn(GRAMMAR.binary, this.token.text) && GRAMMAR.binary[this.token.text][0] >= least) {
      const [binds, op] = GRAMMAR.binary[this.next().text];
      this.expression(op === "pow" ? GRAMMAR.negBinds : binds + 1); // a power groups from the right, and may be negative
      this.step(start, "op", op, 2);
    }
    this.depth -= 1;
  }

  operand() {
    const { token } = this;
    if (token.kind === "number") {
      this.step(token.start, "number", numberIn(token));
      this.next();
    } else if (token.kind === "name") {
      const following = this.tokens[this.place + 1];
      if (following.text === "(") this.call();
      else {
        this.step(token.start, "name", this.name(following));
        this.next();
      }
    } else if (this.isSign("(")) {
      this.next();
      this.expression(0);
      this.close(token, ")");
    } else throw this.noOperand();
  }

  name(following) {
    const { token } = this;
    const name = token.text.normalize("NFKC");
    if (functionNamed(name)) {
      const fix = ["number", "name"].includes(following.kind) ? fixOf(token.end, following.end, `(${following.text})`) : null;
      throw new Fault(token.start, `${name} is a function; write ${name}(...)`, fix);
    }
    if (GRAMMAR.keywords.includes(name)) throw new Fault(token.start, `${quoted(name)} cannot be a name, since it means something in Python`);
    return name;
  }

  call() {
    const [name, bracket] = [this.next(), this.next()];
    const lists = [];
    const commas = [];
    if (!this.isSign(")")) {
      lists.push(this.argument());
      while (this.isSign(",")) {
        commas.push(this.next());
        lists.push(this.argument());
      }
    }
    const end = this.token;
    this.close(bracket, ")");
    const entry = functionNamed(name.text.normalize("NFKC"));
    if (!entry) {
      const isFactor = Array.from(name.text).length === 1 && lists.length === 1 && !lists[0];
      throw new Fault(name.start, `there is no function ${quoted(name.text)}`, otherName(name) ?? (isFactor ? fixOf(name.end, name.end, "*") : null));
    }
    const problem = problemOfCall(entry, name.text, lists);
    if (problem) throw new Fault(name.start, problem, this.fixOfCall(entry, lists, commas, bracket, end));
    this.step(name.start, "op", entry.op, lists.length);
  }

  /** Read an operand of a call; return whether it is a list. */
  argument() {
    const bracket = this.token;
    if (!this.isSign("[")) {
      this.expression(0);
      return false;
    }
    this.next();
    let count = 0;
    while (!this.isSign("]")) {
      if (count) {
        if (!this.isSign(",")) break;
        this.next();
      }
      this.expression(0);
      count += 1;
    }
    this.close(bracket, "]");
    this.step(bracket.start, "list", null, count);
    return true;
  }

  close(bracket, sign) {
    const { start } = this.token;
    if (this.isSign(sign)) this.next();
    else if (this.token.kind === "end") throw new Fault(bracket.start, `${quoted(bracket.text)} is never closed`, fixOf(start, start, sign));
    else if (this.isSign(")", "]")) throw new Fault(start, `${quoted(sign)} is missing here`, fixOf(start, start, sign));
    else throw this.trailing();
  }

  /** Say why what comes is no operand. */
  noOperand() {
    const { token } = this;
    if (token.text === "[") return new Fault(token.start, "a list may stand only inside of a function of many: sum([a, b])");
    if (["end", "sign"].includes(token.kind)) return new Fault(token.start, "a number, a name or a function is missing here");
    return new Fault(token.start, `${ONLY} ${quoted(cut(token.text))}`, this.fixOfOther());
  }

  /** Say why what comes after an operand cannot follow it. */
  trailing() {
    const { token } = this;
    const before = this.tokens[this.place - 1];
    if (["(", "["].includes(token.text) || ["number", "name"].includes(token.kind)) {
      const isProduct = token.text !== "[" && !(token.kind === "number" && before.kind === "number") && !token.text.startsWith("_");
      const fix = isProduct ? fixOf(before.end, token.start, before.end === token.start ? "*" : " * ") : null;
      return new Fault(token.start, "an operator is missing here", fix);
    }
    if ([")", "]"].includes(token.text)) return new Fault(token.start, `${quoted(token.text)} closes nothing`);
    if (token.text === ",") {
      const fix = this.isDecimal(this.place) ? fixOf(token.start, token.end, ".") : null;
      return new Fault(token.start, "',' separates the operands of a function, and may not stand here", fix);
    }
    return new Fault(token.start, `${ONLY} ${quoted(cut(token.text))}`, this.fixOfOther());
  }

  /** Whether a comma stands between two digits, as the point of a number. */
  isDecimal(place) {
    const [before, comma, after] = this.tokens.slice(place - 1, place + 2);
    const digits = /^[0-9]+$/.test(before.text) && /^[0-9]+$/.test(after.text);
    return digits && before.end === comma.start && comma.end === after.start;
  }

  fixOfOther() {
    const { token, line } = this;
    const [first] = token.text;
    if (Object.hasOwn(GRAMMAR.inPrint, token.text)) return fixOf(token.start, token.end, GRAMMAR.inPrint[token.text]);
    if (Object.hasOwn(GRAMMAR.small, first)) return fixOf(token.start, token.end, `**${Array.from(token.text, (digit) => GRAMMAR.small[digit]).join("")}`);
    const end = token.text === "|" ? line.indexOf("|", token.end) : -1;
    return end > 0 ? fixOf(token.start, end + 1, `abs(${line.slice(token.end, end).join("")})`) : null;
  }

  fixOfCall({ op, arity }, lists, commas, bracket, end) {
    for (const comma of commas) if (arity && this.isDecimal(this.tokens.indexOf(comma))) return fixOf(comma.start, comma.end, ".");
    if (!arity && op !== "dot" && lists.length && !lists.includes(true)) {
      return fixOf(bracket.end, end.start, `[${this.line.slice(bracket.end, end.start).join("")}]`);
    }
    return null;
  }
}

const cut = (text) => Array.from(text).slice(0, 20).join("");

function numberIn(token) {
  const text = token.text.replaceAll("_", "");
  if (/^0[0-9]*[1-9][0-9]*$/.test(text)) throw new Fault(token.start, "a whole number may not begin with 0", fixOf(token.start, token.end, text.replace(/^0+/, "")));
  const number = Number(text);
  if (number === Infinity) throw new Fault(token.start, `${cut(token.text)} is too large for a float`);
  return number;
}

const functionNamed = (name) => (Object.hasOwn(GRAMMAR.functions, name) ? GRAMMAR.functions[name] : null);

/** Say what is wrong with the operands of a call, of which some are lists; an empty text if nothing is. */
function problemOfCall({ op, arity, form }, name, lists) {
  if (op === "dot") return ["true,true", "true,true,false"].includes(String(lists)) ? "" : `${name} takes two lists, and perhaps a bias: ${name}([a, b], [c, d], e)`;
  if (!arity) return String(lists) === "true" ? "" : `${name} takes a list: ${name}([a, b])`;
  return lists.length === arity && !lists.includes(true) ? "" : `${name} takes ${arity} operand(s): ${form}`;
}

/** Call a function by the name that it has here: that of a synonym, or the one that differs least. */
function otherName({ text, start, end }) {
  const { synonyms, functions } = GRAMMAR;
  const small = text.toLowerCase();
  for (const name of [text, small]) if (Object.hasOwn(synonyms, name)) return fixOf(start, end, synonyms[name]);
  const { length } = Array.from(text);
  const most = length < 3 ? 0 : length < 6 ? 1 : 2;
  const rank = Object.keys(functions).map((known) => [distanceOf(small, known), Math.abs(known.length - length), known]);
  const [best] = rank.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
  return best[0] <= most ? fixOf(start, end, best[2]) : null;
}

/** Count the letters to change, insert, leave out or swap with their neighbours until one word is the other. */
function distanceOf(first, second) {
  const [a, b] = [Array.from(first), Array.from(second)];
  const rows = [Array.from({ length: b.length + 1 }, (_, k) => k)];
  for (let i = 1; i <= a.length; i++) {
    const [above, row] = [rows[i - 1], [i]];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] !== b[j - 1])));
      if (i > 1 && j > 1 && a[i - 2] === b[j - 1] && a[i - 1] === b[j - 2]) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
