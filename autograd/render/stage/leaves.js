// The numbers of the leaves: a box and a slider for each, in the order in which they are read.

/** Whether a slider can hold a number, and so the bounds around it. */
const bounded = (x) => Number.isFinite(8 * x);

/** A row for a leaf: its name, a box, a slider, its gradient; and what else a page wants there. */
function leafRow(leaf, name, ...more) {
  const box = leafInput(leaf, name, { type: "text", class: "number", autocomplete: "off", autocapitalize: "off" });
  let before = leaf.data; // what is put back: half of "1e999" was a number while it was typed
  const keep = () => (before = leaf.data);
  box.addEventListener("focus", keep);
  box.addEventListener("change", () => {
    setLeaf(leaf, name, read(box.value) ?? before);
    keep();
  });
  box.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setLeaf(leaf, name, leaf.data + by);
  });
  const middle = bounded(leaf.data) ? leaf.data : 0;
  const span = Math.max(2, 2 * Math.abs(middle));
  const slider = leafInput(leaf, name, { type: "range", min: -span, max: span, step: span / 200 });
  const slope = make("output", { class: "slope" });
  const row = make("div", { class: "leaf" }, make("span", { class: "leafname" }, name), box, ...more, slider, slope);
  return Object.assign(row, { leaf, name, inputs: [box, slider], slope });
}

function leafInput(leaf, name, attributes) {
  const input = make("input", { ...attributes, "aria-label": `${attributes.type === "range" ? "Slider" : "Value"} of ${name}` });
  input.value = exact(leaf.data);
  input.addEventListener("input", () => {
    const x = read(input.value);
    if (x !== undefined) setLeaf(leaf, name, x, input);
  });
  return input;
}

function setLeaf(leaf, name, x, typed) {
  if (!Object.is(leaf.data, x)) change(`${name} = ${say(x)}`, () => (leaf.data = x), name);
  refreshed(typed);
}

/** Show what the leaves hold, but not in the input in which somebody types, if any. */
function showLeaves(typed) {
  const known = seen();
  for (const row of document.querySelectorAll(".leaf")) {
    const { leaf, name, inputs, slope } = row;
    for (const input of inputs) {
      if (input.type === "range") {
        input.hidden = !bounded(leaf.data);
        if (input.hidden) continue;
        if (leaf.data < input.min) input.min = leaf.data;
        if (leaf.data > input.max) input.max = leaf.data;
      }
      if (input !== typed && input.value !== exact(leaf.data)) input.value = exact(leaf.data);
    }
    if (row.closest("details:not([open])")) continue; // nobody sees it
    const i = stage.number.get(leaf);
    const grad = stage.lost.size ? "–" : i === undefined ? "0" : say(known.grad(i));
    put(slope, `${derivativeName(resultName(), name)} = ${grad}`);
  }
}
