// What can be copied: LaTeX, Python, and the drawing as SVG and as PNG.

function latexText() {
  const names = new Map([...leaves].map(([name, leaf]) => [leaf, name]));
  const left = latexName(stage.names[rootOf()]);
  const text = toLatex(stage.nodes[rootOf()], names);
  return text.startsWith("\\begin") ? `${left}: ${text}` : `${left} = ${text}`;
}

/** A program that computes the same in Python, and prints it. */
function pythonText() {
  const taken = new Set([...leaves.keys()]);
  const reserved = ["Value", "gradients", "print", "slope", "inf", "nan"];
  const free = (name, others = reserved) => (others.includes(name) ? free(`${name}_`, [...reserved, ...taken]) : name);
  const variables = new Map([...leaves].map(([name, leaf]) => [leaf, free(name)]));
  const lines = toText(drawn.root, variables).split("\n");
  const used = [...new Set(topological(drawn.root).flatMap((node) => /^\w+(?=\()/.exec(node.op ? written(node.op, "python", node.args.map(() => "x")) : "") ?? []))];
  const result = ["y", "f", "result"].find((name) => !taken.has(name)) ?? free("print");
  const values = [...leaves].map(([name, leaf]) => [variables.get(leaf), JSON.stringify(name), pythonFloat(leaf.data)]);
  const special = values.some(([, , x]) => /inf|nan/.test(x)) ? ["from math import inf, nan", ""] : [];
  const names = values.map(([variable]) => variable);
  const program = [
    ...special,
    `from autograd import ${["Value", ...(state.path.length ? ["gradients"] : []), ...used.filter((name) => name !== "abs")].join(", ")}`,
    "",
    ...values.map(([variable, label, x]) => `${variable} = Value(${x}, ${label})`),
    ...lines.slice(0, -1),
    `${result} = ${leaves.size ? lines.at(-1) : `Value(${lines.at(-1)})`}`,
  ];
  let last = result;
  state.path.forEach((name, k) => {
    program.push(`[${`slope${k + 1}`}] = gradients(${last}, [${variables.get(leaves.get(name))}])`);
    last = `slope${k + 1}`;
  });
  return [...program, `${last}.backward()`, `print(${[last, ...names].map((name, k) => `${name}.${k ? "grad" : "data"}`).join(", ")})`, ""].join("\n");
}

/** The drawing as a document of its own, with its style. */
function svgText() {
  const copy = byId("drawing").cloneNode(true);
  const { x, y, width, height } = view.world;
  const margin = 12;
  copy.querySelector("#world").removeAttribute("transform");
  for (const element of [copy, ...copy.querySelectorAll("*")]) for (const name of ["tabindex", "role", "aria-label", "aria-pressed", "style"]) element.removeAttribute(name);
  for (const [name, value] of Object.entries({ xmlns: SVG, width: width + 2 * margin, height: height + 2 * margin, viewBox: `${x - margin} ${y - margin} ${width + 2 * margin} ${height + 2 * margin}` })) copy.setAttribute(name, value);
  const colours = getComputedStyle(document.documentElement);
  const rules = [...document.styleSheets[0].cssRules].map((rule) => rule.cssText).filter((rule) => /^[.#](node|edge|group|was|drawing)/.test(rule));
  const resolved = rules.join("\n").replace(/var\((--[\w-]+)\)/g, (_, name) => colours.getPropertyValue(name).trim());
  for (const element of copy.querySelectorAll("[fill^=var]")) element.setAttribute("fill", element.getAttribute("fill").replace(/var\((--[\w-]+)\)/, (_, name) => colours.getPropertyValue(name).trim()));
  const paper = make("svg:rect", { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin, fill: colours.getPropertyValue("--card").trim() });
  copy.prepend(make("svg:style", {}, `text { font-family: system-ui, "DejaVu Sans", sans-serif; }\n${resolved}`), paper);
  return new XMLSerializer().serializeToString(copy);
}

/** The same in pixels, two for each; a Promise of a Blob. */
async function pngOf(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, 8000 / Math.max(image.width, image.height));
  const canvas = make("canvas", { width: Math.ceil(image.width * scale), height: Math.ceil(image.height * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function download(name, content) {
  const link = make("a", { href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content])), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Put something on the clipboard; where that may not be, save it as a file. */
async function copyOut(kind, file, content) {
  try {
    if (content instanceof Blob) await navigator.clipboard.write([new ClipboardItem({ [content.type]: content })]);
    else await navigator.clipboard.writeText(content);
    byId("message").textContent = `${kind} is on the clipboard.`;
  } catch {
    download(file, content);
    byId("message").textContent = `${kind} was saved as ${file}.`;
  }
}

function listenToCopies() {
  const texts = { latex: ["LaTeX", "expression.tex", latexText], python: ["Python", "expression.py", pythonText], svg: ["SVG", "expression.svg", svgText] };
  for (const [id, [kind, file, write]] of Object.entries(texts)) {
    byId(id).addEventListener("click", () => {
      const text = write();
      byId("copied").hidden = id === "svg";
      byId("copied").textContent = text;
      copyOut(kind, file, text);
    });
  }
  byId("png").addEventListener("click", async () => copyOut("PNG", "expression.png", await pngOf(svgText())));
}
