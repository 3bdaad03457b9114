/* Packed containers of the week, block by block. */
class Load {
  constructor(el, first) {
    this.el = el; this.pick = $("header select", el); this.canvas = $(".box3d canvas", el); this.view = new Turned(this.canvas); this.view.listen(); this.stepper = new Stepper(el, this.view, (n) => this.say(n));
    this.pick.innerHTML = D.loads.map((l, i) => `<option value="${i}">${esc(`${l.id} · ${num(100 * l.share, 1)} % · ${l.to}`)}</option>`).join("");
    this.pick.value = first;
    this.pick.addEventListener("change", () => this.open());
    this.open();
  }
  open() {
    const i = +this.pick.value, l = (this.load = D.loads[i]), n = D.loads.length;
    this.blocks = []; this.masses = []; this.kinds = [];
    const seen = [];
    for (let j = 0; j < l.blocks.length; j += 7) {
      const [k, x, y, z, nx, ny, nz] = l.blocks.slice(j, j + 7), [dx, dy, dz, owner, g] = l.kinds[k];
      if (!seen.includes(owner)) seen.push(owner);
      this.blocks.push([x, y, z, dx, dy, dz, nx, ny, nz, seen.indexOf(owner)]); this.masses.push(g); this.kinds.push(l.kinds[k]);
    }
    this.view.open(l.inside, this.blocks); this.stepper.open();
    this.canvas.setAttribute("aria-label", l.id);
    $("h2", this.el).textContent = `${W.container} ${l.id}`;
    $(".which", this.el).textContent = `${W.packedAtHub}, ${i === 0 ? W.fullest : i === n - 1 ? W.emptiest : `${num(i + 1)} ${W.of} ${num(n)} ${W.byVolume}`}${n < D.packed ? `; ${num(n)} ${W.of} ${num(D.packed)} ${W.drawn}` : ""}`;
    $(".facts", this.el).textContent = `${l.type} ${W.to} ${l.to}${l.departure ? ", " + l.departure.split("@")[0] : ""} · ${num(100 * l.share, 1)} % ${W.ofVolume} · ${num(l.cargo / 1000, 2)} ${W.of} ${num(l.payload / 1000, 2)} t · ${many(this.view.total, W.piece, W.pieces)}`;
    $(".owners", this.el).innerHTML = `<table><tbody>${seen.map((o, n) => { const [id, shipper, pieces, kg, goods] = l.owners[o]; return `<tr><td class="nowrap">${swatch(tintOf(n))} ${n + 1}</td><td><b>${esc(id)}</b> ${esc(shipper)}${goods.map(([name, hs]) => `<div class="note">${esc([name, hs && `HS ${hs}`].filter(Boolean).join(" · "))}</div>`).join("")}</td><td class="r nowrap">${num(pieces)}<span class="u">${pieces === 1 ? W.piece : W.pieces}</span></td><td class="r nowrap">${num(kg)}<span class="u">kg</span></td></tr>`; }).join("")}</tbody></table>`;
    this.stepper.go(this.view.total);
  }
  say(n) {
    const l = this.load, i = this.view.stepAt(n), b = this.blocks[i], k = this.kinds[i], found = weighed(l.inside, this.blocks, this.masses, n), off = (100 * (found.at[0] - l.inside[0] / 2)) / l.inside[0];
    const what = b && k[5] >= 0 ? l.owners[k[3]][4][k[5]][0] : "";
    this.view.mark = found.mass ? [...found.at] : null;
    $(".step", this.el).textContent = b ? `${W.piece} ${num(n)} ${W.of} ${num(this.view.total)}: ${what ? `${what}, ` : ""}${num(b[3])} × ${num(b[4])} × ${num(b[5])} mm, ${num(k[4] / 1000, 1)} kg` : W.empty;
    $(".cog", this.el).innerHTML = `${balanceSketch(l.inside, found.at, found.slices, [5, null])}<p class="note">${Math.abs(off) > 5 ? "▲ " : ""}${W.cog} ${num(off, 1)} % ${W.along}, ${num(found.at[2])} mm ${W.high}; ${W.massPerSlice}</p>`;
  }
}
const loads = $$("[data-load]");
if (D.loads.length) {
  if (D.loads.length === 1) loads.pop().remove();
  const shown = loads.map((el) => new Load(el, el.dataset.load === "full" ? 0 : D.loads.length - 1));
  addEventListener("resize", () => shown.forEach((l) => l.view.later()));
  addEventListener("schemechange", () => shown.forEach((l) => l.view.later()));
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
