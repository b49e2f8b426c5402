// Steps: one for each op forward, then one for each op backward. Leaves have none: they hold their numbers.

const MOST_OPERANDS_LISTED = 40;

function describeStep() {
  const { kind, i } = stage.steps[state.step];
  const last = stage.steps.length - 1;
  const ops = last / 2;
  byId("slider").max = last;
  byId("slider").value = state.step;
  const words = { start: "the leaves hold their numbers", forward: `forward, op ${state.step} of ${ops}`, backward: `backward, op ${state.step - ops} of ${ops}` };
  byId("phase").textContent = last === 0 ? "a leaf: it holds its number" : words[kind];
  const value = byId("slider");
  value.setAttribute("aria-valuetext", byId("phase").textContent);
  byId("step").replaceChildren(...(last === 0 ? [] : wordsOfStep(kind, i)));
}

function wordsOfStep(kind, i) {
  if (kind === "start") return [make("p", {}, "Step on to compute the ops one by one; the arrow keys do it too.")];
  if (stage.lost.has(i)) return [make("p", { class: "wrong" }, stage.failures.get(i) ?? "What it is computed from has no value.")];
  if (kind === "forward") {
    const node = stage.nodes[i];
    if (node.args.length > MOST_OPERANDS_LISTED) return [make("p", { class: "formula" }, `${stage.names[i]} = ${node.op.symbol} of ${node.args.length} operands = ${say(dataOf(i))}`)];
    const inNumbers = written(node.op, "python", node.args.map((arg) => factorText(numberOf(arg))));
    return [make("p", { class: "formula" }, `${equationOf(i)} = ${inPrint(inNumbers)} = ${say(dataOf(i))}`)];
  }
  if (stage.lost.size) return [make("p", {}, "Where there is no value there is no gradient either.")];
  const n = stage.nodes.length;
  const before = gradientsAfter(n - 1 - i);
  const sofar = [...before];
  const name = stage.names[i];
  const lead = i === rootOf() ? `The way back begins with ${slopeName(i)} = 1.` : `${slopeName(i)} = ${say(before[i] ?? 0)} is complete; it goes on to the operands.`;
  const rows = stage.parents[i].map((parent, k) => {
    const product = carriedOver(before[i], i, k);
    sofar[parent] = sofar[parent] === null ? product : sofar[parent] + product;
    return [stage.names[parent], `∂${name}/∂${stage.names[parent]} = ${say(partialOf(i, k))}`, `${factorText(before[i] ?? 0)} · ${factorText(partialOf(i, k))} = ${say(product)}`, say(sofar[parent])];
  });
  const rest = rows.length > MOST_OPERANDS_LISTED ? [make("p", {}, `and ${rows.length - MOST_OPERANDS_LISTED} more`)] : [];
  return [make("p", {}, lead), table(["towards", "local derivative", "upstream · local", "so far"], rows.slice(0, MOST_OPERANDS_LISTED)), ...rest];
}

function go(step) {
  state.started = true;
  state.step = Math.max(0, Math.min(stage.steps.length - 1, step));
  update();
  if (stage.steps[state.step].i !== undefined) reveal(current());
}

function play(on = !state.playing) {
  clearInterval(state.playing);
  state.playing = 0;
  const last = stage.steps.length - 1;
  if (on && last > 0) {
    if (state.step === last) go(0);
    state.playing = setInterval(() => {
      go(state.step + 1);
      if (state.step === stage.steps.length - 1) play(false);
    }, Math.max(60, Math.min(900, 30000 / last)));
  }
  byId("play").textContent = state.playing ? "❚❚ pause" : "▶ play";
}

const whenChosen = []; // what a page does besides when another node is chosen

function choose(i) {
  state.chosen = state.chosen === i ? null : i;
  state.pointed = null;
  update();
  for (const action of whenChosen) action();
}

/** Show the step, the numbers and the choice in the drawing and the panels. */
function update(typed) {
  describeStep();
  showLeaves(typed);
  describe();
  showBefore();
  paint();
}

/** Show another graph. */
function show(graph) {
  play(false);
  state.started = false;
  setGraph(graph);
  draw();
  update();
  fit(current());
}

function listenToSteps() {
  const actions = {
    first: () => go(0),
    back: () => go(state.step - 1),
    play: () => play(),
    next: () => go(state.step + 1),
    last: () => go(stage.steps.length - 1),
    theme: () => useTheme(document.documentElement.dataset.theme === "light"),
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  byId("slider").addEventListener("input", (event) => go(Number(event.target.value)));
  const keys = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last", " ": "play" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    if (event.target.matches("input, select, textarea")) return;
    if (event.key === " " && event.target.matches("button, summary, [role=button]")) return;
    event.preventDefault();
    actions[keys[event.key]]();
  });
  useTheme(matchMedia("(prefers-color-scheme: dark)").matches);
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width || stage.nodes.length === 0) return;
    ({ width } = contentRect);
    fit(current());
  }).observe(byId("stage"));
}
