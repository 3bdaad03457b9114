/* The page of a way: follow one choice everywhere; say words, dates and places in another language. */
const LANG = Object.keys(D.languages), store = (k, v) => { try { if (v) localStorage.setItem(k, v); return localStorage.getItem(k); } catch { return null; } };
document.documentElement.classList.add("js");

/* one choice at a time: its row, its way on the map, its bar, its rides */
const numbered = $$("[data-pick]").map((b) => b.dataset.pick);
function follow(number) {
  for (const el of $$("[data-choice]")) el.classList.toggle("on", el.dataset.choice === number);
  for (const b of $$("[data-pick]")) b.setAttribute("aria-pressed", b.dataset.pick === number);
  const way = $(`.way[data-choice="${number}"]`);
  if (way) way.parentNode.append(way);
}
document.addEventListener("click", (e) => {
  const speaks = e.target.closest("[data-language]"), picked = e.target.closest("tr[data-choice], g[data-choice]");
  if (speaks) speak(speaks.dataset.language);
  else if (picked) follow(picked.dataset.choice);
});
for (const b of $$("[data-pick]")) b.addEventListener("focus", () => { if (b.matches(":focus-visible")) follow(b.dataset.pick); });
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const here = document.activeElement && document.activeElement.dataset.pick, by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (e.key.toLowerCase() === "p") print();
  else if (numbered.includes(e.key)) follow(e.key);
  else if (here && by) { e.preventDefault(); $(`[data-pick="${numbered[(numbered.indexOf(here) + by + numbered.length) % numbered.length]}"]`).focus(); }
});
$("#print").addEventListener("click", () => print());

/* language: what the reader chose, else the browser's */
const day = (text) => { const [y, m, d] = text.split("-").map(Number); return { m, d, w: (new Date(Date.UTC(y, m - 1, d)).getUTCDay() + 6) % 7 }; };
function dated(text, lang) {
  const { m, d, w } = day(text.slice(0, 10)), week = W.weekdays.split(" ")[w], month = W.months.split(" ")[m - 1], clock = text.slice(11, 16);
  return lang === "zh" ? `${month}${d}日 ${week} ${clock}` : `${week} ${d} ${month} ${clock}`;
}
function lasts(minutes) {
  const days = Math.floor(minutes / 1440), hours = Math.floor((minutes % 1440) / 60), rest = minutes % 60;
  const parts = days ? [`${days} ${W.d}`, hours ? `${hours} ${W.h}` : ""] : [hours ? `${hours} ${W.h}` : "", rest || !hours ? `${rest} ${W.min}` : ""];
  return parts.filter(Boolean).join(" ");
}
const short = (name) => { const bare = name.split(" (")[0].split("（")[0]; return bare.length <= 22 ? bare : bare.split(/\s/)[0]; };
function speak(to, keep = true) {
  const n = LANG.indexOf(to);
  W = D.languages[to];
  document.documentElement.lang = to;
  if (keep) store("landport-language", to);
  for (const el of $$("[data-w]")) el.textContent = W[el.dataset.w];
  for (const el of $$("[data-w-label]")) el.setAttribute("aria-label", W[el.dataset.wLabel]);
  for (const el of $$("[data-pick]")) el.setAttribute("aria-label", `${W.choice} ${el.dataset.pick}`);
  for (const el of $$("[data-p]")) el.textContent = "short" in el.dataset ? short(D.places[el.dataset.p][n]) : D.places[el.dataset.p][n];
  for (const el of $$("[data-d]")) el.textContent = lasts(+el.dataset.d);
  for (const el of $$("time")) el.textContent = dated(el.getAttribute("datetime"), to);
  for (const el of $$("[data-day]")) { const { m, d } = day(el.dataset.day), month = W.months.split(" ")[m - 1]; el.textContent = to === "zh" ? `${m}/${d}` : `${d} ${month}`; }
  for (const b of $$("#language button")) b.setAttribute("aria-pressed", b.dataset.language === to);
}
const hash = location.hash.slice(1), liked = LANG.find((k) => k === hash) || LANG.find((k) => k === store("landport-language")) || LANG.find((k) => (navigator.language || "").startsWith(k)) || "en";
if (numbered.length) follow(numbered.includes(hash) ? hash : numbered[0]);
speak(liked, false);
document.body.dataset.ready = "1";
