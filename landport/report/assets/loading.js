/* The page of a load plan: one container at a time in 3D, from above, from the side and as a list; all of them on paper. */
const LANG = Object.keys(D.languages), store = (k, v) => { try { if (v) localStorage.setItem(k, v); return localStorage.getItem(k); } catch { return null; } };
const said = (code) => W[`code_${code}`] || code.replace(/-/g, " ").replace(/^./, (c) => c.toUpperCase());
const t = (g, d = 2) => num(g / 1e6, d), kilo = (g) => num(g / 1000, g % 1000 && g < 1e8 ? 1 : 0), m3 = (v, d = 1) => num(v / 1e9, d), chip = (kind, text) => `<span class="chip ${kind}">${esc(text)}</span>`;
const view = new Turned($("#view"), () => choose("3d", false)), stepper = new Stepper($("#viewer"), view, say);
view.listen();
const NO_LIMIT = 1e9; // kg: nobody said what the container may carry (model/lading.py)
let now = 0, shape = "3d", load = null, lists = "";

/* a container as the drawing needs it */
function read(l) {
  if (l.read) return l.read;
  const blocks = [], rows = [], masses = [];
  let mass = 0;
  for (let j = 0; j < l.blocks.length; j += 7) {
    const [k, x, y, z, nx, ny, nz] = l.blocks.slice(j, j + 7), [dx, dy, dz, owner, g, item, pose] = l.kinds[k], count = nx * ny * nz;
    mass += g * count;
    blocks.push([x, y, z, dx, dy, dz, nx, ny, nz, l.tints[owner]]); masses.push(g); rows.push({ owner, item, pose, g, count, mass });
  }
  return (l.read = { blocks, masses, rows });
}
const signed = (v) => (v >= 0.05 ? "+" : "") + num(v, 1).replace(/^\u2212(?=0\.0$)/, "");
const nameOf = (row) => (row.item < 0 ? "–" : D.items[row.item][0]), goodsOf = (row) => (row.item < 0 ? "" : D.items[row.item][4]);
const lying = (row, b) => (row.pose ? [W[`up_${row.pose[0]}`], b[3] === b[4] ? "" : b[3] > b[4] ? W.along : W.across].filter(Boolean).join(", ") : "–");
const places = (b) => `${num(b[0])}, ${num(b[1])}, ${num(b[2])}`, sizes = (b) => `${num(b[3])} × ${num(b[4])} × ${num(b[5])}`;

function open(i) {
  now = i; load = D.loads[i];
  const { blocks } = read(load);
  view.open(load.inside, blocks); stepper.open(); lists = "";
  for (const b of $$("#boxes button")) { b.setAttribute("aria-pressed", +b.dataset.box === i); if (+b.dataset.box === i && b.scrollIntoView) b.parentNode.scrollLeft = b.offsetLeft - b.parentNode.offsetLeft - 40; }
  words();
  stepper.go(view.total);
  choose(shape);
}
function choose(to, look = true) {
  shape = to;
  for (const b of $$("#views button")) b.setAttribute("aria-pressed", b.dataset.view === to);
  const list = to === "list";
  $(".stage").hidden = list; $("#list").hidden = !list;
  if (list) fill();
  else if (look) ({ "3d": () => view.look(-0.86, 0.4), top: () => view.look(-Math.PI / 2, Math.PI / 2, true), side: () => view.look(-Math.PI / 2, 0, true) })[to]();
  else view.flat = false;
}

/* what the step says, and where the mass is by then */
function say(n) {
  const { blocks, rows, masses } = read(load), i = view.stepAt(n), b = blocks[i], row = rows[i], rules = D.rules, [L, B] = load.inside;
  $("#step-note").innerHTML = b ? `${esc(W.step)} <b>${num(i + 1)}</b> ${esc(W.of)} ${num(blocks.length)} · ${num(n)} ${esc(W.of)} ${num(view.total)} ${esc(W.pieces)}: <b>${esc(nameOf(row))}</b>${n <= load.standing ? ` · ${esc(W.standing)}` : ""}` : esc(W.empty);
  const found = weighed(load.inside, blocks, masses, n), off = (100 * found.at[0]) / L - 50, side = (100 * found.at[1]) / B - 50;
  view.mark = found.mass ? [...found.at, rules[0] === null && rules[1] === null ? null : zone()] : null;
  const row2 = (name, value, unit, bad) => `<div><dt>${esc(name)}</dt><dd${bad ? ' class="down"' : ""}>${bad ? "▲ " : ""}<b>${value}</b><span class="u">${esc(unit)}</span></dd></div>`;
  const beyond = (v, most) => most !== null && n === view.total && v > most + 1e-9;
  $("#cog").innerHTML = `${balanceSketch(load.inside, found.at, found.slices, rules)}<p class="note">${esc(W.sketch)}${rules[0] === null && rules[1] === null ? "" : `; ${esc(W.green)}`}</p><dl class="pairs">${row2(W.lengthwise, signed(off), W.ofLength, beyond(Math.abs(off), rules[0]))}${row2(W.crosswise, signed(side), W.ofWidth, beyond(Math.abs(side), rules[1]))}${row2(W.half, num(found.half, 1), W.ofMass, beyond(found.half, rules[2]))}${row2(W.height, num(found.at[2]), W.mm)}${row2(W.mass, t(found.mass), load.payload < NO_LIMIT ? `${W.of} ${num(load.payload / 1000, 2)} ${W.tonnes}` : W.tonnes)}</dl>`;
  for (const tr of $$("#list tr[data-step]")) tr.classList.toggle("todo", view.first[+tr.dataset.step] >= n);
}
function zone() {
  const [a, b] = D.rules, [L, B] = load.inside, x = a === null ? L / 2 : (L * a) / 100, y = b === null ? B / 2 : (B * b) / 100;
  return [L / 2 - x, B / 2 - y, L / 2 + x, B / 2 + y];
}

/* the panels beside it */
const limits = () => { const [a, b, half] = D.rules, said = [a !== null && `±${a} ${W.ofLength}`, b !== null && `±${b} ${W.ofWidth}`, half !== null && `≤ ${half} ${W.ofMass}`].filter(Boolean); return said.length ? `${W.cogRule}: ${said.join(", ")}` : W.noRule; };
function owners() {
  const [L] = load.inside, { blocks, rows } = read(load), ends = new Map();
  rows.forEach((r, i) => ends.set(r.owner, Math.max(ends.get(r.owner) || 0, blocks[i][0] + blocks[i][3] * blocks[i][6])));
  $("#owners-head").textContent = W[`by_${D.by}`];
  $("#owners").innerHTML = `<table><tbody>${load.shares.map(([o, n, g, v]) => {
    const [name, ids, order] = D.owners[o], c = load.tints[o], more = D.by === "item" ? goodsIn(o) : ids.length > 1 || ids[0] !== name ? ids.slice(0, 4).join(", ") + (ids.length > 4 ? ` +${ids.length - 4}` : "") : goodsIn(o);
    return `<tr data-owner="${c}" class="${view.only === c ? "on" : ""}"><td class="nowrap">${swatch(tintOf(c))} ${c + 1}</td><td><button class="pickowner" type="button" aria-pressed="${view.only === c}"><b>${esc(name)}</b></button>${order < 0 ? ` ${chip("risk", W.held)}` : order > 0 ? ` <span class="note">${esc(W.unload)} ${num(order)}</span>` : ""}${more ? `<div class="note">${esc(more)}</div>` : ""}</td><td class="r nowrap">${num(n)}<span class="u">${esc(W.pieces)}</span></td><td class="r nowrap">${m3(v)}<span class="u">${W.m3}</span></td><td class="r nowrap">${kilo(g)}<span class="u">${esc(W.kg)}</span></td></tr>`;
  }).join("")}</tbody></table>`;
}
const goodsIn = (o) => [...new Set(read(load).rows.filter((r) => r.owner === o).map(goodsOf))].filter(Boolean).slice(0, 4).join(", ");
const gaps = (about) => ["length", "width"].filter((k) => about.includes(k)).map((k) => W[`void_${k}`]).join(", ");
const remarkRows = (l) => l.remarks.map(([code, message, about]) => `<tr><td class="nowrap">${chip("risk", W[`remark_${code}`] || code)}</td><td>${gaps(about) ? `<b>${esc(gaps(about))}</b> ` : ""}${esc(message)}</td></tr>`).join("");
function left() {
  const pieces = D.left.reduce((s, g) => s + g[3], 0);
  $("#left-note").textContent = pieces ? `${num(pieces)} ${W.pieces} · ${m3(D.left.reduce((s, g) => s + g[5], 0))} ${W.m3} · ${t(D.left.reduce((s, g) => s + g[4], 0))} ${W.tonnes}` : "";
  $("#left").innerHTML = D.left.length ? D.left.map((g) => leftGroup(g, 30)).join("") : `<p class="dim2">${esc(W.nothingLeft)}</p>`;
}
function leftGroup([code, state, why, n, g, v, records], most) {
  const more = records.length - most;
  return `<details class="leftgroup"${D.left.length < 3 && records.length < 9 ? " open" : ""}><summary>${chip(state === "refused" ? "bad" : "wait", state === "refused" ? W.refused : W.waiting)} <b>${esc(said(code))}</b> <span class="dim2 nowrap">${num(n)} ${esc(W.pieces)} · ${m3(v)} ${W.m3} · ${kilo(g)} ${esc(W.kg)}</span>${why ? `<div class="note">${esc(why)}</div>` : ""}</summary><table><tbody>${records.slice(0, most).map(([o, id, count, own]) => `<tr><td><b>${esc(id)}</b>${o >= 0 && D.by !== "item" ? ` <span class="dim2">${esc(D.owners[o][0])}</span>` : ""}${own ? `<div class="note">${esc(own)}</div>` : ""}</td><td class="r nowrap">${num(count)}<span class="u">${esc(W.pieces)}</span></td></tr>`).join("")}${more > 0 ? `<tr><td class="note" colspan="2">+ ${num(more)}</td></tr>` : ""}</tbody></table></details>`;
}
const amount = (v) => { const unit = D.proof[4]; return unit === "mm3" ? m3(v, 2) : unit === "cents" ? num(v / 100) : num(v); };
function proof() {
  const [cost, bound, stopped, seed, unit] = D.proof, gap = cost ? (100 * (cost - bound)) / cost : 0, name = W[`unit_${unit}`];
  $("#proof").innerHTML = `<dl class="pairs"><div><dt>${esc(W.cost)}</dt><dd><b>${amount(cost)}</b><span class="u">${esc(name)}</span></dd></div><div><dt>${esc(W.bound)}</dt><dd><b>${amount(bound)}</b><span class="u">${esc(name)}</span></dd></div><div><dt>${esc(W.gap)}</dt><dd><b>${num(gap, 1)}</b><span class="u">%</span></dd></div><div><dt>${esc(W.stopped)}</dt><dd><b>${esc(W[`stopped_${stopped}`] || stopped)}</b></dd></div></dl><p class="note">${esc(W.noBetter)} ${amount(bound)} ${esc(name)} · ${esc(W.seed)} ${seed} · ${D.rules[3] ? `${D.rules[3]} ${esc(W.support)}` : esc(W.floating)}</p>${D.remarks.length ? `<table><tbody>${D.remarks.slice(0, 20).map(([code, message]) => `<tr><td class="strong nowrap">${esc(code)}</td><td>${esc(message)}</td></tr>`).join("")}</tbody></table>` : ""}`;
}
function kpis() {
  const sum = (f) => D.loads.reduce((s, l) => s + f(l), 0), volume = sum((l) => l.volume), room = sum((l) => l.inside[0] * l.inside[1] * l.inside[2]), mass = sum((l) => l.mass), pay = sum((l) => l.payload), n = sum((l) => l.shares.reduce((s, x) => s + x[1], 0)), [cost, bound, stopped, seed, unit] = D.proof;
  const gone = D.left.reduce((s, g) => s + g[3], 0), types = {};
  for (const l of D.loads) types[l.type] = (types[l.type] || 0) + 1;
  const one = (name, value, u, small, cls = "") => `<div class="kpi ${cls}"><dt>${esc(name)}</dt><dd>${value}<span class="u">${esc(u)}</span></dd><small title="${esc(small)}">${esc(small)}</small></div>`;
  $("#kpis").innerHTML = one(W.containers, num(D.loads.length), "", Object.entries(types).map(([k, v]) => `${v} × ${k}`).join(", ") || "–") + one(W.fill, num(room ? (100 * volume) / room : 0, 1), "%", `${m3(volume)} ${W.of} ${m3(room)} ${W.m3}`) + one(W.mass, t(mass, mass < 1e8 ? 2 : 1), W.tonnes, pay < NO_LIMIT ? `${W.payload} ${num(pay / 1000, 1)} ${W.tonnes}` : "") + one(W.loaded, num(n), W.pieces, `${num(n)} ${W.of} ${num(D.given[0])}; ${m3(volume)} ${W.of} ${m3(D.volume)} ${W.m3}`) + one(W.behind, num(gone), W.pieces, gone ? D.left.map((g) => said(g[0])).filter((x, i, a) => a.indexOf(x) === i).join(", ") : W.nothingLeft) + one(W.bound, amount(bound), W[`unit_${unit}`], `${W.cost} ${amount(cost)}, ${W.gap} ${num(cost ? (100 * (cost - bound)) / cost : 0, 1)} %; ${W[`stopped_${stopped}`] || stopped}`);
}
function boxes() {
  const full = (l) => (100 * l.volume) / (l.inside[0] * l.inside[1] * l.inside[2]);
  $("#boxes").hidden = D.loads.length < 2;
  $("#boxes").innerHTML = D.loads.map((l, i) => `<button type="button" data-box="${i}" aria-pressed="${i === now}"><b>${num(i + 1)}</b> <span class="code">${esc(l.type)}</span>${l.faults.length ? ' <span class="down">▲</span>' : ""}<span class="dim2">${num(full(l), 1)} % · ${t(l.mass, 1)} ${esc(W.tonnes)}</span><i><s data-full="${Math.min(100, full(l)).toFixed(1)}"></s></i></button>`).join("");
  for (const s of $$("#boxes s")) s.style.width = `${s.dataset.full}%`;
}
function words() {
  document.documentElement.lang = lang();
  for (const el of $$("[data-w]")) el.textContent = W[el.dataset.w];
  for (const el of $$("[data-w-label]")) { el.setAttribute("aria-label", W[el.dataset.wLabel]); if (el.id === "theme") el.title = W.theme; }
  for (const b of $$("#language button")) b.setAttribute("aria-pressed", b.dataset.language === lang());
  $("#print-one").hidden = D.loads.length < 2; $("[data-play]").textContent = stepper.clock ? W.pause : W.play;
  kpis(); left(); proof();
  if (!load) return;
  owners();
  const title = `${W.container} ${num(now + 1)} ${W.of} ${num(D.loads.length)}`;
  $("#chips").innerHTML = `<span class="strong">${esc(title)}</span> <span class="code">${esc(load.type)}</span> ${load.faults.length ? chip("bad", W.unbalanced) : D.rules.slice(0, 3).some((r) => r !== null) && load.balance ? chip("ok", W.balanced) : ""}`;
  $("#cog-rule").textContent = limits();
  $("#remarks").innerHTML = load.remarks.length ? `<table><tbody>${remarkRows(load)}</tbody></table>` : `<p class="dim2">${esc(W.noRemarks)}</p>`;
  $("#view").setAttribute("aria-label", `${title}, ${load.type}. ${W.hint}`);
}

/* the list: rows are made when it is first looked at */
const HEADS = () => [["k-step", W.step], ["k-item", W.item], ["k-own", D.by === "consignment" ? W.consignment : W.consignee], ["k-count r", W.count], ["k-size", W.size], ["k-lies", W.lies], ["k-where", W.where], ["k-mass r", `${W.mass}, ${W.kg}`], ["k-run r", `${W.running}, ${W.kg}`]].filter((_, i) => i !== 2 || D.by !== "item");
const headRow = () => `<thead><tr>${HEADS().map(([c, x]) => `<th class="${c}">${esc(x)}</th>`).join("")}</tr></thead>`;
function stepRow(l, i) {
  const { blocks, rows } = read(l), b = blocks[i], r = rows[i], c = b[9];
  return `<tr data-step="${i}"><td class="nowrap">${swatch(tintOf(c))} ${i + 1}</td><td class="itemcell"><b>${esc(nameOf(r))}</b>${goodsOf(r) ? ` <span class="note">${esc(goodsOf(r))}</span>` : ""}</td>${D.by === "item" ? "" : `<td>${esc(D.owners[r.owner][0])}</td>`}<td class="r nowrap"><b>${num(r.count)}</b><span class="u">${b[6]} × ${b[7]} × ${b[8]}</span></td><td class="nowrap">${sizes(b)}</td><td>${esc(lying(r, b))}</td><td class="nowrap">${places(b)}</td><td class="r nowrap mass">${kilo(r.g * r.count)}</td><td class="r nowrap run">${kilo(r.mass)}</td></tr>`;
}
const CHUNK = 200;
function fill() {
  if (lists === `${now} ${lang()}`) return;
  lists = `${now} ${lang()}`;
  $("#list").innerHTML = `<table>${headRow()}<tbody></tbody></table>`;
  $("#list").scrollTop = 0;
  grow();
}
function grow() {
  const body = $("#list tbody"), n = read(load).blocks.length, from = body ? body.rows.length : n, to = Math.min(n, from + CHUNK);
  if (from >= to) return;
  body.insertAdjacentHTML("beforeend", Array.from({ length: to - from }, (_, k) => stepRow(load, from + k)).join(""));
  for (const tr of [...body.rows].slice(from)) tr.classList.toggle("todo", view.first[+tr.dataset.step] >= view.shown);
}
$("#list").addEventListener("scroll", (e) => { const el = e.target; if (el.scrollTop + el.clientHeight > el.scrollHeight - 600) grow(); });
$("#list").addEventListener("click", (e) => { const tr = e.target.closest("tr[data-step]"); if (!tr) return; const i = +tr.dataset.step; choose("3d"); stepper.go(view.first[i] + read(load).rows[i].count); });

/* paper: a table of steps beside pictures of the load after every few of them */
const LEAST_STEPS = 8, pictures = (n) => Math.max(10, Math.min(160, Math.floor(3e5 / n)));
function paper(which) {
  const all = which.map((i) => D.loads[i]), n = all.reduce((s, l) => s + read(l).blocks.length, 0), each = Math.max(LEAST_STEPS, Math.ceil(n / pictures(n))), colors = onPaper(), drawn = [];
  $("#paper").innerHTML = which.map((i) => sheet(i, each, drawn)).join("") + (D.left.length ? `<article class="sheet last"><h2>${esc(W.behind)}</h2>${D.left.map((g) => leftGroup(g, 1e4).replace("<details", "<details open")).join("")}</article>` : "");
  const views = new Map();
  $$("#paper canvas").forEach((canvas, k) => {
    const [i, from, to] = drawn[k], l = D.loads[i], w = +canvas.dataset.w, h = +canvas.dataset.h, { blocks } = read(l);
    if (!views.has(i)) { const v = new Turned(canvas); if (i === now) { Object.assign(v, { inside: view.inside, blocks: view.blocks, lo: view.lo, hi: view.hi, first: view.first, total: view.total, cover: view.cover, tree: view.tree }); } else v.open(l.inside, blocks); views.set(i, v); }
    const v = views.get(i);
    canvas.width = w * 2; canvas.height = h * 2;
    const ctx = canvas.getContext("2d", { willReadFrequently: true });
    ctx.setTransform(2, 0, 0, 2, 0, 0);
    v.named = from < 0 ? "owner" : "step"; v.marks = false; v.only = -1; v.from = from < 0 ? 0 : v.first[from]; v.shown = to >= blocks.length ? v.total : v.first[to];
    v.mark = from < 0 && l.balance ? [...l.balance.slice(0, 3), null] : null;
    v.reset(-1.02, 0.36); v.room = from < 0 ? [16, 40] : [10, 26]; v.paint(ctx, w, h, colors);
  });
}
function sheet(i, each, drawn) {
  const l = D.loads[i], { blocks } = read(l), at = l.balance, picture = (from, to, w, h, name) => { drawn.push([i, from, to]); return `<canvas data-w="${w}" data-h="${h}" role="img" aria-label="${esc(name)}"></canvas>`; };
  const n = l.shares.reduce((s, x) => s + x[1], 0), full = (100 * l.volume) / (l.inside[0] * l.inside[1] * l.inside[2]);
  const facts = [`${num(n)} ${W.pieces}`, `${num(full, 1)} ${W.ofVolume}`, l.payload < NO_LIMIT ? `${t(l.mass)} ${W.of} ${num(l.payload / 1000, 2)} ${W.tonnes}` : `${t(l.mass)} ${W.tonnes}`, at && `${W.cog}: ${signed(at[3])} ${W.ofLength}, ${signed(at[4])} ${W.ofWidth}, ${num(at[2])} ${W.mm}`].filter(Boolean).join(" · ");
  const key = `<ul class="whose">${l.shares.map(([o, k, g]) => `<li>${swatch(tintOf(l.tints[o]))}${l.tints[o] + 1} <b>${esc(D.owners[o][0])}</b> ${num(k)} ${esc(W.pieces)}, ${kilo(g)} ${esc(W.kg)}</li>`).join("")}</ul>`;
  let out = `<article class="sheet"><header><div><h1>${esc(W.list)} · ${esc(W.container)} ${num(i + 1)} ${esc(W.of)} ${num(D.loads.length)} · ${esc(l.type)}</h1><p>${esc(facts)}</p></div><p class="fields"><span>${esc(W.seal)}</span><span>${esc(W.loadedBy)}</span></p></header><div class="whole">${picture(-1, blocks.length, 560, 250, W.container)}<div>${key}${l.remarks.length ? `<table><tbody>${remarkRows(l)}</tbody></table>` : ""}</div></div>`;
  for (let from = 0; from < blocks.length; from += each) {
    const to = Math.min(blocks.length, from + each), rows = Array.from({ length: to - from }, (_, k) => stepRow(l, from + k)).join("");
    out += `<div class="part"><figure>${picture(from, to, 300, 172, `${W.after} ${to}`)}<figcaption>${esc(W.after)} ${num(to)}</figcaption></figure><table>${headRow()}<tbody>${rows}</tbody></table></div>`;
  }
  return `${out}</article>`;
}
let wanted = null;
addEventListener("beforeprint", () => paper(wanted || D.loads.map((_, i) => i)));
addEventListener("afterprint", () => { wanted = null; $("#paper").innerHTML = ""; view.later(); });
const printed = (which) => { wanted = which; print(); };

/* hands on it */
view.hover = (at, pinned) => {
  const tip = $("#tip"), hit = at && view.pick(at[0], at[1]);
  if (!hit) { tip.hidden = true; return; }
  const { blocks, rows } = read(load), b = blocks[hit[0]], r = rows[hit[0]], x = [0, 1, 2].map((k) => b[k] + hit[1 + k] * b[3 + k]);
  tip.innerHTML = `<b>${esc(nameOf(r))}</b>${D.by === "item" ? "" : ` ${esc(D.owners[r.owner][0])}`}<br>${esc(W.step)} ${num(hit[0] + 1)} · ${sizes(b)} ${esc(W.mm)} · ${kilo(r.g)} ${esc(W.kg)}<br><span class="note">x ${num(x[0])} · y ${num(x[1])} · z ${num(x[2])} ${esc(W.mm)} · ${esc(lying(r, b))}</span>`;
  tip.hidden = false;
  const w = $("#view").clientWidth;
  tip.style.left = `${Math.max(4, Math.min(w - tip.offsetWidth - 4, at[0] + 14))}px`; tip.style.top = `${at[1] + tip.offsetHeight + 18 > $("#view").clientHeight ? Math.max(4, at[1] - tip.offsetHeight - 10) : at[1] + 14}px`;
};
document.addEventListener("click", (e) => {
  const el = e.target.closest("[data-box], [data-view], [data-zoom], [data-language], [data-owner]");
  if (!el) return;
  const d = el.dataset;
  if (d.box) open(+d.box);
  else if (d.view) choose(d.view);
  else if (d.zoom) { view.magnify(+d.zoom); view.later(); }
  else if (d.language) speak(d.language);
  else { view.only = view.only === +d.owner ? -1 : +d.owner; owners(); view.later(); }
});
document.addEventListener("keydown", (e) => {
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "p" || e.key === "P") printed(null);
  else if (e.key === " " && e.target.id === "view") { e.preventDefault(); if (stepper.clock) stepper.stop(); else stepper.play(); }
  else if (e.key === "," || e.key === ".") { stepper.stop(); stepper.skip(e.key === "." ? 1 : -1); }
  else if ((e.key === "[" || e.key === "]") && D.loads.length) open((now + (e.key === "]" ? 1 : D.loads.length - 1)) % D.loads.length);
});
$("#print").addEventListener("click", () => printed(null));
$("#print-one").addEventListener("click", () => printed([now]));
/* the drawing ends where the window does, so that its slider is in sight */
function tall() {
  const el = $("#viewer"), above = $(".grid-box").getBoundingClientRect().top + scrollY;
  el.style.height = innerWidth > 1100 ? `${Math.max(440, Math.min(820, innerHeight - above - 12))}px` : "";
  view.later();
}
addEventListener("resize", tall);
addEventListener("schemechange", () => view.later());

/* language: what the reader chose, else the browser's */
function lang() { return LANG.find((k) => D.languages[k] === W) || "en"; }
function speak(to, keep = true) {
  W = D.languages[to]; lists = "";
  if (keep) store("landport-language", to);
  words(); boxes();
  if (load) { say(view.shown); if (shape === "list") fill(); view.later(); }
}
const hash = location.hash.slice(1), liked = LANG.find((k) => k === hash) || LANG.find((k) => k === store("landport-language")) || LANG.find((k) => (navigator.language || "").startsWith(k)) || "en";
W = D.languages[liked];
boxes();
if (D.loads.length) open(0);
else { words(); $(".grid-box").classList.add("nothing"); for (const el of $$("#viewer, #owners, #cog, #remarks")) (el.id === "viewer" ? el : el.closest(".panel")).remove(); $("#kpis").insertAdjacentHTML("afterend", `<div class="empty"><b data-w="none">${esc(W.none)}</b></div>`); $("#print").remove(); $("#print-one").remove(); }
if (load) tall();
document.body.dataset.ready = "1";
