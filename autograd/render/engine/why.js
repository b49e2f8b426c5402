// Why a gradient is what it is: what the derivations of all pages are made of.

/** A factor: what it is, its number, how that comes about; while it is pointed at, light shows its places. */
function factorRow({ key = "", symbol, words, number, lines = [], curve = null, colour, keys }, light) {
  const text = make("div", {}, mathElement(symbol.cloneNode(true)), ` ${words}`, ...lines.map((line) => make("code", {}, line)), ...(curve ? [curve] : []));
  const row = make("div", { class: `factor ${colour}`, tabindex: 0, "data-key": key }, make("span", { class: "chip" }), text, make("output", {}, say(number)));
  const point = (on) => () => light(on ? keys.map((place) => [place, colour]) : null);
  for (const [event, on] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]]) row.addEventListener(event, point(on));
  return row;
}

/** What is to be said of a slope: that nothing, or next to nothing, comes through. */
function wordsOfSlope(op, numbers, slope) {
  const [z] = numbers;
  if (slope === 0 && op.name === "relu") return z < 0 ? "dead: z < 0, so nothing comes through" : "0 at the kink, by convention";
  const bounded = ["sigmoid", "tanh", "erf", "atan", "normal_cdf"].includes(op.name);
  if (bounded && Math.abs(slope) < 0.05) return "saturated, so next to nothing comes through";
  if (slope === 0 && op.chooses) return "not taken, so nothing comes through";
  if (slope === 0 && numbers.length === 1) return "flat here, so nothing comes through";
  if (!Number.isFinite(slope)) return Number.isNaN(slope) ? "there is none here" : "vertical here";
  return "";
}

/** A small curve of a function of one number, with the point and its tangent. */
function curveOf(op, z, y, slope) {
  if (!Number.isFinite(z) || !Number.isFinite(y)) return null;
  const reach = Math.max(4, Math.min(1e6, Math.abs(z) * 1.3));
  const xs = Array.from({ length: 121 }, (_, k) => -reach + (k * reach) / 60);
  const ys = xs.map((x) => op.value(x));
  const around = 3 * Math.max(1, Math.abs(y), Math.abs(slope) < 1e6 ? Math.abs(slope) : 0); // a pole may not flatten the rest
  const finite = ys.filter((x) => Number.isFinite(x) && Math.abs(x) <= around);
  const [low, high] = [Math.min(...finite, y, 0), Math.max(...finite, y, 0.1)];
  const [X, Y] = [(x) => 110 + (x / reach) * 100, (v) => 62 - ((v - low) / (high - low)) * 54];
  const parts = [make("svg:path", { d: `M10,${Y(0)}H210M${X(0)},4V66`, class: "axis" }), make("svg:path", { d: pathOf(xs, ys, X, Y, (v) => v >= low && v <= high), class: "curve" })];
  if (Number.isFinite(slope)) {
    const run = Math.min(reach / 3, Math.abs((high - low) / (2 * slope || 1e-9)));
    parts.push(make("svg:path", { d: `M${X(z - run)},${Y(y - run * slope)}L${X(z + run)},${Y(y + run * slope)}`, class: "tangent" }));
  }
  parts.push(make("svg:circle", { cx: X(z), cy: Y(y), r: 4, class: "point" }));
  return make("svg:svg", { class: "activation", viewBox: "0 0 220 70", role: "img", "aria-label": `the curve of ${op.name} with its tangent at z = ${say(z)}` }, ...parts);
}

/** The path of a curve, with gaps where there is no value, and where it jumps across all that is seen. */
function pathOf(xs, ys, X, Y, isInside, jump = Infinity) {
  let d = "";
  let pen = false;
  xs.forEach((x, k) => {
    const isThere = Number.isFinite(ys[k]) && isInside(ys[k]);
    if (pen && isPole(ys, k, jump)) pen = false;
    if (isThere) d += `${pen ? "L" : "M"}${X(x).toFixed(1)},${Y(ys[k]).toFixed(1)}`;
    pen = isThere;
  });
  return d;
}

/** Whether a curve jumps against the way in which it goes before and after: as at a pole, and not where it is steep. */
function isPole(ys, k, jump) {
  const [before, here, after] = [-1, 0, 1].map((j) => ys[k + j] - ys[k + j - 1]);
  return Math.abs(here) > jump && before * here < 0 && after * here < 0;
}

/** Central differences beside a gradient, with a verdict: their slope and its error, and the slopes on either side. */
function differencesRow({ slope, error, left, right }, gradient) {
  const close = Math.abs(slope - gradient) <= 4 * error + 1e-9 * Math.abs(gradient);
  const kink = Math.abs(left - right) > 1e-3 * (Math.abs(left) + Math.abs(right)) + 1e-9;
  const verdict = close ? "✓ ok" : !Number.isFinite(slope) ? "no value beside" : kink ? "kink" : "✗ apart";
  const text = `central differences ${say(slope)} ± ${say(error)}`;
  return make("div", { class: `differences ${close ? "good" : "bad"}` }, make("span", {}, text), make("strong", { id: "verdict" }, verdict));
}

const MOST_CHANGES = 14; // that are listed

/** What a change did: rows of a name, a number before and one after; those that stayed are left out. */
function changesOf(what, rows) {
  const changed = rows.filter(([, x, y]) => !Object.is(x, y));
  const lines = changed.slice(0, MOST_CHANGES).map(([name, x, y]) => {
    const ratio = x !== 0 && Number.isFinite(y / x) ? `× ${say(y / x)}` : "";
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "was" }, say(x)), make("td", { class: "is" }, say(y)), make("td", {}, ratio));
  });
  const more = changed.length - lines.length;
  const note = lines.length ? (more ? [make("p", {}, `and ${more} more`)] : []) : [make("p", {}, "Result and gradients stayed what they were.")];
  return [make("h2", {}, `Since ${what}`), make("table", {}, make("tbody", {}, ...lines)), ...note];
}
