// Which nodes stand where, for each view. The overview's places were computed beforehand; the others are drawn up here, the same each time.
const RING = 88, MOST = 90, WIDER = 80, ENOUGH = 12;

// one line for each pair of nodes, drawn as its strongest relation
function linesAmong(list) {
  const inView = new Set(list), found = new Map();
  for (const node of list) for (const edge of linksOf[node]) {
    if (edges.source[edge] !== node || !inView.has(edges.target[edge]) || !isEdgeIn(edge)) continue;
    const key = `${Math.min(node, edges.target[edge])}-${Math.max(node, edges.target[edge])}`;
    if (!found.has(key)) found.set(key, { id: key, a: edges.source[edge], b: edges.target[edge], edges: [] });
    found.get(key).edges.push(edge);
  }
  for (const line of found.values()) {
    line.edges.sort((x, y) => edges.relation[x] - edges.relation[y]);
    line.a = edges.source[line.edges[0]];
    line.b = edges.target[line.edges[0]];
  }
  return [...found.values()];
}

function neighbours(node) {
  const found = new Map();
  for (const edge of linksOf[node]) {
    if (!isEdgeIn(edge)) continue;
    const other = otherEnd(edge, node);
    if (other !== node && !found.has(other)) found.set(other, edge);
  }
  return found;
}

function arrangeOverview() {
  const all = overview.nodes.map((n, i) => ({ n, x: overview.x[i], y: overview.y[i] }));
  let shown = all.filter(spot => isNodeIn(spot.n));
  if (isFiltered()) {
    const linked = new Set(linesAmong(shown.map(spot => spot.n)).flatMap(line => [line.a, line.b]));
    shown = shown.filter(spot => linked.has(spot.n) || state.pinned.has(spot.n));
    if (shown.length < ENOUGH) return arrangeBest();
  }
  const places = new Map(shown.map(spot => [spot.n, spot]));
  const regions = overview.regions.map(region => ({ label: region.label, spots: region.members.map(n => places.get(n)).filter(Boolean) }));
  const regionOf = new Map(overview.regions.flatMap((region, number) => region.members.map(n => [n, number])));
  const lines = linesAmong(shown.map(spot => spot.n));
  for (const line of lines) line.far = regionOf.get(line.a) !== regionOf.get(line.b);
  return { spots: shown, lines, regions: regions.filter(region => region.spots.length > 3), left: 0 };
}

// where filters leave little of the overview: the most linked of all that passes, laid out here
function arrangeBest() {
  const degree = new Map();
  for (let node = 0; node < count; node++) if (isNodeIn(node)) degree.set(node, linksOf[node].filter(isEdgeIn).length);
  const ranked = [...degree.keys()].filter(n => degree.get(n) || nodes.kind[n] === PAPER || state.pinned.has(n)).sort((a, b) => degree.get(b) - degree.get(a) || nodes.papers[b] - nodes.papers[a] || a - b);
  const list = ranked.slice(0, 120), lines = linesAmong(list);
  return { spots: spreadOut(list, lines), lines, regions: [], left: ranked.length - list.length };
}

// a small force layout for at most some hundred nodes: linked near, others apart, then no disc upon another
function spreadOut(list, lines) {
  const spots = list.map((n, i) => ({ n, x: 40 * Math.sqrt(i + 1) * Math.cos(i * 2.39996), y: 26 * Math.sqrt(i + 1) * Math.sin(i * 2.39996) }));
  const place = new Map(spots.map(spot => [spot.n, spot])), rest = 80;
  for (let round = 0, heat = 60; round < 150; round++, heat *= 0.97) {
    for (const spot of spots) { spot.dx = -spot.x * 0.012; spot.dy = -spot.y * 0.024; }
    for (let i = 0; i < spots.length; i++) for (let j = 0; j < i; j++) {
      const dx = spots[i].x - spots[j].x, dy = spots[i].y - spots[j].y, square = dx * dx + dy * dy + 0.01, push = (rest * rest) / square / 6;
      spots[i].dx += dx * push; spots[i].dy += dy * push; spots[j].dx -= dx * push; spots[j].dy -= dy * push;
    }
    for (const line of lines) {
      const a = place.get(line.a), b = place.get(line.b), dx = b.x - a.x, dy = b.y - a.y, pull = (Math.hypot(dx, dy) - rest) / rest / 8;
      a.dx += dx * pull; a.dy += dy * pull; b.dx -= dx * pull; b.dy -= dy * pull;
    }
    for (const spot of spots) {
      const far = Math.hypot(spot.dx, spot.dy) || 1, step = Math.min(far, heat) / far;
      spot.x += spot.dx * step; spot.y += spot.dy * step;
    }
  }
  return pushApart(spots);
}

function pushApart(spots, gap = 12, fixed = new Set()) {
  for (let round = 0, moved = true; moved && round < 300; round++) {
    moved = false;
    for (let i = 0; i < spots.length; i++) for (let j = 0; j < i; j++) {
      const a = spots[i], b = spots[j], least = nodes.size[a.n] + nodes.size[b.n] + gap;
      let dx = b.x - a.x, dy = b.y - a.y, far = Math.hypot(dx, dy);
      if (far >= least - 0.1) continue;
      if (far < 0.01) { dx = Math.cos(i * 2.4); dy = Math.sin(i * 2.4); far = 1; }
      const push = (least - far) / 2 + 0.1, sure = fixed.has(a.n), held = fixed.has(b.n);
      if (sure && held) continue;
      moved = true;
      if (!sure) { a.x -= (dx / far) * push * (held ? 2 : 1); a.y -= (dy / far) * push * (held ? 2 : 1); }
      if (!held) { b.x += (dx / far) * push * (sure ? 2 : 1); b.y += (dy / far) * push * (sure ? 2 : 1); }
    }
  }
  return spots;
}

// a neighbourhood: what is linked directly stands around the middle, a sector for each relation; what is linked to that, outside
function arrangeFocus() {
  const middle = state.focus;
  if (middle.length > 1) return arrangeGroup(middle);
  const [node] = middle, near = [...neighbours(node)];
  near.sort(([a, x], [b, y]) => edges.relation[x] - edges.relation[y] || (edges.source[x] === node) - (edges.source[y] === node) || nodes.kind[a] - nodes.kind[b] || edges.confidence[y] - edges.confidence[x] || a - b);
  const kept = fairShare(near, ([, edge]) => `${edges.relation[edge]}${edges.source[edge] === node}`, MOST);
  const spots = [{ n: node, x: 0, y: 0, main: true }, ...inSectors(kept, node)];
  const regions = sectorRegions(spots.slice(1), node);
  let left = near.length - kept.length;
  for (let depth = 2; depth <= state.depth; depth++) left = widen(spots, left);
  addPinned(spots);
  pushApart(spots, 12, new Set([node]));
  return { spots, lines: linesAmong(spots.map(spot => spot.n)), regions: state.depth > 1 ? [] : regions, left };
}

function fairShare(list, groupOf, most) {
  if (list.length <= most) return list;
  const groups = new Map();
  for (const item of list) groups.set(groupOf(item), [...(groups.get(groupOf(item)) || []), item]);
  const kept = new Set();
  for (let rank = 0; kept.size < most; rank++) for (const group of groups.values()) if (group[rank] && kept.size < most) kept.add(group[rank]);
  return list.filter(item => kept.has(item));
}

function inSectors(kept, node) {
  const groups = new Map();
  for (const [other, edge] of kept) {
    const key = `${edges.relation[edge]}${edges.source[edge] === node}`;
    groups.set(key, [...(groups.get(key) || []), [other, edge]]);
  }
  const gap = groups.size > 1 ? 0.16 : 0, circle = 2 * Math.PI - gap * groups.size;
  const weights = [...groups.values()].map(group => Math.max(group.length, kept.length * 0.06)), whole = weights.reduce((a, b) => a + b, 0);
  const spots = [];
  let from = -Math.PI / 2;
  [...groups.values()].forEach((group, number) => {
    const width = (circle * weights[number]) / whole;
    fillSector(group, from + gap / 2, width, spots);
    from += width + gap;
  });
  return spots;
}

function fillSector(group, from, width, spots) {
  let radius = 2 * RING, taken = 0;
  while (taken < group.length) {
    const room = Math.max(1, Math.floor((width * radius) / 62)), here = Math.min(room, group.length - taken);
    for (let i = 0; i < here; i++) {
      const angle = from + (width * (i + 0.5)) / here, [n, edge] = group[taken + i];
      spots.push({ n, edge, x: radius * 1.25 * Math.cos(angle), y: radius * Math.sin(angle), angle });
    }
    taken += here;
    radius += RING;
  }
}

function sectorRegions(spots, node) {
  const groups = new Map();
  for (const spot of spots) {
    const label = phraseFrom(spot.edge, spot.n, true);
    if (!groups.has(label)) groups.set(label, []);
    groups.get(label).push(spot);
  }
  const totals = new Map();
  for (const edge of linksOf[node].filter(isEdgeIn)) totals.set(phraseFrom(edge, node), (totals.get(phraseFrom(edge, node)) || 0) + 1);
  return [...groups].map(([label, members]) => ({ label: `${label} (${number(totals.get(label))})`, spots: members, plain: true }));
}

// how an edge reads from one of its ends; `away`: from the other end
function phraseFrom(edge, node, away = false) {
  const relation = relations[edges.relation[edge]];
  return (edges.source[edge] === node) !== away ? relation.phrase : relation.inverse;
}

// one step wider: first what several of those in view lead to, then what is most named
function widen(spots, left) {
  const place = new Map(spots.map(spot => [spot.n, spot])), found = new Map();
  for (const spot of spots) for (const other of neighbours(spot.n).keys()) {
    if (!place.has(other)) found.set(other, [...(found.get(other) || []), spot]);
  }
  const ranked = [...found].sort((a, b) => b[1].length - a[1].length || nodes.papers[b[0]] - nodes.papers[a[0]] || a[0] - b[0]).slice(0, WIDER);
  const outside = Math.max(...spots.map(spot => Math.hypot(spot.x / 1.25, spot.y))) + 1.4 * RING;
  const turned = ranked.map(([n, from]) => {
    const x = from.reduce((sum, spot) => sum + spot.x, 0), y = from.reduce((sum, spot) => sum + spot.y, 0);
    return { n, angle: Math.atan2(y, x * 0.8) };
  }).sort((a, b) => a.angle - b.angle || a.n - b.n);
  const rows = Math.max(1, Math.ceil((turned.length * 56) / (2 * Math.PI * outside)));
  turned.forEach((spot, i) => {
    const angle = -Math.PI + (2 * Math.PI * (i + 0.5)) / turned.length, radius = outside + (i % rows) * RING * 0.8;
    spots.push({ n: spot.n, x: radius * 1.25 * Math.cos(angle), y: radius * Math.sin(angle), outer: true });
  });
  return left + found.size - ranked.length;
}

function arrangeGroup(middle) {
  const list = new Set(middle);
  for (let depth = 1; depth <= state.depth; depth++) {
    const next = new Map();
    for (const node of list) for (const other of neighbours(node).keys()) if (!list.has(other)) next.set(other, (next.get(other) || 0) + 1);
    [...next].sort((a, b) => b[1] - a[1] || nodes.papers[b[0]] - nodes.papers[a[0]] || a[0] - b[0]).slice(0, WIDER).forEach(([n]) => list.add(n));
  }
  const all = [...list], lines = linesAmong(all);
  const spots = spreadOut(all, lines);
  for (const spot of spots) spot.main = middle.includes(spot.n);
  return { spots, lines, regions: [], left: 0 };
}

// two things: what both are linked to stands between them; where that is nothing, the way that joins them
function arrangePair() {
  const [a, b] = state.focus, common = sharedBy(a, b), path = pathBetween(a, b);
  const spots = [{ n: a, x: -430, y: 0, main: true }, { n: b, x: 430, y: 0, main: true }];
  if (common.length) {
    const kept = common.slice(0, 60), columns = Math.ceil(kept.length / Math.min(14, Math.ceil(Math.sqrt(kept.length * 2.2)))), rows = Math.ceil(kept.length / columns);
    kept.forEach((n, i) => {
      const column = Math.floor(i / rows), inColumn = Math.min(rows, kept.length - column * rows);
      spots.push({ n, x: (column - (columns - 1) / 2) * 180, y: ((i % rows) - (inColumn - 1) / 2) * 58 });
    });
    if (columns > 3) { spots[0].x = -(columns * 90 + 200); spots[1].x = columns * 90 + 200; }
  } else path.slice(1, -1).forEach((n, i, inner) => spots.push({ n, x: -430 + (860 * (i + 1)) / (inner.length + 1), y: i % 2 ? 60 : -60 }));
  addPinned(spots);
  pushApart(spots, 12, new Set([a, b]));
  const onPath = new Set(path.slice(1).map((n, i) => `${Math.min(n, path[i])}-${Math.max(n, path[i])}`));
  return { spots, lines: linesAmong(spots.map(spot => spot.n)), regions: [], left: Math.max(0, common.length - 60), path: onPath };
}

const rarity = node => 1 / Math.log(2 + linksOf[node].length);
function sharedBy(a, b) {
  const ofB = neighbours(b);
  return [...neighbours(a).keys()].filter(node => node !== b && ofB.has(node)).sort((x, y) => rarity(y) - rarity(x) || x - y);
}

// the way with the fewest steps, and among these the one over the rarest things: a way over what everybody names says little
function pathBetween(a, b) {
  const cost = new Map([[a, 0]]), from = new Map(), open = [[0, a]];
  while (open.length) {
    let least = 0;
    for (let i = 1; i < open.length; i++) if (open[i][0] < open[least][0]) least = i;
    const [far, node] = open.splice(least, 1)[0];
    if (node === b) break;
    if (far > cost.get(node)) continue;
    for (const other of neighbours(node).keys()) {
      const next = far + 1 + (other === b ? 0 : Math.log(1 + linksOf[other].length) / 4);
      if (next < (cost.get(other) ?? Infinity)) { cost.set(other, next); from.set(other, node); open.push([next, other]); }
    }
  }
  if (!cost.has(b)) return [];
  const path = [b];
  while (path[0] !== a) path.unshift(from.get(path[0]));
  return path;
}

function addPinned(spots) {
  const here = new Set(spots.map(spot => spot.n)), bottom = Math.max(...spots.map(spot => spot.y)) + RING;
  [...state.pinned].filter(n => !here.has(n)).forEach((n, i, all) => spots.push({ n, x: (i - (all.length - 1) / 2) * 130, y: bottom }));
}
