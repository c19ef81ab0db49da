// Labels: each has a scale from which on it is shown. It is computed once for a picture from all labels and nodes, whatever part of them is on the
// screen, and nearer never hides what was shown: so panning and zooming flicker not.
const LINE = 15, PAD = 3, INWARD = 0.8, TALL = 10;

function placeLabels(spots, fontOf) {
  // names at the left and right rim go inwards, so that the picture can be drawn larger
  const xs = spots.map(spot => spot.x), middle = (Math.max(...xs) + Math.min(...xs)) / 2, half = (Math.max(...xs) - Math.min(...xs)) / 2;
  for (const spot of spots) spot.atRim = spot.angle === undefined && Math.abs(spot.x - middle) > INWARD * half && half > 300 ? Math.sign(spot.x - middle) : 0;
  const ranked = [...spots].sort((p, q) => rankOf(q) - rankOf(p) || p.n - q.n);
  const placed = [];
  for (const spot of ranked) {
    const best = anchors(spot, fontOf).reduce((least, box) => {
      // the first place is the usual one: another is taken only where it shows the name from clearly farther away
      const from = scaleFrom(box, placed, spots, spot, least ? least.from * 0.75 : Infinity);
      return from < (least ? least.from * 0.75 : Infinity) ? { ...box, from } : least;
    }, null);
    if (best) placed.push({ ...best, spot });
  }
  return placed;
}

const rankOf = spot => (spot.main ? 1e6 : 0) + (nodes.kind[spot.n] === PAPER ? 0 : 40 + nodes.size[spot.n] * 10) + (spot.outer ? -30 : 0) + Math.min(30, linksOf[spot.n].length);

// a box has its corner at (scale * x + left, scale * y + top) and a fixed size on the screen
function anchors(spot, fontOf) {
  const r = nodes.size[spot.n] * (GROWN[kindOf(spot.n)] || 1) + 1, { text, width } = fontOf(spot), w = width + 2 * PAD, h = LINE;
  const box = (x, y, left, top) => ({ x, y, left, top, w, h, text });
  if (spot.atRim) return spot.atRim < 0 ? [box(spot.x, spot.y + r, -w / 2, 0), box(spot.x + r, spot.y, 1, -h / 2), box(spot.x, spot.y - r, -w / 2, -h)] : [box(spot.x, spot.y + r, -w / 2, 0), box(spot.x - r, spot.y, -w - 1, -h / 2), box(spot.x, spot.y - r, -w / 2, -h)];
  const list = [box(spot.x, spot.y + r, -w / 2, 0), box(spot.x + r, spot.y, 1, -h / 2), box(spot.x - r, spot.y, -w - 1, -h / 2), box(spot.x, spot.y - r, -w / 2, -h)];
  if (spot.angle === undefined || Math.abs(Math.cos(spot.angle)) < 0.5) return list;
  return Math.cos(spot.angle) > 0 ? [list[1], list[0], list[3], list[2]] : [list[2], list[0], list[3], list[1]];
}

// the least scale from which on a box meets neither a label that is shown then nor a node
function scaleFrom(box, placed, spots, own, worst) {
  let from = 0;
  for (const spot of spots) {
    if (spot === own || (state.view === "overview" && nodes.size[own.n] >= TALL && nodes.kind[spot.n] === PAPER && !spot.main)) continue;  // what many share is named, even over the dot of a paper
    const r = nodes.size[spot.n];
    from = Math.max(from, Math.min(clear(box.x, box.left, box.w, spot.x - r, spot.x + r), clear(box.y, box.top, box.h, spot.y - r, spot.y + r)));
    if (from >= worst) return Infinity;
  }
  for (const other of placed) {
    const apart = Math.min(apartFrom(box.x, box.left, box.w, other.x, other.left, other.w), apartFrom(box.y, box.top, box.h, other.y, other.top, other.h));
    if (apart > other.from || apart > from) from = Math.max(from, apart > other.from ? apart : from);
    if (from >= worst) return Infinity;
  }
  return from;
}

// along one axis: the scale from which [s*a+p, +w] and [s*b+q, +v] do not overlap
function apartFrom(a, p, w, b, q, v) {
  const far = b - a, shift = q - p;
  if (Math.abs(far) < 1e-6) return shift >= w || shift <= -v ? 0 : Infinity;
  return Math.max(0, far > 0 ? (w - shift) / far : (v + shift) / -far);
}

// along one axis: the scale from which [s*a+p, +w] is clear of what reaches from s*low to s*high
function clear(a, p, w, low, high) {
  if (low >= a - 1e-6) return low - a < 1e-6 ? (p + w <= 0 ? 0 : Infinity) : Math.max(0, (p + w) / (low - a));
  if (high <= a + 1e-6) return a - high < 1e-6 ? (p >= 0 ? 0 : Infinity) : Math.max(0, -p / (a - high));
  return Infinity;
}
