/* Long tables: sort on a click; the containers are filtered at once and drawn as they are scrolled to. */
for (const table of $$("table.sortable")) table.tHead.addEventListener("click", (e) => {
  const th = e.target.closest("th[data-sort]");
  if (!th) return;
  const col = th.cellIndex, down = th.getAttribute("aria-sort") === (th.classList.contains("r") ? "descending" : "ascending") ? 1 : 0, up = th.classList.contains("r") ? (down ? 1 : -1) : down ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", up > 0 ? "ascending" : "descending");
  const key = (row) => { const v = row.cells[col].dataset.v ?? ""; return v !== "" && !isNaN(v) ? +v : v; };
  const rows = [...table.tBodies[0].rows].sort((a, b) => { const x = key(a), y = key(b); return up * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y))); });
  table.tBodies[0].append(...rows);
});

const box = $("#rows"), body = $("tbody", box), CHUNK = 120;
const everyName = (p) => `${D.places[p][0]} ${D.places[p][1]} ${D.places[p][3]}`;
const texts = D.containers.map((c) => [c[0], loadOf.has(c[0]) ? "LCL" : "", D.types[c[1]], c[2], everyName(c[3]), everyName(c[4]), c[5], c[12], c[8] !== null && c[8] > c[9] ? W.late : "", c[12] === "waiting" ? W.waits : "", ...c[13].map((s) => D.shippers[s])].join(" ").toLowerCase());
let shown = D.containers.map((_, i) => i), drawn = 0;
const place = (p) => `<span title="${esc(D.places[p][1])}">${esc(D.places[p][0])}</span>`;
const time = (minute, p) => { if (minute === null) return `<span class="dim">–</span>`; const [t, z] = when(minute, p); return `${t}<span class="u">${z}</span>`; };
const heads = Object.fromEntries($$("th[data-col]", box).map((th) => [th.dataset.col, th.textContent]));
const cell = (col, html, cls = "", more = "") => `<td data-l="${esc(heads[col])}"${cls && ` class="${cls}"`}${more}>${html}</td>`;
const LISTED = 6;
function bookings(text) {
  const ids = text.split(" ");
  return esc(ids.slice(0, LISTED).join(" ") + (ids.length > LISTED ? ` +${ids.length - LISTED}` : ""));
}
function rowOf(i) {
  const c = D.containers[i], late = c[8] !== null && c[8] > c[9], load = loadOf.get(c[0]);
  const state = c[12] ? `<span class="chip ${c[12] === "refused" ? "bad" : "wait"}">${esc(c[12])}</span>` : esc(c[5]);
  const id = load === undefined ? esc(c[0]) : `<button class="n" type="button" data-load-of="${load}" title="${esc(W.showLoad)}">${esc(c[0])}</button>`;
  return `<tr>${cell(0, `${id} <span class="note">${esc(D.types[c[1]])}</span>`, "strong")}${cell(2, bookings(c[2]), "bk-ids", ` title="${esc(c[2])}"`)}${cell(3, place(c[3]))}${cell(4, place(c[4]))}${cell(5, state, "trains", ` title="${esc(c[5])}"`)}${cell(6, c[6] || "", "r")}${cell(11, `${num(c[11])}<span class="u">kg</span>`, "r")}${cell(7, time(c[7], c[3]), "at")}${cell(8, `${late ? "▲ " : ""}${time(c[8], c[4])}`, late ? "at late" : "at")}${cell(9, time(c[9], c[4]), "at")}${cell(10, c[8] === null ? "" : `${num(c[10] / 100)}<span class="u">USD</span>`, "r")}</tr>`;
}
function more() {
  if (drawn >= shown.length) return;
  body.insertAdjacentHTML("beforeend", shown.slice(drawn, drawn + CHUNK).map(rowOf).join(""));
  drawn = Math.min(shown.length, drawn + CHUNK);
  $("#printed").textContent = drawn < D.containers.length ? `${num(drawn)} ${W.of} ${num(D.containers.length)} ${W.printed}` : "";
}
function redraw() {
  body.textContent = ""; drawn = 0; box.scrollTop = 0;
  if (!shown.length) body.innerHTML = `<tr><td colspan="11" class="dim2">${esc(W.fewer)}</td></tr>`;
  more();
  $("#rows-note").textContent = shown.length === D.containers.length ? `${num(shown.length)} ${W.rows}` : `${num(shown.length)} ${W.shown} ${num(D.containers.length)} ${W.rows}`;
}
box.addEventListener("scroll", () => { if (box.scrollTop + box.clientHeight > box.scrollHeight - 400) more(); });
$("#filter").addEventListener("input", (e) => {
  const parts = e.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  shown = shown0.filter((i) => parts.every((p) => texts[i].includes(p)));
  redraw();
});
let shown0 = shown;
box.querySelector("thead").addEventListener("click", (e) => {
  const th = e.target.closest("th[data-col]");
  if (!th) return;
  const col = +th.dataset.col, up = th.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of $$("th", box)) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", up > 0 ? "ascending" : "descending");
  const key = (i) => { const v = D.containers[i][col]; return col === 3 || col === 4 ? D.places[v][0] : v; };
  const by = (a, b) => { const x = key(a), y = key(b); if (x === null || y === null) return (x === null) - (y === null); return up * (typeof x === "number" ? x - y : x < y ? -1 : x > y ? 1 : 0) || a - b; };
  shown0 = [...shown0].sort(by); shown = [...shown].sort(by);
  redraw();
});
redraw();
document.body.dataset.ready = "yes";
