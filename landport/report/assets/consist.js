/* A train drawn to scale: wagons, boxes by destination, mass of each wagon against its limit. */
const pick = $("#train-pick");
const boxOf = (i) => D.containers[i], dest = (b) => b[4];
function explainWagon(n, at) {
  const t = D.trains[+pick.value], [kind, ids] = t.wagons[n], [len, , tare] = D.wagonTypes[kind], kg = tare + ids.reduce((s, i) => s + boxOf(i)[11], 0), limit = t.wagonLimit[kind];
  const rows = [
    ...ids.map((i) => [boxOf(i)[0], `${D.types[boxOf(i)[1]]} ${W.to} ${D.places[dest(boxOf(i))][1]}`, `${num(boxOf(i)[11])} kg`]),
    [W.tare, `${num(len / 1000, 1)} m`, `${num(tare)} kg`],
    [W.total, limit ? `${num((100 * kg) / limit, 1)} % ${W.ofLimit}, ${num(limit)} kg` : "", `${num(kg)} kg`],
  ];
  const packed = ids.filter((i) => loadOf.has(boxOf(i)[0])).map((i) => `<button class="btn small" type="button" data-load-of="${loadOf.get(boxOf(i)[0])}">${esc(W.showLoad)}: ${esc(boxOf(i)[0])}</button>`).join(" ");
  tell(t.id, `${W.wagon} ${n + 1}, ${kind}`, `${cells(rows)}${packed}`, at, "plan.wagons");
}
function consist() {
  const t = D.trains[+pick.value], el = $("#consist");
  if (!t || !t.wagons.length) { el.textContent = W.noConsist; return; }
  const feet = (b) => D.boxTypes[D.types[b[1]]][1], mm = (b) => D.boxTypes[D.types[b[1]]][0];
  const sums = new Map();
  for (const [, ids] of t.wagons) for (const i of ids) sums.set(dest(boxOf(i)), (sums.get(dest(boxOf(i))) || 0) + (feet(boxOf(i)) > 20 ? 2 : 1));
  const order = [...sums].sort((a, b) => b[1] - a[1]), tint = new Map(order.map(([d], n) => [d, n < 6 ? `c${n}` : "cx"]));
  $("#train-key").innerHTML = order.map(([d, teu]) => `<span>${swatch(tint.get(d))}<b>${esc(D.places[d][0])}</b> ${esc(D.places[d][1])} ${num(teu)} TEU</span>`).join("");
  const gross = t.wagons.map(([kind, ids]) => D.wagonTypes[kind][2] + ids.reduce((s, i) => s + boxOf(i)[11], 0));
  const total = gross.reduce((a, b) => a + b, 0), half = gross.slice(0, gross.length / 2).reduce((a, b) => a + b, 0);
  $("#train-note").textContent = `${t.at} ${t.zone} · ${many(t.boxes, W.box, W.boxes)}, ${num(t.teu)} ${W.of} ${num(t.capacity)} TEU · ${many(t.wagons.length, W.wagon, W.wagons).toLowerCase()}, ${num(t.length / 1000)} m · ${num(total / 1000)} t ${W.gross} · ${W.front.toLowerCase()} ${num((100 * half) / total, 1)} % ${W.ofMass}`;
  const width = Math.max(1080, el.clientWidth), gutter = 66, nRows = Math.max(1, Math.ceil(t.length / 420000)), per = Math.ceil(t.wagons.length / nRows);
  const longest = Math.max(...Array.from({ length: nRows }, (_, r) => t.wagons.slice(r * per, r * per + per).reduce((s, [k]) => s + D.wagonTypes[k][0], 0)));
  const k = Math.min((width - gutter - 2) / longest, 0.006);
  let out = "", y = 18, metre = 0;
  for (let r = 0; r < nRows; r++) {
    const row = t.wagons.slice(r * per, r * per + per);
    if (!r) out += `<path class="loco" d="M6 ${y + 34}v-14l10-9h44v23z"/>`;
    let x = gutter;
    const base = y + 122, tall = 56, top = Math.max(...Object.values(t.wagonLimit), 1);
    row.forEach(([kind, ids], n) => {
      const [len] = D.wagonTypes[kind], w = len * k, i = r * per + n, kg = gross[i], limit = t.wagonLimit[kind] || top, h = (kg / top) * tall, hi = kg > 0.95 * limit;
      const next = metre + len / 1000;
      if (Math.floor(next / 100) > Math.floor(metre / 100)) { const at = x + (Math.ceil((metre + 0.001) / 100) * 100 - metre) * 1000 * k; out += `<text x="${at + 3}" y="${y - 2}" class="tiny">${Math.floor(next / 100) * 100} m</text><path d="M${at} ${y - 10}v12" class="base"/>`; }
      out += `<g class="wag" tabindex="0" role="button" data-wagon="${i}"><title>${esc(`${W.wagon} ${i + 1}, ${kind}: ${num(kg / 1000, 1)} t ${W.of} ${num(limit / 1000, 1)} t. ${ids.map((c) => `${boxOf(c)[0]} ${D.places[dest(boxOf(c))][0]} ${num(boxOf(c)[11])} kg`).join(", ") || W.empty}`)}</title><rect x="${x.toFixed(1)}" y="${y + 2}" width="${w.toFixed(1)}" height="122" class="hit"/>`;
      const used = ids.reduce((s, c) => s + mm(boxOf(c)) * k, 0) + Math.max(0, ids.length - 1) * 1.5;
      let bx = x + (w - used) / 2;
      for (const c of ids) {
        const b = boxOf(c), bw = mm(b) * k, cls = tint.get(dest(b)), code = D.places[dest(b)][0];
        out += `<rect x="${bx.toFixed(1)}" y="${y + 8}" width="${bw.toFixed(1)}" height="24" class="box ${cls}"/>` + (bw > 15 ? `<text x="${(bx + bw / 2).toFixed(1)}" y="${y + 24}" class="bt${bw < 26 ? " s" : ""}">${esc(bw < 22 ? code.slice(0, 3) : code)}</text>` : "");
        bx += bw + 1.5;
      }
      out += `<path d="M${(x + 1.5).toFixed(1)} ${y + 34.5}h${(w - 3).toFixed(1)}" class="frame"/>` + [0.14, 0.24, 0.76, 0.86].map((f) => `<circle cx="${(x + f * w).toFixed(1)}" cy="${y + 40}" r="2.4" class="wheel"/>`).join("");
      if (w > 13 || i % 2 === 0) out += `<text x="${(x + w / 2).toFixed(1)}" y="${y + 55}" class="pos">${i + 1}</text>`;
      out += `<rect x="${(x + 3).toFixed(1)}" y="${(base - h).toFixed(1)}" width="${(w - 6).toFixed(1)}" height="${h.toFixed(1)}" class="ax${hi ? " hi" : ""}"/>` + (w > 20 ? `<text x="${(x + w / 2).toFixed(1)}" y="${base - 5}" class="v${hi ? " hi" : ""}">${num(kg / 1000, w > 30 ? 1 : 0)}</text>` : "");
      out += `<path d="M${x.toFixed(1)} ${(base - (limit / top) * tall).toFixed(1)}h${w.toFixed(1)}" class="limit"/></g>`;
      x += w; metre = next;
    });
    out += `<path d="M${gutter} ${base}H${x.toFixed(1)}" class="base"/><text x="0" y="${base - tall + 4}" class="tiny lim">${W.limit} ${num(top / 1000)} t</text><text x="0" y="${base - 16}" class="tiny">${W.mass},</text><text x="0" y="${base - 4}" class="tiny">${W.perWagon}</text>`;
    y += 154;
  }
  el.innerHTML = `<svg width="${width}" height="${y - 24}" viewBox="0 0 ${width} ${y - 24}" role="group" aria-label="${esc(t.service)}">${out}</svg>`;
}
if (pick) { consist(); pick.addEventListener("change", consist); addEventListener("resize", consist); addEventListener("beforeprint", consist); }
