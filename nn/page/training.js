// Training in the page: steps, epochs, their curves, and the course of a training that the page came with.

const rateOf = () => state.rate;

/** Take ε from its box, if that holds a number. */
function takeRate(box) {
  const rate = read(box.value);
  if (rate > 0 && Number.isFinite(rate)) state.rate = rate;
  tell(state.rate === rate ? "" : `ε needs a number above 0; got "${box.value}"`);
  box.value = exact(state.rate);
  showSteps();
  describe();
}
const optimiserOf = () => byId("optimiser").value;

/** The samples to learn from: all but those that are kept for testing. */
const learned = () => state.samples.filter(({ test }) => !test);

function batches() {
  const samples = learned();
  const size = byId("batch").value === "all" ? samples.length : Number(byId("batch").value);
  const found = [];
  for (let k = 0; k < samples.length; k += size) found.push(samples.slice(k, k + size));
  return found;
}

/** Take a step on what the stage shows: one sample, or the mean over all. */
function stepOnce() {
  const samples = state.isMean ? learned() : [state.sample];
  change(state.isMean ? "a step on all samples" : "a step on this sample", () => descend(state.net, samples, optimiserOf(), rateOf(), state.course));
}

function epochOnce() {
  const parts = batches();
  const costs = parts.map((batch) => descend(state.net, batch, optimiserOf(), rateOf(), state.course));
  state.costs.push(costs.reduce((sum, cost, k) => sum + cost * parts[k].length, 0) / learned().length);
  state.epoch += 1;
}

/** Note the share of right answers; not after each epoch, for it takes as long as half of one. */
function noteAccuracy() {
  const right = accuracyOf(state.net, learned(), state.kind);
  if (right !== null && state.epoch) state.rights.push([state.epoch, right]);
}

function run(on = !state.running) {
  cancelAnimationFrame(state.running);
  state.running = 0;
  byId("run").textContent = on ? "pause" : "run";
  if (!on) {
    compute();
    showAll();
    return;
  }
  const frame = () => {
    const until = performance.now() + 24; // as many epochs as a frame has time for
    do epochOnce();
    while (performance.now() < until && Number.isFinite(state.costs[state.costs.length - 1]));
    noteAccuracy();
    compute();
    drawStage();
    showSteps();
    showDeltas();
    showCourse();
    drawCosts();
    drawData();
    describe();
    showBefore();
    if (Number.isFinite(state.costs[state.costs.length - 1])) state.running = requestAnimationFrame(frame);
    else run(false);
  };
  state.running = requestAnimationFrame(frame);
}

function stop() {
  play(false);
  if (state.running) {
    cancelAnimationFrame(state.running);
    state.running = 0;
    byId("run").textContent = "run";
  }
}

/** The course of training that the page came with: the nets of some epochs. */
function showCourse() {
  const slider = byId("course");
  const { course } = content;
  byId("course-row").hidden = !course || state.data !== "own";
  if (!course) return;
  const { epoch, cost } = course[Number(slider.value)];
  const moved = isOfCourse() ? "" : "; changed since";
  const said = `epoch ${epoch} of ${course[course.length - 1].epoch}, C ${say(cost)}${moved}`;
  slider.setAttribute("aria-valuetext", said);
  byId("course-text").textContent = said;
}

const netOfCourse = (layers) => ({ ...structuredClone(content.net), layers: structuredClone(layers).map((layer, l) => ({ ...layer, activation: content.net.layers[l].activation })) });

/** Whether the net on the stage is that of the course at which its slider stands. */
function isOfCourse() {
  const place = content.course?.[Number(byId("course").value)];
  return place !== undefined && state.data === "own" && JSON.stringify(state.net) === JSON.stringify(netOfCourse(place.layers));
}

function takeFromCourse(place) {
  const { epoch, layers } = content.course[place];
  replaceNet(netOfCourse(layers), `epoch ${epoch} is on the stage`);
}

function drawCosts() {
  const recorded = state.costs.length === 0 && state.data === "own" ? (content.history ?? []) : [];
  const costs = recorded.length ? recorded : state.costs.map((c, k) => [k + 1, c]);
  const right = [learned(), state.samples.filter(({ test }) => test)].map((samples) => (samples.length ? accuracyOf(state.net, samples, state.kind) : null));
  const share = right.map((r, k) => (r === null ? "" : ` · ${Math.round(100 * r)} % ${k ? "of the test" : "right"}`)).join("");
  const said = state.costs.length ? `epoch ${state.epoch} · C ${say(costs[costs.length - 1][1])}` : recorded.length && isOfCourse() ? "as it was trained" : "not trained here";
  byId("progress").textContent = `${said}${share}`;
  const known = costs.filter(([, c]) => c > 0 && Number.isFinite(c));
  const svg = byId("curve");
  if (known.length < 2) {
    svg.replaceChildren();
    return;
  }
  const logs = known.map(([, c]) => Math.log(c));
  const [low, high] = [Math.min(...logs.slice(-4000)), Math.max(...logs.slice(-4000))];
  const [[first], [last]] = [known[0], known[known.length - 1]];
  const every = Math.ceil(known.length / 220);
  const x = (k) => (((k - first) / (last - first || 1)) * 214 + 3).toFixed(1);
  const cost = known.filter((_, k) => k % every === 0).map(([k, c]) => `${x(k)},${(56 - ((Math.log(c) - low) / (high - low || 1)) * 50).toFixed(1)}`);
  const rights = recorded.length ? [] : state.rights.filter((_, k, all) => k % Math.ceil(all.length / 220) === 0).map(([k, share]) => `${x(k)},${(56 - share * 50).toFixed(1)}`);
  const parts = [make("svg:polyline", { points: cost.join(" "), class: "cost" })];
  if (rights.length > 1) parts.push(make("svg:polyline", { points: rights.join(" "), class: "right" }));
  if (recorded.length && content.course) parts.push(make("svg:path", { d: `M${x(content.course[Number(byId("course").value)].epoch)},2V58`, class: "mark" }));
  svg.replaceChildren(...parts);
}

/** How large δ is in each layer, so that vanishing and exploding are seen. */
function showDeltas() {
  const rows = state.trace.z.slice(2).map((row) => Math.sqrt(row.reduce((sum, z) => sum + z.grad ** 2, 0) / row.length));
  const positive = rows.filter((x) => x > 0 && Number.isFinite(x)).map(Math.log10);
  const [low, high] = [Math.min(...positive, 0) - 1, Math.max(...positive, -Infinity)];
  byId("deltas").replaceChildren(
    ...rows.map((x, k) => {
      const length = x > 0 && Number.isFinite(x) ? Math.max(0.02, (Math.log10(x) - low) / (high - low || 1)) : 0;
      const bar = make("span", { class: "bar" });
      bar.style.width = `${Math.round(100 * length)}px`;
      return make("div", { class: "row" }, make("span", {}, `${k + 2}`), bar, make("span", {}, say(x)));
    }),
  );
}
