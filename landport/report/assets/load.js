/* A packed container piece by piece: axonometric, painted from the far corner to the eye. */
const AZ = 0.56, EL = 0.42, CA = Math.cos(AZ), SA = Math.sin(AZ), CE = Math.cos(EL), SE = Math.sin(EL);
const flat = (x, y, z) => [x * CA + y * SA, -z * CE - (y * CA - x * SA) * SE];
const poly = (pts) => "M" + pts.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join("L") + "z";
function solid(x, y, z, dx, dy, dz, nx, ny, nz, cls, s) {
  const P = (i, j, k) => flat((x + i) * s, (y + j) * s, (z + k) * s), X = dx * nx, Y = dy * ny, Z = dz * nz;
  const top = poly([P(0, 0, Z), P(X, 0, Z), P(X, Y, Z), P(0, Y, Z)]), side = poly([P(0, 0, 0), P(X, 0, 0), P(X, 0, Z), P(0, 0, Z)]), end = poly([P(X, 0, 0), P(X, Y, 0), P(X, Y, Z), P(X, 0, Z)]);
  let cells = "";
  const line = (a, b) => { cells += `M${a[0].toFixed(1)} ${a[1].toFixed(1)}L${b[0].toFixed(1)} ${b[1].toFixed(1)}`; };
  for (let i = 1; i < nx; i++) { line(P(i * dx, 0, 0), P(i * dx, 0, Z)); line(P(i * dx, 0, Z), P(i * dx, Y, Z)); }
  for (let j = 1; j < ny; j++) { line(P(X, j * dy, 0), P(X, j * dy, Z)); line(P(0, j * dy, Z), P(X, j * dy, Z)); }
  for (let k = 1; k < nz; k++) { line(P(0, 0, k * dz), P(X, 0, k * dz)); line(P(X, 0, k * dz), P(X, Y, k * dz)); }
  return `<path d="${top}${side}${end}" class="${cls}"/><path d="${side}" class="shade1"/><path d="${end}" class="shade2"/>${cells ? `<path d="${cells}" class="cell"/>` : ""}<path d="${top}${side}${end}" class="edge"/>`;
}
const tintOf = (owner) => (owner < 6 ? `c${owner}` : "cx");
class Load {
  constructor(el, first) {
    this.el = el; this.pick = $("header select", el); this.range = $("input", el);
    this.pick.innerHTML = D.loads.map((l, i) => `<option value="${i}">${esc(`${l.id} · ${num(100 * l.share, 1)} % · ${l.to}`)}</option>`).join("");
    this.pick.value = first;
    this.pick.addEventListener("change", () => this.open());
    this.range.addEventListener("input", () => this.draw());
    for (const b of $$("[data-by]", el)) b.addEventListener("click", () => { this.range.value = +this.range.value + +b.dataset.by; this.draw(); });
    this.open();
  }
  open() {
    const i = +this.pick.value, l = (this.load = D.loads[i]), n = D.loads.length;
    this.blocks = [];
    for (let j = 0; j < l.blocks.length; j += 7) { const [k, x, y, z, nx, ny, nz] = l.blocks.slice(j, j + 7), [dx, dy, dz, owner, g, goods] = l.kinds[k]; this.blocks.push([x, y, z, dx, dy, dz, nx, ny, nz, owner, g, goods]); }
    const seen = [...new Set(this.blocks.map((b) => b[9]))];
    this.rank = new Map(seen.map((o, n) => [o, n]));
    this.counts = this.blocks.map((b) => b[6] * b[7] * b[8]);
    $("h2", this.el).textContent = `${W.container} ${l.id}`;
    $(".which", this.el).textContent = `${W.packedAtHub}, ${i === 0 ? W.fullest : i === n - 1 ? W.emptiest : `${num(i + 1)} ${W.of} ${num(n)} ${W.byVolume}`}${n < D.packed ? `; ${num(n)} ${W.of} ${num(D.packed)} ${W.drawn}` : ""}`;
    this.total = this.counts.reduce((a, b) => a + b, 0);
    this.range.max = this.total; this.range.value = this.total;
    $(".facts", this.el).textContent = `${l.type} ${W.to} ${l.to}${l.departure ? ", " + l.departure.split("@")[0] : ""} · ${num(100 * l.share, 1)} % ${W.ofVolume} · ${num(l.cargo / 1000, 2)} ${W.of} ${num(l.payload / 1000, 2)} t · ${many(this.total, W.piece, W.pieces)}`;
    let x = 0;
    $(".bands", this.el).setAttribute("viewBox", `0 0 ${this.total} 8`);
    $(".bands", this.el).innerHTML = this.blocks.map((b, i) => { const r = `<rect x="${x}" width="${this.counts[i]}" height="8" class="${tintOf(this.rank.get(b[9]))}"/>`; x += this.counts[i]; return r; }).join("");
    $(".owners", this.el).innerHTML = `<table><tbody>${seen.map((o, n) => { const [id, shipper, pieces, kg, goods] = l.owners[o]; return `<tr><td class="nowrap">${swatch(tintOf(n))} ${n + 1}</td><td><b>${esc(id)}</b> ${esc(shipper)}${goods.map(([name, hs]) => `<div class="note">${esc([name, hs && `HS ${hs}`].filter(Boolean).join(" · "))}</div>`).join("")}</td><td class="r nowrap">${num(pieces)}<span class="u">${pieces === 1 ? W.piece : W.pieces}</span></td><td class="r nowrap">${num(kg)}<span class="u">kg</span></td></tr>`; }).join("")}</tbody></table>`;
    this.draw();
  }
  draw() {
    const l = this.load, [L, B, H] = l.inside, n = +this.range.value, s = 0.045, part = [];
    let rest = n, last = -1;
    this.counts.forEach((c, i) => { part[i] = Math.min(c, rest); if (part[i]) last = i; rest -= part[i]; });
    const at = (x, y, z) => flat(x * s, y * s, z * s), floor = poly([at(0, 0, 0), at(L, 0, 0), at(L, B, 0), at(0, B, 0)]);
    const back = poly([at(0, 0, 0), at(0, B, 0), at(0, B, H), at(0, 0, H)]) + poly([at(0, B, 0), at(L, B, 0), at(L, B, H), at(0, B, H)]);
    let out = `<path d="${floor}" class="floor"/><path d="${back}" class="hull"/>`, names = "";
    let mass = 0, mx = 0, my = 0, mz = 0;
    const slices = new Array(24).fill(0);
    const weigh = (x, y, z, dx, dy, dz, g) => { mass += g; mx += g * (x + dx / 2); my += g * (y + dy / 2); mz += g * (z + dz / 2); slices[Math.min(23, Math.floor(((x + dx / 2) / L) * 24))] += g; };
    const labelled = new Set();
    for (const i of l.paint) {
      if (!part[i]) continue;
      const [x, y, z, dx, dy, dz, nx, ny, nz, owner, g] = this.blocks[i], rank = this.rank.get(owner), cls = tintOf(rank);
      const cells = [];
      for (let a = 0; a < nx; a++) for (let b = ny - 1; b >= 0; b--) for (let c = 0; c < nz; c++) cells.push([x + a * dx, y + b * dy, z + c * dz]);
      for (const p of cells.slice(0, part[i])) weigh(p[0], p[1], p[2], dx, dy, dz, g);
      if (part[i] === this.counts[i]) {
        out += solid(x, y, z, dx, dy, dz, nx, ny, nz, cls, s);
        const [cx, cy] = at(x + (dx * nx) / 2, y + (dy * ny) / 2, z + dz * nz);
        if (dx * nx > 500 && dy * ny > 500) { out += `<text x="${cx.toFixed(1)}" y="${cy.toFixed(1)}" dy=".35em" class="bn">${rank + 1}</text>`; labelled.add(owner); }
      } else for (const p of cells.slice(0, part[i])) out += solid(p[0], p[1], p[2], dx, dy, dz, 1, 1, 1, cls, s);
    }
    const front = `M${at(0, 0, H).join(" ")}L${at(L, 0, H).join(" ")}L${at(L, B, H).join(" ")}M${at(L, 0, H).join(" ")}L${at(L, 0, 0).join(" ")}`;
    out += `<path d="${front}" class="hull"/>${names}`;
    if (mass) { const [cx, cy] = at(mx / mass, my / mass, mz / mass); out += `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="6" class="cogmark in3d"><title>${W.cog}</title></circle>`; }
    const full = [L, B, H], xs = [0, full[0]].flatMap((x) => [0, full[1]].map((y) => flat(x * s, y * s, 0)[0])), ys = [0, full[0]].flatMap((x) => [0, full[1]].flatMap((y) => [0, full[2]].map((z) => flat(x * s, y * s, z * s)[1])));
    const y0 = Math.min(...ys) - 6, tall = Math.max(...ys) - y0 + 6, wide = Math.max(Math.max(...xs) - Math.min(...xs) + 12, tall * 1.6), x0 = (Math.max(...xs) + Math.min(...xs) - wide) / 2, u = wide / ($(".box3d", this.el).clientWidth || 690), top = y0 - 14 * u;
    $(".box3d", this.el).innerHTML = `<svg viewBox="${x0.toFixed(0)} ${top.toFixed(0)} ${wide.toFixed(0)} ${(tall + 14 * u).toFixed(0)}" role="img" aria-label="${esc(l.id)}">${out}<text x="${(x0 + 2 * u).toFixed(0)}" y="${(top + 11 * u).toFixed(0)}" class="ends">${W.closedEnd}</text><text x="${at(L, B, 0)[0].toFixed(0)}" y="${at(L, 0, 0)[1].toFixed(0)}" class="ends" text-anchor="end">${W.door}</text></svg>`;
    $(".box3d svg", this.el).style.setProperty("--u", u);
    const b = last >= 0 ? this.blocks[last] : null, what = b && b[11] >= 0 ? l.owners[b[9]][4][b[11]][0] : "";
    $(".step", this.el).textContent = b ? `${W.piece} ${num(n)} ${W.of} ${num(this.total)}: ${what ? `${what}, ` : ""}${num(b[3])} × ${num(b[4])} × ${num(b[5])} mm, ${num(b[10] / 1000, 1)} kg` : W.empty;
    this.balance(slices, mass ? mx / mass : L / 2, mass ? mz / mass : 0, L);
  }
  balance(slices, cx, cz, L) {
    const most = Math.max(...slices, 1), off = (100 * (cx - L / 2)) / L, X = (v) => 10 + (v / L) * 440;
    $(".cog", this.el).innerHTML = `<svg viewBox="0 0 460 46" width="100%" role="img" aria-label="${W.cog}"><rect x="10" y="4" width="440" height="36" class="cogbox"/><rect x="${X(0.45 * L)}" y="4" width="44" height="36" class="okzone"/>${slices.map((m, i) => `<rect x="${(10.8 + i * 18.333).toFixed(1)}" y="${(40 - (34 * m) / most).toFixed(1)}" width="16.8" height="${((34 * m) / most).toFixed(1)}" class="slice"/>`).join("")}<path d="M230 0v44" class="midline"/><circle cx="${X(cx).toFixed(1)}" cy="22" r="5" class="cogmark"/></svg><p class="note">${Math.abs(off) > 5 ? "▲ " : ""}${W.cog} ${num(off, 1)} % ${W.along}, ${num(cz)} mm ${W.high}; ${W.massPerSlice}</p>`;
  }
}
const loads = $$("[data-load]");
if (D.loads.length) {
  if (D.loads.length === 1) loads.pop().remove();
  const shown = loads.map((el) => new Load(el, el.dataset.load === "full" ? 0 : D.loads.length - 1));
  addEventListener("resize", () => shown.forEach((l) => l.draw()));
  document.addEventListener("click", (e) => {
    const lead = e.target.closest("[data-load-of]");
    if (!lead) return;
    shown[0].pick.value = lead.dataset.loadOf; shown[0].open();
    if (answer.matches(":popover-open")) answer.hidePopover();
    shown[0].el.scrollIntoView();
  });
}
else for (const el of loads) el.remove();
const loadOf = new Map(D.loads.map((l, i) => [l.id, i]));
