/* The week's page: times of places, answers to clicks. */
const DAY = W.days.split(" "), MONTH = W.months.split(" ");
const START = Date.UTC(D.start[0], D.start[1] - 1, D.start[2]);
const offset = (zone, minute) => { let o = 0; for (const [from, by] of D.zones[zone][1]) if (minute >= from || !o) o = by; return o; };
const zoneName = (o) => (o ? `UTC${o > 0 ? "+" : "\u2212"}${Math.floor(Math.abs(o) / 60)}${o % 60 ? ":" + String(Math.abs(o) % 60).padStart(2, "0") : ""}` : "UTC");
function when(minute, place) {
  const o = offset(D.places[place][2], minute), d = new Date(START + (minute + o) * 60000);
  return [`${DAY[(d.getUTCDay() + 6) % 7]} ${d.getUTCDate()} ${MONTH[d.getUTCMonth()]} ${String(d.getUTCHours()).padStart(2, "0")}:${String(d.getUTCMinutes()).padStart(2, "0")}`, zoneName(o)];
}

/* answers open beside what was asked */
let asker = null;
document.addEventListener("click", (e) => { asker = e.target.closest("[popovertarget]") || asker; }, true);
function beside(panel, at) {
  const r = at.getBoundingClientRect(), w = panel.offsetWidth, h = panel.offsetHeight;
  panel.style.left = `${Math.max(12, Math.min(innerWidth - w - 12, r.left))}px`;
  panel.style.top = `${r.bottom + 8 + h > innerHeight ? Math.max(12, r.top - h - 8) : r.bottom + 8}px`;
}
for (const panel of $$(".why[popover]")) panel.addEventListener("toggle", (e) => { if (e.newState === "open" && asker) beside(panel, asker); });

const answer = $("#answer");
const cells = (rows) => `<dl>${rows.map(([a, b, c]) => `<dt>${esc(a)}</dt><dd>${esc(b)}</dd><dd class="r">${esc(c)}</dd>`).join("")}</dl>`;
function tell(small, title, html, at, source = "") {
  if (!answer.showPopover) return;
  answer.innerHTML = `<header><small>${esc(small)}</small><b>${esc(title)}</b></header><div class="body">${html}</div>${source ? `<footer><span>${esc(W.from)} ${esc(source)}</span></footer>` : ""}`;
  asker = at;
  answer.showPopover();
  beside(answer, at);
}
function explain(number, at) {
  const t = D.trains[number];
  if (!t) return;
  const rows = [
    [W.departs, t.at, t.zone],
    [W.load, many(t.boxes, W.box, W.boxes), `${num(t.teu)} ${W.of} ${num(t.capacity)} TEU`],
    ...(t.limit ? [[W.mass, W[t.what] || t.what, `${num(t.kg / 1000)} ${W.of} ${num(t.limit / 1000)} t`]] : []),
    ...(t.length ? [[W.wagons, num(t.wagons.length), `${num(t.length / 1000)} m`]] : []),
  ];
  const said = t.status === "run" ? "" : `<p><b>✕ ${esc(W.cancelledTrain)}</b>: ${esc(t.why)}</p>`;
  tell(t.id, t.service, `${said}${cells(rows)}${t.wagons.length ? `<button class="btn small" type="button" data-show="${number}">${esc(W.showConsist)}</button>` : ""}`, at);
}
function why(key, at) {
  const found = D.why[key];
  if (found) tell(W.why, found[0], `<p>${esc(found[1])}</p><hr>${cells(found[2])}`, at, found[3]);
}
document.addEventListener("click", (e) => {
  const show = e.target.closest("[data-show]");
  if (show) {
    answer.hidePopover();
    const pick = $("#train-pick");
    if (pick) { pick.value = show.dataset.show; pick.dispatchEvent(new Event("change")); $("#train").scrollIntoView(); }
    return;
  }
  const asked = e.target.closest("[data-train], [data-wagon], [data-why]");
  if (asked) ask(asked);
});
const ask = (el) => (el.dataset.why ? why(el.dataset.why, el) : el.dataset.wagon ? explainWagon(+el.dataset.wagon, el) : explain(+el.dataset.train, el));
document.addEventListener("keydown", (e) => {
  const drawn = e.target.closest && e.target.closest("g[data-train], g[data-wagon]");
  if (drawn && (e.key === "Enter" || e.key === " ")) { e.preventDefault(); ask(drawn); }
  if (e.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) { e.preventDefault(); $("#filter").focus(); }
});
