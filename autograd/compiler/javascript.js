// What compiled programs need beyond Math. Each function stands alone between blank lines, and a program gets those
// that it calls, so there is no other blank line and no state. As in the table of ops, nan comes through every choice.

/** C's pow and Python's: in JavaScript 1 ** NaN and (±1) ** ±Infinity are NaN. */
function pow(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);
}

function step(x) {
  return x > 0 ? 1 : x <= 0 ? 0 : x;
}

function sign(x) {
  return x > 0 ? 1 : x < 0 ? -1 : x;
}

function where(c, a, b) {
  return c > 0 ? a : b;
}

/** Of equal operands, such as 0 and -0, the first. */
function minimum(a, b) {
  return a <= b || a !== a ? a : b;
}

/** Of equal operands, such as 0 and -0, the first. */
function maximum(a, b) {
  return a >= b || a !== a ? a : b;
}

/** The error function: near 0 its power series. Source: Abramowitz and Stegun 1964, 7.1.5. */
function erf(x) {
  if (Math.abs(x) >= 0.5) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  let sum = 0;
  for (let n = 12; n >= 0; n--) sum = 1 / (2 * n + 1) - ((x * x) / (n + 1)) * sum;
  return (2 / Math.sqrt(Math.PI)) * (x * sum);
}

/**
 * The complementary error function, 2x/π · exp(-x²) · ∫ exp(-t²) / (x² + t²) dt over t from 0 to ∞, by the trapezoidal
 * rule with the width ½, whose error is the residue at the pole t = ix and otherwise about exp(-4π²).
 * Source: Hunter and Regan 1972, "A note on the evaluation of the complementary error function", Math. Comp. 26.
 */
function erfc(x) {
  if (x < 0.5) return 1 - erf(x);
  if (x > 28) return 0; // less than half of the smallest number
  let sum = 0;
  for (let t = 6; t > 0; t -= 0.5) sum += Math.exp(-t * t) / (x + (t * t) / x);
  sum += 0.5 / x;
  // exp(-x²) from a square without rounding error, which exp would multiply by x².
  const head = Math.fround(x);
  const gaussian = Math.exp(-head * head);
  const rest = gaussian * Math.expm1((head - x) * (head + x));
  const residue = x < 2 * Math.PI ? 2 / Math.expm1(4 * Math.PI * x) : 0;
  return (gaussian + rest) * (sum / Math.PI) - residue;
}
