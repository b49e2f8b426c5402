// What of a drawing is seen, and how large: #drawing shows a part of #world, whose size is view.world. The wheel scrolls the page, and zooms while
// Ctrl is down.

const LEAST = 0.8; // below this scale text is smaller than 10 pixels
const view = { x: 0, y: 0, scale: 1, world: null, pointers: new Map(), moved: false };

function move() {
  byId("world").setAttribute("transform", `translate(${view.x},${view.y}) scale(${view.scale})`);
}

function zoom(factor, x, y) {
  const scale = Math.max(Math.min(0.02, view.scale), Math.min(6, view.scale * factor));
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  move();
}

/** Show the whole graph in a stage that is as high as it needs; of one that would be too small to read, what is around an element. */
function fit(element) {
  const drawing = byId("drawing");
  const all = view.world;
  const { width } = drawing.getBoundingClientRect();
  const most = Math.max(300, Math.min(760, innerHeight * (innerWidth < 760 ? 0.55 : 0.62)));
  const across = Math.min(1.3, (width - 24) / (all.width || 1));
  view.scale = Math.max(LEAST, Math.min(across, (most - 24) / (all.height || 1)));
  drawing.style.height = `${Math.round(Math.max(200, Math.min(most, all.height * view.scale + 24)))}px`;
  centre(element);
}

/** Bring an element into view, large enough to read. */
function reveal(element) {
  const { width, height } = byId("drawing").getBoundingClientRect();
  const box = element.place ?? element.getBBox(); // which takes time
  const [left, top] = [view.x + view.scale * box.x, view.y + view.scale * box.y];
  const [right, bottom] = [left + view.scale * box.width, top + view.scale * box.height];
  if (view.scale >= LEAST && left >= 0 && top >= 0 && right <= width && bottom <= height) return;
  if (view.scale < LEAST) view.scale = LEAST;
  centre(element);
}

/** Put an element as near to the middle as leaves nothing empty beside the graph, or the whole graph if there is room. */
function centre(element) {
  const { width, height } = byId("drawing").getBoundingClientRect();
  const all = view.world;
  const box = element.place ?? element.getBBox(); // which takes time
  const offset = (size, start, length, middle) => {
    const first = 12 - view.scale * start;
    const last = size - 12 - view.scale * (start + length);
    return first < last ? (first + last) / 2 : Math.max(last, Math.min(first, size / 2 - view.scale * middle));
  };
  view.x = offset(width, all.x, all.width, box.x + box.width / 2);
  view.y = offset(height, all.y, all.height, box.y + box.height / 2);
  move();
}

/** Let the pointer pan, and the wheel, two fingers and the buttons zoom; current() is the element that a fit keeps. */
function listenToPointers(current) {
  const drawing = byId("drawing");
  const at = (event) => {
    const box = drawing.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const wheel = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...at(event));
  };
  drawing.addEventListener("wheel", wheel, { passive: false });
  drawing.addEventListener("pointerdown", (event) => {
    view.pointers.set(event.pointerId, at(event));
    if (view.pointers.size === 1) view.moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    const before = view.pointers.get(event.pointerId);
    if (!before) return;
    const [x, y] = at(event);
    if (!view.moved && Math.hypot(x - before[0], y - before[1]) < 4) return;
    view.moved = true;
    drawing.classList.add("dragging");
    if (view.pointers.size === 1) {
      view.x += x - before[0];
      view.y += y - before[1];
      move();
    } else {
      const [other] = [...view.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const distance = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
      zoom(distance([x, y]) / distance(before), (x + other[0]) / 2, (y + other[1]) / 2);
    }
    view.pointers.set(event.pointerId, [x, y]);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, (event) => {
      view.pointers.delete(event.pointerId);
      if (view.pointers.size === 0) setTimeout(() => (view.moved = false)); // after the click that ends a drag
      drawing.classList.remove("dragging");
    });
  }
  const middle = () => {
    const { width, height } = drawing.getBoundingClientRect();
    return [width / 2, height / 2];
  };
  byId("zoom-in").addEventListener("click", () => zoom(1.3, ...middle()));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.3, ...middle()));
  byId("zoom-fit").addEventListener("click", () => fit(current()));
}
