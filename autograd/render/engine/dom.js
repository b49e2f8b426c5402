// What the pages share beside the engine: elements made of text and attributes, and numbers written and read.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element with attributes and children; strings become text. */
function make(tag, attributes = {}, ...inside) {
  const element = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

/** Write a number with four digits; null, nothing, as 0. */
function short(x) {
  if (x === null) return "0";
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const size = Math.abs(x);
  return size >= 1e5 || size < 1e-4 ? x.toExponential(3).replace(/\.?0+e/, "e") : String(Number(x.toPrecision(4)));
}

/** Write a number with all its digits, nan and inf as Python does. */
function exact(x) {
  return Number.isFinite(x) && x !== 0 ? String(x) : short(x);
}

/** Read a number, nan and inf as Python writes them; what is no number, or larger than any, is undefined. */
function read(text) {
  const word = text.trim().toLowerCase();
  if (/^[+-]?inf(inity)?$/.test(word)) return word[0] === "-" ? -Infinity : Infinity;
  if (word === "nan") return NaN;
  return word !== "" && Number.isFinite(Number(word)) ? Number(word) : undefined;
}
