/* A load to turn: boxes on a plain canvas, painted from the far side to the eye whatever way one looks.
   A binary space partition, cut once a load, gives the order for every eye; a box in a ring of boxes is cut by it. */
class Turned {
  constructor(canvas, tell = () => {}) {
    this.canvas = canvas; this.tell = tell; this.only = -1; this.from = 0; this.shown = 0; this.named = "owner"; this.marks = true; this.room = [36, 52];
    this.reset();
  }
  reset(az = -0.86, el = 0.4, flat = false) { this.az = az; this.el = el; this.flat = flat; this.zoom = 1; this.panX = this.panY = 0; }
  look(az, el, flat = false) { this.reset(az, el, flat); this.later(); }

  /* blocks: [x, y, z, dx, dy, dz, nx, ny, nz, color], in loading order */
  open(inside, blocks) {
    this.inside = inside; this.blocks = blocks;
    this.lo = blocks.map((b) => [b[0], b[1], b[2]]); this.hi = blocks.map((b) => [b[0] + b[3] * b[6], b[1] + b[4] * b[7], b[2] + b[5] * b[8]]);
    let at = 0;
    this.first = blocks.map((b) => { const was = at; at += b[6] * b[7] * b[8]; return was; });
    this.total = this.shown = at; this.from = 0; this.only = -1; this.mark = null;
    this.cover = covered(this.lo, this.hi, this.first, blocks);
    this.tree = parted(this.lo, this.hi);
    this.later();
  }
  count(i) { const b = this.blocks[i]; return Math.max(0, Math.min(b[6] * b[7] * b[8], this.shown - this.first[i])); }
  stepAt(n) { let low = 0, high = this.first.length - 1; while (low < high) { const mid = (low + high + 1) >> 1; if (this.first[mid] < n) low = mid; else high = mid - 1; } return n > 0 ? low : -1; }

  later() { if (!this.waits) { this.waits = true; requestAnimationFrame(() => { this.waits = false; this.draw(); }); } }
  draw(colors = palette()) {
    const box = this.canvas, w = box.clientWidth, h = box.clientHeight, dpr = Math.min(2, devicePixelRatio || 1);
    if (!w || !h || !this.blocks) return;
    if (box.width !== Math.round(w * dpr) || box.height !== Math.round(h * dpr)) { box.width = Math.round(w * dpr); box.height = Math.round(h * dpr); }
    const ctx = box.getContext("2d", { willReadFrequently: true }); /* thousands of small paths: quicker without a graphics card's help */
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.clearRect(0, 0, w, h);
    this.paint(ctx, w, h, colors);
    box.dataset.az = this.az.toFixed(3); box.dataset.el = this.el.toFixed(3); box.dataset.zoom = this.zoom.toFixed(3); box.dataset.shown = this.shown;
  }

  /* the eye: turn, tilt, and a scale that fits the container */
  aim(w, h) {
    const [L, B, H] = this.inside, ca = Math.cos(this.az), sa = Math.sin(this.az), ce = Math.cos(this.el), se = Math.sin(this.el);
    this.mid = [L / 2, B / 2, H / 2]; this.dir = [ce * ca, ce * sa, se]; this.right = [-sa, ca, 0]; this.up = [-se * ca, -se * sa, ce];
    this.far = this.flat ? 0 : 2.4 * Math.hypot(L, B, H);
    this.eye = this.mid.map((m, k) => m + this.dir[k] * (this.far || 1e7));
    this.scale = 1; this.cx = this.cy = 0;
    let x0 = 1e9, x1 = -1e9, y0 = 1e9, y1 = -1e9;
    for (const x of [0, L]) for (const y of [0, B]) for (const z of [0, H]) { const [a, b] = this.at(x, y, z); x0 = Math.min(x0, a); x1 = Math.max(x1, a); y0 = Math.min(y0, b); y1 = Math.max(y1, b); }
    const [mx, my] = this.room, fit = Math.min((w - mx) / (x1 - x0), (h - my) / (y1 - y0), (1.9 * (w - mx)) / Math.hypot(L, B));
    this.scale = fit * this.zoom;
    this.cx = w / 2 + this.panX - (this.scale * (x0 + x1)) / 2; this.cy = h / 2 + this.panY - (this.scale * (y0 + y1)) / 2;
  }
  at(x, y, z) {
    const m = this.mid, d = this.dir, r = this.right, u = this.up, a = x - m[0], b = y - m[1], c = z - m[2];
    const k = this.far ? (this.scale * this.far) / (this.far - (a * d[0] + b * d[1] + c * d[2])) : this.scale;
    return [this.cx + k * (a * r[0] + b * r[1]), this.cy - k * (a * u[0] + b * u[1] + c * u[2])];
  }
  sees(axis, at, side) { return this.far ? side * (this.eye[axis] - at) > 0 : side * this.dir[axis] > 1e-9; }

  paint(ctx, w, h, colors) {
    this.aim(w, h);
    this.colors = colors; this.ctx = ctx; this.font = colors.font;
    ctx.lineJoin = ctx.lineCap = "round"; ctx.textAlign = "center"; ctx.textBaseline = "middle";
    this.hull(false);
    this.walk(this.tree);
    this.hull(true);
    if (this.shown > this.from && this.shown < this.total && this.marks) this.outline(this.stepAt(this.shown));
    if (this.mark) this.ball(this.mark);
  }
  walk(node) {
    if (!node) return;
    if (node.leaf) { for (const f of node.leaf) this.fragment(f); return; }
    const near = this.sees(node.axis, node.at, 1);
    this.walk(near ? node.low : node.high);
    this.walk(near ? node.high : node.low);
  }
  fragment(f) {
    const i = f[0], n = this.count(i);
    if (!n) return;
    const b = this.blocks[i], all = b[6] * b[7] * b[8];
    if (n === all) { this.solid(i, f, this.lo[i], this.hi[i], true); return; }
    /* half loaded: whole walls, then whole layers of the next wall, then single pieces */
    const wall = b[7] * b[8], nx = Math.floor(n / wall), nz = Math.floor((n - nx * wall) / b[7]), ny = n - nx * wall - nz * b[7], x = b[0] + nx * b[3], z = b[2] + nz * b[5], parts = [];
    if (nx) parts.push([[b[0], b[1], b[2]], [x, this.hi[i][1], this.hi[i][2]], 0]);
    if (nz) parts.push([[x, b[1], b[2]], [x + b[3], this.hi[i][1], z], 1]);
    if (ny) parts.push([[x, b[1], z], [x + b[3], b[1] + ny * b[4], z + b[5]], 2]);
    if (!this.sees(2, z, 1)) parts.reverse();
    parts.sort((p, q) => ((p[2] > 0) - (q[2] > 0)) * (this.sees(0, x, 1) ? 1 : -1));
    for (const [lo, hi] of parts) this.solid(i, f, lo, hi, false);
  }
  /* the part of a box inside a fragment: three faces at most, lines where pieces meet */
  solid(i, f, low, high, whole) {
    const lo = [0, 1, 2].map((k) => Math.max(low[k], f[1 + k])), hi = [0, 1, 2].map((k) => Math.min(high[k], f[4 + k]));
    if (lo[0] >= hi[0] || lo[1] >= hi[1] || lo[2] >= hi[2]) return;
    const b = this.blocks[i], c = b[9], dim = this.first[i] < this.from || (this.only >= 0 && this.only !== c), fills = (dim ? this.colors.dim : this.colors.fill)[c < 6 && c >= 0 ? c : 6];
    for (let axis = 0; axis < 3; axis++) for (const side of [-1, 1]) {
      const at = side > 0 ? hi[axis] : lo[axis];
      if (at !== (side > 0 ? high[axis] : low[axis]) || !this.sees(axis, at, side)) continue;
      if (whole && this.cover[i * 6 + axis * 2 + (side > 0)] <= this.shown) continue;
      this.face(i, axis, at, lo, hi, low, high, fills[axis === 2 ? (side > 0 ? 0 : 3) : axis === 1 ? 1 : 2], dim, whole);
    }
  }
  face(i, axis, at, lo, hi, low, high, fill, dim, whole) {
    const ctx = this.ctx, b = this.blocks[i], u = axis === 0 ? 1 : 0, v = axis === 2 ? 1 : 2, p = [0, 0, 0];
    p[axis] = at;
    const spot = (s, t) => { p[u] = s; p[v] = t; return this.at(p[0], p[1], p[2]); };
    const A = spot(lo[u], lo[v]), B = spot(hi[u], lo[v]), C = spot(hi[u], hi[v]), E = spot(lo[u], hi[v]);
    ctx.beginPath(); ctx.moveTo(A[0], A[1]); ctx.lineTo(B[0], B[1]); ctx.lineTo(C[0], C[1]); ctx.lineTo(E[0], E[1]); ctx.closePath();
    ctx.fillStyle = fill; ctx.fill();
    if (this.rough && this.blocks.length > 4000) return;
    if (lo[u] !== low[u] || hi[u] !== high[u] || lo[v] !== low[v] || hi[v] !== high[v]) { ctx.strokeStyle = fill; ctx.lineWidth = 0.8; ctx.stroke(); }
    const wide = Math.hypot(B[0] - A[0], B[1] - A[1]) / Math.max(1, (hi[u] - lo[u]) / b[3 + u]), tall = Math.hypot(E[0] - A[0], E[1] - A[1]) / Math.max(1, (hi[v] - lo[v]) / b[3 + v]);
    ctx.beginPath();
    const line = (s, t, a, c) => { const P = spot(s, t), Q = spot(a, c); ctx.moveTo(P[0], P[1]); ctx.lineTo(Q[0], Q[1]); };
    if (Math.min(wide, tall) > 3 && !this.rough) {
      for (let s = b[u] + b[3 + u]; s < hi[u]; s += b[3 + u]) if (s > lo[u]) line(s, lo[v], s, hi[v]);
      for (let t = b[v] + b[3 + v]; t < hi[v]; t += b[3 + v]) if (t > lo[v]) line(lo[u], t, hi[u], t);
      ctx.strokeStyle = dim ? this.colors.faint : this.colors.cell; ctx.lineWidth = 0.7; ctx.stroke();
      ctx.beginPath();
    }
    if (lo[u] === low[u]) line(lo[u], lo[v], lo[u], hi[v]);
    if (hi[u] === high[u]) line(hi[u], lo[v], hi[u], hi[v]);
    if (lo[v] === low[v]) line(lo[u], lo[v], hi[u], lo[v]);
    if (hi[v] === high[v]) line(lo[u], hi[v], hi[u], hi[v]);
    ctx.strokeStyle = dim ? this.colors.faint : this.colors.edge; ctx.lineWidth = Math.max(0.4, Math.min(0.9, Math.min(wide, tall) / 14)); ctx.stroke();
    if (whole && !dim && !this.rough) this.label(i, A, B, C, E, (low[u] + high[u]) / 2, (low[v] + high[v]) / 2, lo, hi, u, v, spot);
  }
  label(i, A, B, C, E, s, t, lo, hi, u, v, spot) {
    if (s < lo[u] || s >= hi[u] || t < lo[v] || t >= hi[v]) return;
    const text = this.named === "step" ? String(i + 1) : this.named === "owner" && this.blocks[i][9] >= 0 ? String(this.blocks[i][9] + 1) : "";
    const area = Math.abs((C[0] - A[0]) * (E[1] - B[1]) - (C[1] - A[1]) * (E[0] - B[0])) / 2, short = area / Math.max(Math.hypot(B[0] - A[0], B[1] - A[1]), Math.hypot(E[0] - A[0], E[1] - A[1]), 1);
    const size = this.named === "step" ? Math.min(15, short * 0.75) : 11;
    if (!text || short < (this.named === "step" ? 11 : 21) || area < 18 * size * text.length) return;
    const at = spot(s, t);
    this.ctx.font = `700 ${size}px ${this.font}`; this.ctx.fillStyle = this.colors.on; this.ctx.fillText(text, at[0], at[1]);
  }
  /* the container: floor and far edges before the load, near edges behind it */
  hull(near) {
    const ctx = this.ctx, [L, B, H] = this.inside, s = this.inside, c = this.colors;
    if (!near) {
      ctx.beginPath();
      for (const [x, y] of [[0, 0], [L, 0], [L, B], [0, B]]) { const [a, b] = this.at(x, y, 0); ctx.lineTo(a, b); }
      ctx.closePath(); ctx.fillStyle = c.floor; ctx.fill();
      this.ruler();
    }
    ctx.beginPath();
    for (let k = 0; k < 3; k++) for (const p of [0, 1]) for (const q of [0, 1]) {
      const u = (k + 1) % 3, v = (k + 2) % 3, a = [0, 0, 0], e = [0, 0, 0];
      a[u] = e[u] = p * s[u]; a[v] = e[v] = q * s[v]; e[k] = s[k];
      if ((this.sees(u, p * s[u], p ? 1 : -1) || this.sees(v, q * s[v], q ? 1 : -1)) !== near) continue;
      const P = this.at(...a), Q = this.at(...e);
      ctx.moveTo(P[0], P[1]); ctx.lineTo(Q[0], Q[1]);
    }
    ctx.strokeStyle = c.hull; ctx.lineWidth = 1; ctx.stroke();
    if (near) this.ends();
  }
  ruler() {
    const ctx = this.ctx, [L, B] = this.inside;
    ctx.beginPath();
    for (let x = 1000; x < L; x += 1000) { const P = this.at(x, 0, 0), Q = this.at(x, B, 0); ctx.moveTo(P[0], P[1]); ctx.lineTo(Q[0], Q[1]); }
    ctx.strokeStyle = c_alpha(this.colors.hull, 0.35); ctx.lineWidth = 0.7; ctx.stroke();
  }
  ends() {
    const ctx = this.ctx, [L, B, H] = this.inside, y = this.dir[1] <= 0 ? 0 : B, top = this.el > 1.4;
    ctx.font = `600 11px ${this.font}`; ctx.fillStyle = this.colors.note;
    const below = (x) => { const P = this.at(x, top ? 0 : y, 0); return [P[0], P[1] + 13]; };
    const [ax, ay] = below(0), [bx, by] = below(L), run = bx - ax;
    if (Math.abs(run) < 150) { const near = this.dir[0] > 0, P = this.at(near ? L : 0, B / 2, 0); ctx.fillText(near ? W.door : W.closedEnd, P[0], P[1] + 13); return; }
    const put = (text, x, y, inward) => { const drop = inward * ctx.measureText(text).width * ((by - ay) / run); ctx.textAlign = inward > 0 ? "left" : "right"; ctx.fillText(text, x, y + Math.max(0, drop)); };
    put(W.closedEnd, ax, ay, Math.sign(run)); put(W.door, bx, by, -Math.sign(run));
    ctx.textAlign = "center";
    if (this.flat) {
      ctx.font = `400 10px ${this.font}`;
      for (let x = 2000; x < L - 900; x += 2000) { const P = below(x); ctx.fillText(`${x / 1000} m`, P[0], P[1]); }
    }
  }
  outline(i) {
    const f = this.lo[i], t = this.hi[i], ctx = this.ctx;
    ctx.beginPath();
    for (let axis = 0; axis < 3; axis++) for (const side of [0, 1]) {
      if (!this.sees(axis, side ? t[axis] : f[axis], side ? 1 : -1)) continue;
      const u = (axis + 1) % 3, v = (axis + 2) % 3, p = [0, 0, 0]; p[axis] = side ? t[axis] : f[axis];
      [[0, 0], [1, 0], [1, 1], [0, 1]].forEach(([a, b], k) => { p[u] = a ? t[u] : f[u]; p[v] = b ? t[v] : f[v]; const P = this.at(...p); if (k) ctx.lineTo(P[0], P[1]); else ctx.moveTo(P[0], P[1]); });
      ctx.closePath();
    }
    ctx.strokeStyle = this.colors.ink; ctx.lineWidth = 1.8; ctx.stroke();
  }
  ball([x, y, z, zone]) {
    const ctx = this.ctx, P = this.at(x, y, z);
    if (zone && this.flat) {
      const up = this.el > 1, [x0, y0, x1, y1] = zone, H = this.inside[2], Q = up ? this.at(x0, y0, H) : this.at(x0, 0, H), R = up ? this.at(x1, y1, H) : this.at(x1, 0, 0);
      ctx.strokeStyle = this.colors.ok; ctx.lineWidth = 2; ctx.setLineDash([5, 4]); ctx.strokeRect(Math.min(Q[0], R[0]), Math.min(Q[1], R[1]), Math.abs(R[0] - Q[0]), Math.abs(R[1] - Q[1])); ctx.setLineDash([]);
    }
    ctx.beginPath(); ctx.arc(P[0], P[1], 6.5, 0, 7); ctx.fillStyle = this.colors.ink; ctx.fill(); ctx.strokeStyle = this.colors.surface; ctx.lineWidth = 2; ctx.stroke();
  }

  /* which piece lies under a point of the canvas: [block, piece along x, y, z], or null */
  pick(px, py) {
    const s = (px - this.cx) / this.scale, t = -(py - this.cy) / this.scale, from = [0, 0, 0], way = [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      const on = this.mid[k] + s * this.right[k] + t * this.up[k];
      from[k] = this.far ? this.eye[k] : on + 1e6 * this.dir[k]; way[k] = this.far ? on - this.eye[k] : -this.dir[k];
    }
    let best = Infinity, found = null;
    for (let i = 0; i < this.blocks.length && this.first[i] < this.shown; i++) {
      const b = this.blocks[i], n = this.count(i), all = b[6] * b[7] * b[8], hit = struck(from, way, this.lo[i], this.hi[i]);
      if (hit >= best) continue;
      if (n === all) { best = hit; found = [i, ...[0, 1, 2].map((k) => Math.max(0, Math.min(b[6 + k] - 1, Math.floor((from[k] + hit * way[k] * (1 + 1e-9) - b[k]) / b[3 + k]))))]; continue; }
      for (let m = 0; m < n; m++) { const c = cellOf(b, m), lo = [0, 1, 2].map((k) => b[k] + c[k] * b[3 + k]), one = struck(from, way, lo, lo.map((v, k) => v + b[3 + k])); if (one < best) { best = one; found = [i, ...c]; } }
    }
    return found;
  }

  listen() {
    const box = this.canvas, fingers = new Map();
    addEventListener("beforeprint", () => this.draw(onPaper())); addEventListener("afterprint", () => this.later());
    let moved = 0, gap = 0;
    box.addEventListener("pointerdown", (e) => { box.setPointerCapture(e.pointerId); fingers.set(e.pointerId, [e.offsetX, e.offsetY]); moved = 0; gap = 0; });
    box.addEventListener("pointermove", (e) => {
      const was = fingers.get(e.pointerId), now = [e.offsetX, e.offsetY];
      if (!was) { if (e.pointerType === "mouse" && this.hover) this.hover(now); return; }
      const dx = now[0] - was[0], dy = now[1] - was[1];
      fingers.set(e.pointerId, now); moved += Math.abs(dx) + Math.abs(dy);
      if (fingers.size > 1) {
        const [p, q] = [...fingers.values()], apart = Math.hypot(p[0] - q[0], p[1] - q[1]);
        if (gap) this.magnify(apart / gap, (p[0] + q[0]) / 2, (p[1] + q[1]) / 2);
        gap = apart; this.panX += dx / 2; this.panY += dy / 2;
      } else if (this.flat || e.shiftKey || e.buttons > 1) { this.panX += dx; this.panY += dy; }
      else this.turn(-dx * 0.008, dy * 0.008);
      this.busy();
    });
    const up = (e) => { const one = fingers.size === 1 && e.type === "pointerup" && moved < 5; fingers.delete(e.pointerId); gap = 0; if (one && this.hover) this.hover([e.offsetX, e.offsetY], true); };
    box.addEventListener("pointerup", up); box.addEventListener("pointercancel", up);
    box.addEventListener("pointerleave", () => this.hover && !fingers.size && this.hover(null));
    box.addEventListener("contextmenu", (e) => e.preventDefault());
    box.addEventListener("dblclick", () => { this.zoom = 1; this.panX = this.panY = 0; this.later(); });
    box.addEventListener("wheel", (e) => { if (!e.ctrlKey && document.activeElement !== box) return; e.preventDefault(); this.magnify(Math.exp(-e.deltaY * 0.0015), e.offsetX, e.offsetY); this.busy(); }, { passive: false });
    box.addEventListener("keydown", (e) => {
      const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
      if (way && !e.ctrlKey && !e.metaKey && !e.altKey) { if (e.shiftKey || this.flat) { this.panX += 24 * way[0]; this.panY += 24 * way[1]; } else this.turn(way[0] * 0.12, way[1] * 0.08); }
      else if (e.key === "+" || e.key === "=") this.magnify(1.2);
      else if (e.key === "-") this.magnify(1 / 1.2);
      else if (e.key === "0" || e.key === "Home") this.reset();
      else return;
      e.preventDefault(); this.later();
    });
  }
  turn(by, tilt) { this.az += by; this.el = Math.max(-0.3, Math.min(Math.PI / 2, this.el + tilt)); this.tell(); }
  magnify(by, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const to = Math.max(0.6, Math.min(12, this.zoom * by)), k = to / this.zoom, mx = this.canvas.clientWidth / 2, my = this.canvas.clientHeight / 2;
    this.panX = (this.panX - (x - mx)) * k + (x - mx); this.panY = (this.panY - (y - my)) * k + (y - my); this.zoom = to;
  }
  /* while a hand moves, a load of thousands is drawn without the lines between pieces */
  busy() {
    this.rough = this.blocks.length > 1500;
    if (this.rough) { clearTimeout(this.settle); this.settle = setTimeout(() => { this.rough = false; this.later(); }, 160); }
    this.later();
  }
}

/* piece n of a block as it is loaded: wall by wall along x, in each layer by layer */
const cellOf = (b, n) => { const wall = b[7] * b[8], i = Math.floor(n / wall), k = Math.floor((n - i * wall) / b[7]); return [i, n - i * wall - k * b[7], k]; };
/* how far along a ray a box begins */
function struck(from, way, lo, hi) {
  let near = -Infinity, far = Infinity;
  for (let k = 0; k < 3; k++) {
    if (Math.abs(way[k]) < 1e-12) { if (from[k] < lo[k] || from[k] > hi[k]) return Infinity; continue; }
    const a = (lo[k] - from[k]) / way[k], b = (hi[k] - from[k]) / way[k];
    near = Math.max(near, Math.min(a, b)); far = Math.min(far, Math.max(a, b));
  }
  return near <= far && far > 0 ? near : Infinity;
}
/* pieces loaded when the last neighbour that hides a face stands, by block and face; Infinity: it stays in sight */
function covered(lo, hi, first, blocks) {
  const n = blocks.length, out = new Float64Array(n * 6).fill(Infinity), done = (i) => first[i] + blocks[i][6] * blocks[i][7] * blocks[i][8];
  for (let axis = 0; axis < 3; axis++) {
    const u = (axis + 1) % 3, v = (axis + 2) % 3, starts = new Map(), area = new Float64Array(n * 2), late = new Float64Array(n * 2);
    let widest = 0;
    lo.forEach((p, i) => { if (!starts.has(p[axis])) starts.set(p[axis], []); starts.get(p[axis]).push(i); widest = Math.max(widest, hi[i][u] - p[u]); });
    for (const mine of starts.values()) mine.sort((i, j) => lo[i][u] - lo[j][u]);
    for (let i = 0; i < n; i++) {
      const near = starts.get(hi[i][axis]) || [];
      let from = 0, to = near.length;
      while (from < to) { const mid = (from + to) >> 1; if (lo[near[mid]][u] + widest <= lo[i][u]) from = mid + 1; else to = mid; }
      for (let k = from; k < near.length && lo[near[k]][u] < hi[i][u]; k++) {
        const j = near[k];
        const a = Math.min(hi[i][u], hi[j][u]) - Math.max(lo[i][u], lo[j][u]), b = Math.min(hi[i][v], hi[j][v]) - Math.max(lo[i][v], lo[j][v]);
        if (a <= 0 || b <= 0) continue;
        area[2 * i + 1] += a * b; area[2 * j] += a * b;
        late[2 * i + 1] = Math.max(late[2 * i + 1], done(j)); late[2 * j] = Math.max(late[2 * j], done(i));
      }
    }
    for (let i = 0; i < n; i++) for (const side of [0, 1]) if (area[2 * i + side] >= (hi[i][u] - lo[i][u]) * (hi[i][v] - lo[i][v])) out[i * 6 + axis * 2 + side] = Math.max(late[2 * i + side], done(i));
  }
  return out;
}
/* a tree of planes that part boxes; leaves hold [block, low corner, high corner] */
function parted(lo, hi) {
  const grow = (list) => {
    if (list.length < 2) return { leaf: list };
    const plane = cut(list);
    if (!plane) return { leaf: list };
    const [axis, at] = plane, low = [], high = [];
    for (const f of list) {
      if (f[4 + axis] <= at) low.push(f);
      else if (f[1 + axis] >= at) high.push(f);
      else { const a = f.slice(), b = f.slice(); a[4 + axis] = b[1 + axis] = at; low.push(a); high.push(b); }
    }
    return { axis, at, low: grow(low), high: grow(high) };
  };
  return grow(lo.map((p, i) => [i, ...p, ...hi[i]]));
}
function cut(list) {
  const n = list.length, step = Math.max(1, Math.floor(n / 20));
  let best = Infinity, found = null;
  for (let axis = 0; axis < 3; axis++) {
    const tried = new Set();
    for (let i = 0; i < n; i += step) { tried.add(list[i][1 + axis]); tried.add(list[i][4 + axis]); }
    for (const at of tried) {
      let low = 0, high = 0, split = 0;
      for (let i = 0; i < n; i++) { const f = list[i]; if (f[4 + axis] <= at) low++; else if (f[1 + axis] >= at) high++; else split++; }
      if (!low || !high) continue;
      const cost = 6 * split + Math.abs(low - high);
      if (cost < best) { best = cost; found = [axis, at]; }
    }
  }
  return found;
}

/* colours: read from the page's tokens, shaded by the way a face looks */
const rgb = (text) => { const s = text.trim(); if (s[0] === "#") { const v = parseInt(s.slice(1), 16); return [v >> 16, (v >> 8) & 255, v & 255]; } return s.match(/[\d.]+/g).slice(0, 3).map(Number); };
const mixed = (a, b, t) => `rgb(${a.map((v, k) => Math.round(v + (b[k] - v) * t)).join(" ")})`;
const c_alpha = (c, a) => { const [r, g, b] = rgb(c); return `rgb(${r} ${g} ${b} / ${a})`; };
let tints = null;
addEventListener("schemechange", () => { tints = null; });
function palette() {
  if (tints) return tints;
  const style = getComputedStyle(root), get = (name) => style.getPropertyValue(name), ground = rgb(get("--surface")), dark = rgb(get("--on-d"));
  const shades = (c) => [0, 0.16, 0.3, 0.4].map((t) => mixed(c, dark, t));
  const all = ["--d1", "--d2", "--d3", "--d4", "--d5", "--d6", "--dx"].map((k) => rgb(get(k)));
  tints = {
    fill: all.map(shades), dim: all.map((c) => { const pale = rgb(mixed(c, ground, 0.84)); return [0, 0.06, 0.1, 0.14].map((t) => mixed(pale, rgb(get("--ink")), t)); }),
    edge: c_alpha(get("--on-d"), 0.85), cell: c_alpha(get("--on-d"), 0.34), faint: c_alpha(get("--ink-3"), 0.45), on: get("--on-d"), floor: get("--rule"), hull: get("--ink-3"), note: get("--ink-3"), ink: get("--ink"), surface: get("--surface"), ok: get("--ok"), font: getComputedStyle(document.body).fontFamily,
  };
  return tints;
}
/* colours of paper: those of the light scheme */
function onPaper() {
  const was = root.dataset.theme;
  root.dataset.theme = "light"; tints = null;
  const found = palette();
  tints = null;
  if (was) root.dataset.theme = was; else delete root.dataset.theme;
  return found;
}

/* the slider, its buttons and what they do to a drawing */
class Stepper {
  constructor(el, view, tell) {
    this.view = view; this.tell = tell; this.range = $("input", el); this.bands = $(".bands", el); this.button = $("[data-play]", el);
    this.range.addEventListener("input", () => { this.stop(); this.go(+this.range.value); });
    for (const b of $$("[data-by]", el)) b.addEventListener("click", () => { this.stop(); this.skip(+b.dataset.by); });
    if (this.button) this.button.addEventListener("click", () => (this.clock ? this.stop() : this.play()));
  }
  open(rank) {
    const v = this.view;
    this.stop(); this.range.max = v.total; this.range.value = v.total;
    let x = 0;
    const bands = [];
    for (const b of v.blocks) { const n = b[6] * b[7] * b[8], last = bands[bands.length - 1]; if (last && last[2] === b[9]) last[1] += n; else bands.push([x, n, b[9]]); x += n; }
    this.bands.setAttribute("viewBox", `0 0 ${v.total || 1} 8`);
    this.bands.innerHTML = bands.map(([at, n, c]) => `<rect x="${at}" width="${n}" height="8" class="${tintOf(c)}"/>`).join("");
  }
  go(n) { const v = this.view; v.shown = Math.max(0, Math.min(v.total, n)); this.range.value = v.shown; this.tell(v.shown); v.later(); }
  /* a step is a block: to its end, or to the end of the one before */
  skip(by) {
    const v = this.view, i = v.stepAt(v.shown), ends = (k) => (k < 0 ? 0 : k >= v.blocks.length ? v.total : v.first[k] + v.blocks[k][6] * v.blocks[k][7] * v.blocks[k][8]);
    this.go(by > 0 ? (v.shown < ends(i) ? ends(i) : ends(i + 1)) : ends(i - 1));
  }
  play() {
    const v = this.view, by = Math.max(1, Math.ceil(v.total / 400));
    if (v.shown >= v.total) this.go(0);
    this.button.setAttribute("aria-pressed", "true"); this.button.textContent = W.pause || "";
    this.clock = setInterval(() => { this.go(v.shown + by); if (v.shown >= v.total) this.stop(); }, 40);
  }
  stop() { if (!this.clock) return; clearInterval(this.clock); this.clock = 0; this.button.setAttribute("aria-pressed", "false"); this.button.textContent = W.play; }
}
const tintOf = (owner) => (owner >= 0 && owner < 6 ? `c${owner}` : "cx");

/* mass and centre of gravity against what is allowed: from above with the zone, from the side with the mass along it */
function balanceSketch(inside, [cx, cy, cz], slices, [length, width]) {
  const [L, B, H] = inside, k = Math.min(440 / L, 96 / B), wide = L * k, left = (460 - wide) / 2, top = 6, deep = B * k, side = top + deep + 14, tall = H * k, foot = side + tall, most = Math.max(...slices, 1), bar = wide / slices.length, px = (v) => v.toFixed(1), X = (v) => px(left + v * k);
  const rect = (x, y, w, h, name) => `<rect x="${px(x)}" y="${px(y)}" width="${px(w)}" height="${px(h)}" class="${name}"/>`, x0 = length === null ? 0 : L * (0.5 - length / 100), y0 = width === null ? 0 : B * (0.5 - width / 100), zone = (L - 2 * x0) * k;
  const allowed = (length === null && width === null ? "" : rect(left + x0 * k, top + y0 * k, zone, (B - 2 * y0) * k, "okzone")) + (length === null ? "" : rect(left + x0 * k, side, zone, tall, "okzone"));
  const bars = slices.map((m, i) => { const h = (0.92 * tall * m) / most; return rect(left + i * bar + 0.8, foot - h, bar - 1.6, h, "slice"); }).join("");
  const dot = (y) => `<circle cx="${X(cx)}" cy="${px(y)}" r="5" class="cogmark"/>`, end = (x, anchor, text) => `<text x="${px(x)}" y="${px(foot + 13)}" text-anchor="${anchor}" class="tiny">${esc(text)}</text>`;
  return `<svg viewBox="0 0 460 ${px(foot + 16)}" width="100%" role="img" aria-label="${esc(W.cog)}">${rect(left, top, wide, deep, "cogbox")}${rect(left, side, wide, tall, "cogbox")}${allowed}<path d="M${px(left)} ${px(top + deep / 2)}h${px(wide)}" class="midline"/>${bars}<path d="M230 ${top - 3}V${px(foot + 3)}" class="midline"/>${dot(top + cy * k)}${dot(foot - cz * k)}${end(left, "start", W.closedEnd)}${end(left + wide, "end", W.door)}</svg>`;
}
/* mass, its centre and its share of each slice of the length, of the first n pieces */
function weighed(inside, blocks, masses, n, slices = 24) {
  const out = { mass: 0, at: [0, 0, 0], slices: new Array(slices).fill(0), half: 0 }, part = inside[0] / slices;
  let front = 0;
  const add = (g, lo, hi) => {
    if (g <= 0) return;
    out.mass += g;
    for (let k = 0; k < 3; k++) out.at[k] += (g * (lo[k] + hi[k])) / 2;
    const of = (a, b) => (g * Math.max(0, Math.min(hi[0], b) - Math.max(lo[0], a))) / (hi[0] - lo[0]);
    for (let i = Math.max(0, Math.floor(lo[0] / part)); i < slices && i * part < hi[0]; i++) out.slices[i] += of(i * part, (i + 1) * part);
    front += of(0, inside[0] / 2);
  };
  blocks.forEach((b, i) => {
    const all = b[6] * b[7] * b[8], now = Math.max(0, Math.min(all, n)), wall = b[7] * b[8], nx = Math.floor(now / wall), g = masses[i];
    n -= now;
    if (nx) add(g * nx * wall, [b[0], b[1], b[2]], [b[0] + nx * b[3], b[1] + b[7] * b[4], b[2] + b[8] * b[5]]);
    for (let m = nx * wall; m < now; m++) { const c = cellOf(b, m), lo = [0, 1, 2].map((k) => b[k] + c[k] * b[3 + k]); add(g, lo, lo.map((v, k) => v + b[3 + k])); }
  });
  if (out.mass) { out.at = out.at.map((v) => v / out.mass); out.half = (100 * Math.max(front, out.mass - front)) / out.mass; } else out.at = [inside[0] / 2, inside[1] / 2, 0];
  return out;
}
