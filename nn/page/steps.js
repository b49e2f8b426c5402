// Steps: forward layer by layer, the cost, backward layer by layer, the update; or finer, by neuron or by product. And
// what is known at each.

const MOST_BUTTONS = 24; // steps; for more of them there is a slider

const GRAINS = {
  layer: () => [{}],
  neuron: (many) => Array.from({ length: many }, (_, j) => ({ j })),
  product: (many, paths) => Array.from({ length: many }, (_, j) => j).flatMap((j) => (paths ? Array.from({ length: paths }, (_, k) => ({ j, k })) : [{ j }])),
};

/** The steps of a net: l is a layer, j a neuron of it, k what comes from the next layer or, at a weight, from the one before. */
function stepsOf(net, grain = "layer") {
  const sizes = sizesOf(net);
  const last = sizes.length;
  const parts = (kind, l, many, paths, name) =>
    GRAINS[grain](many, paths).map((part) => ({ kind, l, ...part, short: part.j === undefined ? name : `${name} ${part.j + 1}${part.k === undefined ? "" : `,${part.k + 1}`}` }));
  const steps = [{ kind: "start", short: "x" }];
  for (let l = 2; l <= last; l++) steps.push(...parts("forward", l, sizes[l - 1], 0, l === last ? "s" : `z⁽${raised(l)}⁾ a⁽${raised(l)}⁾`));
  steps.push({ kind: "cost", short: "C" });
  for (let l = last; l >= 2; l--) {
    steps.push(...parts("delta", l, sizes[l - 1], l === last ? 0 : sizes[l], `δ⁽${raised(l)}⁾`));
    steps.push(...parts("weights", l - 1, sizes[l - 1], sizes[l - 2], `∂W⁽${raised(l - 1)}⁾`));
  }
  steps.push({ kind: "update", short: "w − ε∂w" });
  return steps;
}

/** Whether a step is of this kind, of this layer and, where it is as fine as that, of this neuron and path. */
function isOf(step, kind, l, j, k) {
  const fits = (part, wanted) => part === undefined || wanted === undefined || part === wanted;
  return step.kind === kind && fits(step.l, l) && fits(step.j, j) && fits(step.k, k);
}

/** What is known at the present step: null stands for "not yet", which is not 0. */
function seen() {
  const { steps, step, trace, net } = state;
  const now = steps[step];
  const reached = (...wanted) => steps.findLastIndex((s) => isOf(s, ...wanted)) <= step;
  const is = (...wanted) => isOf(now, ...wanted);
  return {
    isCost: now.kind === "cost",
    cost: () => (reached("cost") ? trace.C.data : null),
    neuron(l, j) {
      if (l === 1) return { a: trace.a[1][j].data, fresh: now.kind === "start" };
      const z = trace.z[l][j];
      const isComputed = reached("forward", l, j);
      return {
        z: isComputed ? z.data : null,
        a: isComputed ? trace.a[l][j].data : null,
        delta: reached("delta", l, j) ? z.grad : null,
        sum: is("delta", l, j) && now.k !== undefined ? sumSoFar(l, j, now.k) : null,
        fresh: is("forward", l, j) || is("delta", l, j),
        dead: isComputed && isDead(net.layers[l - 2].activation, z),
      };
    },
    slope: (l, i, j) => (reached("weights", l, i, j) ? trace.W[l][i][j].grad : null),
    biasSlope: (l, i) => (reached("weights", l, i) ? trace.b[l][i].grad : null),
    edge: (l, i, j) => is("forward", l + 1, i) || is("weights", l, i, j) || is("delta", l, j, i),
  };
}

/** A ReLU that lets nothing through: for this sample or, of a mean, for all of them. */
const isDead = (activation, z) => activation === "relu" && (z.largest ?? z.data) < 0;

/** ∂C/∂a of a neuron while it is added up: what has come over the paths to the next layer, up to one of them. */
function sumSoFar(l, j, k) {
  const { trace } = state;
  return trace.z[l + 1].slice(0, k + 1).reduce((sum, z, n) => sum + z.grad * trace.W[l][n][j].data, 0);
}

const listed = (items, most = 3) => [...items.slice(0, most), ...(items.length > most ? [`and ${items.length - most} more`] : [])];
const named = (letter, layer, ...places) => textOf(quantity(letter, layer, ...places));

/** The neurons that a step is about. */
const neuronsOf = ({ l, j }) => state.trace.z[l].map((z, n) => [z, n]).filter(([, n]) => j === undefined || j === n);

/** What a step does: a sentence, and lines with numbers. */
function wordsOf(step) {
  const { trace, net } = state;
  if (step.kind === "start") return [`The inputs hold ${state.isMean ? "the means of their numbers" : "their numbers"}.`, listed(trace.a[1].map((x, j) => `${inputName(j)} = ${say(x.data)}`), 8)];
  if (step.kind === "cost") {
    const what = state.isMean ? `The mean cost of ${learned().length} samples.` : "The cost says how far the output is from its target.";
    return [what, [`C = ${COSTS[net.cost].text} = ${say(trace.C.data)}`]];
  }
  const words = { forward: wordsOfForward, delta: wordsOfDelta, weights: wordsOfWeights, update: wordsOfUpdate };
  return words[step.kind](step);
}

function wordsOfForward(step) {
  const { trace, net, isMean } = state;
  const { l } = step;
  const { activation } = net.layers[l - 2];
  const f = functionName(activation);
  const lines = neuronsOf(step).map(([z, j]) => {
    const weighted = `${named("z", l, j + 1)} = ${productsInto(l, j)} = ${say(z.data)}`;
    const a = `${named("a", l, j + 1)} = ${isMean ? `the mean of ${f}(z)` : `${f}(${say(z.data)})`} = ${say(trace.a[l][j].data)}`;
    return activation === "identity" ? weighted : `${weighted},  ${a}`;
  });
  const applied = activation === "identity" ? "." : `, and applies ${f}.`;
  return [`Layer ${l}: each neuron adds up what comes in, weighted${applied}`, listed(lines)];
}

function productsInto(l, j) {
  const { trace } = state;
  const terms = trace.a[l - 1].map((a, k) => `${factorText(trace.W[l - 1][j][k].data)} · ${factorText(a.data)}`);
  const bias = trace.b[l - 1];
  const written = terms.length > 4 ? [...terms.slice(0, 3), "…"] : terms;
  return [...written, ...(bias ? [factorText(bias[j].data)] : [])].join(" + ");
}

function wordsOfDelta(step) {
  const { l, k } = step;
  const isLast = l === sizesOf(state.net).length;
  if (state.isMean) return [`${named("δ", l)}: the mean over the samples of how much C changes with z.`, listed(neuronsOf(step).map(([z, j]) => `${named("δ", l, j + 1)} = ${say(z.grad)}`))];
  const product = ([z, j]) => `${named("δ", l, j + 1)} = ∂C/∂${named("a", l, j + 1)} · f′(z) = ${factorText(demand(l, j + 1).number)} · ${factorText(steepness(l, j + 1).number)} = ${say(z.grad)}`;
  const lines = neuronsOf(step).map(product);
  if (k !== undefined) {
    const { j } = step;
    const [delta, w] = [state.trace.z[l + 1][k].grad, state.trace.W[l][k][j].data];
    const added = `∂C/∂${named("a", l, j + 1)} += ${named("δ", l + 1, k + 1)} · ${named("w", l, k + 1, j + 1)} = ${factorText(delta)} · ${factorText(w)} = ${say(delta * w)}`;
    const isWhole = k === state.trace.z[l + 1].length - 1;
    return [`What the next layer asks for is added up over its edges: one product now.`, [added, `so far ${say(sumSoFar(l, j, k))}`, ...(isWhole ? lines : [])]];
  }
  const from = isLast ? "The cost says what it asks of the output" : "Each neuron adds up what the next layer asks for, δ times weight, over its edges";
  return [`${named("δ", l)}: how much C changes with z. ${from}; the neuron multiplies by its slope.`, listed(lines)];
}

function wordsOfWeights(step) {
  const { trace, isMean } = state;
  const { l } = step;
  const lines = trace.W[l].flatMap((row, i) =>
    row.flatMap((w, j) => {
      if (!isOf(step, "weights", l, i, j)) return [];
      const left = `∂C/∂${named("w", l, i + 1, j + 1)} = ${named("δ", l + 1, i + 1)} · ${l === 1 ? inputName(j) : named("a", l, j + 1)}`;
      return isMean ? `${left}, its mean ${say(w.grad)}` : `${left} = ${factorText(trace.z[l + 1][i].grad)} · ${factorText(trace.a[l][j].data)} = ${say(w.grad)}`;
    }),
  );
  return ["A weight's gradient is the δ behind it times the activation before it.", listed(lines)];
}

function wordsOfUpdate() {
  const rate = rateOf();
  const optimiser = optimiserOf();
  const { memory, t } = state.course;
  const lines = placesOf(state.net).map(([row, k, of, what], n) => {
    const name = named(...what);
    const { grad } = of(state.trace);
    const next = nextOf(optimiser, row[k], grad, rate, memory[n], t + 1).w;
    return optimiser === "SGD" ? `${name} := ${say(row[k])} − ${say(rate)} · ${factorText(grad)} = ${say(next)}` : `${name} := ${say(row[k])} → ${say(next)}`;
  });
  const how = optimiser === "SGD" ? "w := w − ε ∂C/∂w" : `${optimiser} says how far, from the gradients so far`;
  return [`Every weight and bias goes a little down its slope: ${how}, with ε = ${say(rate)}. "Step" on the left does it.`, listed(lines)];
}

function showSteps() {
  const { steps, step } = state;
  if (steps.length > MOST_BUTTONS) showStepSlider();
  else byId("timeline").replaceChildren(...steps.map(stepButton));
  const [text, lines] = steps[step].words?.() ?? wordsOf(steps[step]);
  byId("words").replaceChildren(make("p", {}, text), ...lines.map((line) => make("code", {}, line)));
}

function stepButton(step, k) {
  const classes = [step.kind, k === state.step ? "on" : "", k > state.step ? "later" : ""].filter(Boolean).join(" ");
  const button = make("button", { type: "button", class: classes, "aria-current": k === state.step ? "step" : "false" }, step.short);
  button.addEventListener("click", () => go(k));
  return button;
}

/** For more steps than there is room for buttons; the one that is there stays, so that it can be dragged. */
function showStepSlider() {
  const { steps, step } = state;
  const bar = byId("timeline");
  if (!bar.querySelector("input")) {
    const made = make("input", { type: "range", min: 0, "aria-label": "step" });
    made.addEventListener("input", () => go(Number(made.value)));
    bar.replaceChildren(make("label", { class: "steps" }, made, make("span", {})));
  }
  const slider = bar.querySelector("input");
  const said = `step ${step + 1} of ${steps.length}: ${steps[step].short}`;
  slider.max = steps.length - 1;
  slider.value = step;
  slider.setAttribute("aria-valuetext", said);
  bar.querySelector("span").textContent = said;
}

function go(step) {
  state.step = Math.max(0, Math.min(state.steps.length - 1, step));
  showSteps();
  drawStage();
}

function play(on = !state.playing) {
  clearInterval(state.playing);
  state.playing = 0;
  if (on) {
    if (state.step === state.steps.length - 1) go(0);
    state.playing = setInterval(() => {
      go(state.step + 1);
      if (state.step === state.steps.length - 1) play(false);
    }, 1600 / Number(byId("speed").value));
  }
  byId("play").textContent = on ? "❚❚ pause" : "▶ play";
}
