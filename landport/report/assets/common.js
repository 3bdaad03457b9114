"use strict";
/* Shared by all pages: data, formats, theme. */
const D = JSON.parse(document.getElementById("data").textContent);
let W = D.words;
const $ = (s, root = document) => root.querySelector(s), $$ = (s, root = document) => [...root.querySelectorAll(s)];
const esc = (s) => String(s).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const num = (v, d = 0) => Number(v).toFixed(d).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, "\u202f").replace("-", "\u2212");
const many = (n, one, more) => `${num(n)} ${n === 1 ? one : more}`;
const swatch = (c) => `<svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" class="${c}"/></svg>`;

/* theme: what the system says until the reader says otherwise */
const root = document.documentElement;
const remember = (v) => { try { if (v) localStorage.setItem("landport-theme", v); return localStorage.getItem("landport-theme"); } catch { return null; } };
const asked = location.hash === "#dark" ? "dark" : location.hash === "#light" ? "light" : remember();
if (asked) root.dataset.theme = asked;
$("#theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember(root.dataset.theme);
  dispatchEvent(new Event("schemechange"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("schemechange")));
