// Every number of a sample in two tables: z, a and δ of each neuron, and each parameter with its gradient.

const MOST_LINES = 400;

function showEvery() {
  const { trace } = state;
  const neurons = trace.a.flatMap((row, l) =>
    (row ?? []).map((a, j) => [`${l}`, `${j + 1}`, l > 1 ? say(trace.z[l][j].data) : "", say(a.data), l > 1 ? say(trace.z[l][j].grad) : ""]),
  );
  const parameters = trace.W.flatMap((rows, l) =>
    (rows ?? []).flatMap((row, i) => [
      ...row.map((w, j) => [named("w", l, i + 1, j + 1), say(w.data), say(w.grad), `${named("δ", l + 1, i + 1)} · ${l === 1 ? inputName(j) : named("a", l, j + 1)}`]),
      ...(trace.b[l] ? [[named("b", l, i + 1), say(trace.b[l][i].data), say(trace.b[l][i].grad), named("δ", l + 1, i + 1)]] : []),
    ]),
  );
  byId("tables").replaceChildren(
    table(["layer", "neuron", "z = Wx + b", "a = f(z)", "δ = ∂C/∂z"], neurons),
    table(["parameter", "value", "∂C/∂parameter", "which is"], parameters),
  );
}

function table(head, rows) {
  const line = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, tag === "th" ? { scope: "col" } : {}, cell)));
  const more = rows.length > MOST_LINES ? [make("caption", {}, `the first ${MOST_LINES} of ${rows.length}`)] : [];
  return make("table", {}, ...more, make("thead", {}, line("th", head)), make("tbody", {}, ...rows.slice(0, MOST_LINES).map((cells) => line("td", cells))));
}
