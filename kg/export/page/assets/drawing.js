// What is drawn besides vis-network's nodes and lines: regions below them, labels and what is pointed at above them.
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
const fontFor = spot => (spot.main ? `700 14px ${FONT}` : nodes.kind[spot.n] === PAPER ? `400 11.5px ${FONT}` : `600 12px ${FONT}`);
const measuring = document.createElement("canvas").getContext("2d");
const measured = new Map();
function measureLabel(spot) {
  const text = shortLabel(spot.n, spot.main ? 44 : nodes.kind[spot.n] === PAPER ? 24 : 26), font = fontFor(spot), key = font + text;
  if (!measured.has(key)) {
    measuring.font = font;
    measured.set(key, measuring.measureText(text).width);
  }
  return { text, width: measured.get(key) };
}

function convexHull(points) {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1]), turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = list => list.reduce((chain, point) => {
    while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
    return [...chain, point];
  }, []);
  return [...half(sorted).slice(0, -1), ...half(sorted.reverse()).slice(0, -1)];
}

function regionShape(region) {
  const hull = convexHull(region.spots.map(spot => [spot.x, spot.y])), path = new Path2D();
  hull.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
  const reach = Math.max(...region.spots.map(spot => nodes.size[spot.n]));
  return { path, reach, top: Math.min(...hull.map(point => point[1])), middle: (Math.min(...hull.map(p => p[0])) + Math.max(...hull.map(p => p[0]))) / 2, count: region.spots.length };
}

function drawRegions(ctx, regions) {
  ctx.save();
  ctx.lineJoin = "round";
  for (const region of regions) {
    if (region.plain) continue;
    region.shape ??= regionShape(region);
    ctx.fillStyle = ctx.strokeStyle = paint.region;
    ctx.lineWidth = 2 * (region.shape.reach + 14);
    ctx.fill(region.shape.path);
    ctx.stroke(region.shape.path);
  }
  ctx.restore();
}

// work in pixels of the screen, whatever the zoom
function onScreen(ctx, draw) {
  ctx.save();
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth, scale = network.getScale(), middle = network.getViewPosition();
  const width = ctx.canvas.clientWidth, height = ctx.canvas.clientHeight;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw({ scale, width, height, toX: x => (x - middle.x) * scale + width / 2, toY: y => (y - middle.y) * scale + height / 2 });
  ctx.restore();
}

function drawText(ctx, text, x, y, colour, halo = 4) {
  ctx.lineJoin = "round";
  ctx.lineWidth = halo;
  ctx.strokeStyle = paint.ground;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

function drawLabels(ctx, view, labels, wanted = null) {
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  for (const label of labels) {
    if (wanted ? !wanted.has(label.spot.n) : label.from > view.scale) continue;
    const x = view.toX(label.x) + label.left + PAD, y = view.toY(label.y) + label.top + label.h / 2;
    if (x > view.width || x + label.w < 0 || y < -20 || y > view.height + 20) continue;
    ctx.font = fontFor(label.spot);
    drawText(ctx, label.text, x, y, nodes.kind[label.spot.n] === PAPER && !label.spot.main && !wanted ? paint.soft : paint.ink);
  }
}

function drawRegionNames(ctx, view, regions) {
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  for (const region of regions) {
    if (!region.label || !region.name) continue;
    const { x, y, from } = region.name;
    if (view.scale < from || region.name.w > view.width || (region.plain && view.width < 600)) continue;
    ctx.font = `650 13px ${FONT}`;
    ctx.letterSpacing = "0.02em";
    drawText(ctx, region.label, view.toX(x), view.toY(y) - 4, paint.regionink);
    ctx.letterSpacing = "0px";
  }
}

function drawLine(ctx, view, from, to, colour, width) {
  const x1 = view.toX(from.x), y1 = view.toY(from.y), x2 = view.toX(to.x), y2 = view.toY(to.y), far = Math.hypot(x2 - x1, y2 - y1) || 1;
  const stop = (nodes.size[to.n] + 2) * view.scale + 1, tip = Math.min(9, far / 3), ux = (x2 - x1) / far, uy = (y2 - y1) / far;
  const ex = x2 - ux * stop, ey = y2 - uy * stop;
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(ex - ux * tip * 0.8, ey - uy * tip * 0.8);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(ex, ey);
  ctx.lineTo(ex - ux * tip - uy * tip * 0.5, ey - uy * tip + ux * tip * 0.5);
  ctx.lineTo(ex - ux * tip + uy * tip * 0.5, ey - uy * tip - ux * tip * 0.5);
  ctx.fill();
}

// what is pointed at or chosen stands out: all else is veiled, its lines and names are drawn again above
function drawAbove(ctx, picture, marked) {
  onScreen(ctx, view => {
    const { places, lines, labels } = picture, lit = new Set(marked);
    const ours = lines.filter(line => marked.includes(line.a) || marked.includes(line.b)).filter(line => marked.length < 2 || !state.line || (marked.includes(line.a) && marked.includes(line.b)));
    if (marked.length) {
      ctx.fillStyle = paint.ground;
      ctx.globalAlpha = 0.72;
      ctx.fillRect(0, 0, view.width, view.height);
      ctx.globalAlpha = 1;
      for (const line of ours) { lit.add(line.a); lit.add(line.b); }
      for (const line of ours) drawLine(ctx, view, places.get(line.a), places.get(line.b), paint.relation[edges.relation[line.edges[0]]], 1.8);
      for (const node of lit) {
        const spot = places.get(node);
        if (spot) drawMark(ctx, nodes.kind[node], view.toX(spot.x), view.toY(spot.y), Math.max(3.5, nodes.size[node] * view.scale), { ring: marked.includes(node) ? paint.ink : "" });
      }
    }
    if (!marked.length) drawRegionNames(ctx, view, picture.regions);
    if (marked.length) drawLit(ctx, view, labels, lit, marked);
    else drawLabels(ctx, view, labels);
  });
}

// names of what is lit, the marked first, each only where it meets no other
function drawLit(ctx, view, labels, lit, marked) {
  const taken = [], wanted = new Set();
  const ranked = labels.filter(label => lit.has(label.spot.n)).sort((p, q) => marked.includes(q.spot.n) - marked.includes(p.spot.n));
  for (const label of ranked) {
    const x = view.toX(label.x) + label.left, y = view.toY(label.y) + label.top;
    if (taken.some(box => x < box.x + box.w && box.x < x + label.w && y < box.y + LINE && box.y < y + LINE) && !marked.includes(label.spot.n)) continue;
    taken.push({ x, y, w: label.w });
    wanted.add(label.spot.n);
  }
  drawLabels(ctx, view, labels, wanted);
}
