// Where boxes stand: columns from left to right, so that every edge points to the right. It is a pure function of what
// is given, and knows nothing of pages.
//
// Within groups (the layers of a net and the neurons in them) each inner group has a lane of its own, so that the frames
// around groups never overlap. What is in no group is put beside its neighbours.

const MOST_SPANNED = 24; // columns that an edge keeps a free way through
const THIN = 18; // the height of such a way beside the boxes of a lane

/** The lane of an item: its groups, as text. */
const laneOf = (item) => item.groups.slice(0, 2).join("\u0000");

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

/**
 * Give every item x and y, the middle of its box.
 *
 * An item has key, parents (items), groups (names, the outer one first), and rank, by which those that could change
 * places are ordered from top to bottom; box is { width, height, gapX, gapY }. Returned are, for edges that pass other
 * columns, the points on their way: a Map from the parent to a list of { x, y, lane }, where lane is that of the child,
 * or undefined if there are no groups.
 */
function layout(items, box) {
  const column = columnsOf(items);
  const pitch = box.width + box.gapX;
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
  const ways = free.length === items.length ? waysThrough(items, pitch) : waysIntoLanes(items, bands);
  for (const lanes of bands.values()) placeLanes(lanes, box);
  const among = bands.size ? [] : ways;
  placeFree([...free, ...among], [...items, ...among], box);
  const points = new Map();
  for (const { parent, x, y, lane } of ways) {
    if (!points.has(parent)) points.set(parent, []);
    points.get(parent).push({ x, y, lane });
  }
  return points;
}

/** Thin items in a lane where edges from outside pass its columns: they are put into its cells. */
function waysIntoLanes(items, bands) {
  const ways = [];
  const known = new Set();
  for (const item of items) {
    if (item.groups.length < 2) continue;
    const lane = laneOf(item);
    const cells = bands.get(item.groups[0]).get(item.groups[1]);
    for (const parent of item.parents) {
      if (laneOf(parent) === lane) continue;
      for (const [x, cell] of cells) {
        if (x <= parent.x || x >= item.x || known.has(`${lane} ${parent.key} ${x}`)) continue;
        known.add(`${lane} ${parent.key} ${x}`);
        const way = { parent, x, lane, rank: parent.rank, thin: true };
        cell.push(way);
        ways.push(way);
      }
    }
  }
  return ways;
}

/** Thin items where edges pass columns, so that no box stands in their way: for each parent one in each column. */
function waysThrough(items, pitch) {
  const last = new Map();
  for (const item of items) for (const parent of item.parents) last.set(parent, Math.max(last.get(parent) ?? 0, item.x));
  const ways = [];
  for (const [parent, end] of last) {
    if (end - parent.x > MOST_SPANNED * pitch) continue;
    let before = parent;
    for (let x = parent.x + pitch; x < end; x += pitch) {
      before = { parent, x, parents: [before], groups: [], rank: parent.rank, thin: true };
      ways.push(before);
    }
  }
  return ways;
}

/** Stack the lanes of one group, the whole centred at 0. */
function placeLanes(lanes, box) {
  const heightOf = (item) => (item.thin ? THIN : box.height + box.gapY);
  const heightOfCell = (cell) => cell.reduce((sum, item) => sum + heightOf(item), 0);
  const heights = [...lanes.values()].map((cells) => Math.max(...[...cells.values()].map(heightOfCell)));
  const padding = lanes.size > 1 ? 30 : 0;
  let top = -(heights.reduce((a, b) => a + b, 0) + padding * (lanes.size - 1)) / 2;
  [...lanes.values()].forEach((cells, k) => {
    for (const cell of cells.values()) {
      cell.sort((a, b) => Boolean(a.thin) - Boolean(b.thin) || a.rank - b.rank); // what comes in from outside, below
      let y = top + (heights[k] - heightOfCell(cell)) / 2;
      for (const item of cell) {
        item.y = y + heightOf(item) / 2;
        y += heightOf(item);
      }
    }
    top += heights[k] + padding;
  });
}

/** Order the boxes of each column by their neighbours, over and over, and keep them apart. */
function placeFree(free, items, box) {
  if (free.length === 0) return;
  const children = new Map(items.map((item) => [item, []]));
  for (const item of items) for (const parent of item.parents) children.get(parent).push(item);
  const columns = new Map();
  for (const item of free) {
    if (!columns.has(item.x)) columns.set(item.x, []);
    columns.get(item.x).push(item);
  }
  const order = [...columns.keys()].sort((a, b) => a - b);
  for (const x of order) {
    const cell = columns.get(x).sort((a, b) => a.rank - b.rank);
    cell.forEach((item, j) => (item.y = (j - (cell.length - 1) / 2) * (box.height + box.gapY)));
  }
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
      cell.sort((a, b) => a.wish - b.wish || a.rank - b.rank);
      spread(cell, (item) => (item.thin ? 18 : box.height + box.gapY));
    }
  }
}

/** Move what stands in a column as little as possible so that none overlap: neighbours that collide share their shift. */
function spread(cell, sizeOf) {
  const blocks = [];
  for (const item of cell) {
    blocks.push({ wishes: item.wish - sizeOf(item) / 2, size: sizeOf(item), items: [item] });
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      if (before.wishes / before.items.length + before.size <= last.wishes / last.items.length) break;
      blocks.pop();
      before.wishes += last.wishes - before.size * last.items.length; // where each would have the block begin
      before.size += last.size;
      before.items.push(...last.items);
    }
  }
  for (const block of blocks) {
    let top = block.wishes / block.items.length;
    for (const item of block.items) {
      item.y = top + sizeOf(item) / 2;
      top += sizeOf(item);
    }
  }
}
