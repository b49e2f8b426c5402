// Where the boxes of the explorer stand: columns from left to right, so that every edge points to the right; and which
// part of them is in view.
//
// Within groups (the layers of a net and the neurons in them) each inner group has a lane of its own, so that the frames
// around groups never overlap. What is in no group is put beside its neighbours.

const BOX = { width: 124, height: 58, gapX: 60, gapY: 14 };
const LEAST = 0.33; // below this scale nothing can be read: a graph that would need it opens at READABLE, in part
const READABLE = 0.75;
const view = { x: 0, y: 0, scale: 1, pointers: new Map(), moved: false };

/**
 * Number the columns: after all parents, but a leaf stands right before the first box that reads it. The leaves of a
 * group stand behind everything from outside that the group reads, so that groups have columns of their own.
 */
function columnsOf(items) {
  const outside = new Map();
  for (const item of items) {
    const [group] = item.groups;
    if (group === undefined) continue;
    if (!outside.has(group)) outside.set(group, new Set());
    for (const parent of item.parents) if (parent.groups[0] !== group) outside.get(group).add(parent);
  }
  const before = (item) => (item.parents.length || !item.groups.length ? item.parents : [...outside.get(item.groups[0])]);
  const column = new Map();
  const place = (start) => {
    const waiting = [start];
    const open = new Set();
    while (waiting.length) {
      const item = waiting[waiting.length - 1];
      const next = column.has(item) ? undefined : before(item).find((other) => !column.has(other) && !open.has(other));
      open.add(item);
      if (next) waiting.push(next);
      else {
        waiting.pop();
        column.set(item, 1 + Math.max(-1, ...before(item).map((other) => column.get(other) ?? -1)));
      }
    }
  };
  items.forEach(place);
  const first = new Map();
  for (const item of items) {
    for (const parent of item.parents) first.set(parent, Math.min(first.get(parent) ?? Infinity, column.get(item)));
  }
  for (const item of items) {
    if (item.parents.length === 0 && item.groups.length === 0 && first.has(item)) column.set(item, first.get(item) - 1);
  }
  return column;
}

/** Give every item x and y, the middle of its box. */
function layout(items) {
  const column = columnsOf(items);
  const pitch = BOX.width + BOX.gapX;
  for (const item of items) item.x = column.get(item) * pitch;
  const free = items.filter((item) => item.groups.length === 0);
  const bands = new Map();
  for (const item of items) {
    if (item.groups.length === 0) continue;
    if (!bands.has(item.groups[0])) bands.set(item.groups[0], new Map());
    const lanes = bands.get(item.groups[0]);
    const lane = item.groups.length > 1 ? item.groups[1] : item.key;
    if (!lanes.has(lane)) lanes.set(lane, new Map());
    const cells = lanes.get(lane);
    if (!cells.has(item.x)) cells.set(item.x, []);
    cells.get(item.x).push(item);
  }
  for (const lanes of bands.values()) placeLanes(lanes);
  placeFree(free, items);
}

/** Stack the lanes of one group, the whole centred at 0. */
function placeLanes(lanes) {
  const row = BOX.height + BOX.gapY;
  const heights = [...lanes.values()].map((cells) => row * Math.max(...[...cells.values()].map((c) => c.length)));
  const padding = lanes.size > 1 ? 30 : 0;
  let top = -(heights.reduce((a, b) => a + b, 0) + padding * (lanes.size - 1)) / 2;
  [...lanes.values()].forEach((cells, k) => {
    for (const cell of cells.values()) {
      cell.forEach((item, j) => {
        item.y = top + heights[k] / 2 + (j - (cell.length - 1) / 2) * row;
      });
    }
    top += heights[k] + padding;
  });
}

/** Order the boxes of each column by their neighbours, over and over, and keep them apart. */
function placeFree(free, items) {
  if (free.length === 0) return;
  const children = new Map(items.map((item) => [item, []]));
  for (const item of items) for (const parent of item.parents) children.get(parent).push(item);
  const columns = new Map();
  for (const item of free) {
    if (!columns.has(item.x)) columns.set(item.x, []);
    columns.get(item.x).push(item);
  }
  const row = BOX.height + BOX.gapY;
  const order = [...columns.keys()].sort((a, b) => a - b);
  for (const x of order) columns.get(x).forEach((item, j, all) => (item.y = (j - (all.length - 1) / 2) * row));
  for (let sweep = 0; sweep < 12; sweep++) {
    const forward = sweep % 2 === 0;
    for (const x of forward ? order : [...order].reverse()) {
      const cell = columns.get(x);
      for (const item of cell) {
        const near = forward && item.parents.length ? item.parents : children.get(item);
        const all = near.length ? near : item.parents;
        if (all.length) item.wish = all.reduce((sum, other) => sum + other.y, 0) / all.length;
        else item.wish = item.y;
      }
      cell.sort((a, b) => a.wish - b.wish);
      spread(cell, row);
    }
  }
}

/** Move the boxes of a column as little as possible so that none overlap: neighbours that collide share their shift. */
function spread(cell, row) {
  const blocks = [];
  for (const item of cell) {
    blocks.push({ sum: item.wish, items: [item] });
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      const end = before.sum / before.items.length + (before.items.length * row) / 2;
      const start = last.sum / last.items.length - (last.items.length * row) / 2;
      if (end <= start) break;
      blocks.pop();
      before.sum += last.sum;
      before.items.push(...last.items);
    }
  }
  for (const block of blocks) {
    const middle = block.sum / block.items.length;
    block.items.forEach((item, j) => (item.y = middle + (j - (block.items.length - 1) / 2) * row));
  }
}

// The view: what of the drawing is seen, and how large.

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

/** Show the whole graph; of one that would be too small to read, what is around an element. */
function fit(element) {
  const { width, height } = byId("drawing").getBoundingClientRect();
  const all = byId("world").getBBox();
  const whole = Math.min((width - 24) / (all.width || 1), (height - 24) / (all.height || 1));
  view.scale = whole < LEAST ? READABLE : Math.min(1.6, whole);
  centre(element);
}

/** Bring an element into view, large enough to read. */
function reveal(element) {
  const { width, height } = byId("drawing").getBoundingClientRect();
  const box = element.getBBox();
  const [left, top] = [view.x + view.scale * box.x, view.y + view.scale * box.y];
  const [right, bottom] = [left + view.scale * box.width, top + view.scale * box.height];
  if (view.scale >= LEAST && left >= 0 && top >= 0 && right <= width && bottom <= height) return;
  if (view.scale < LEAST) view.scale = READABLE;
  centre(element);
}

/** Put an element as near to the middle as leaves nothing empty beside the graph, or the whole graph if there is room. */
function centre(element) {
  const { width, height } = byId("drawing").getBoundingClientRect();
  const all = byId("world").getBBox();
  const box = element.getBBox();
  const offset = (size, start, length, middle, below = 12) => {
    const first = 12 - view.scale * start;
    const last = size - below - view.scale * (start + length);
    return first < last ? (first + last) / 2 : Math.max(last, Math.min(first, size / 2 - view.scale * middle));
  };
  view.x = offset(width, all.x, all.width, box.x + box.width / 2);
  view.y = offset(height, all.y, all.height, box.y + box.height / 2, 60); // above the buttons
  move();
}
