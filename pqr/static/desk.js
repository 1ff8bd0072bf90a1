// The keys of the desk: what a mouse does, faster. They act on what stands on the page and do nothing in a field.
// A single letter can be a nuisance (dictation, a slip), so that they can be switched off (WCAG 2.1, 2.1.4).
"use strict";

const help = document.getElementById("teclas");
const wanted = document.getElementById("teclas-activas");
const said = document.getElementById("teclas-dicho");
const OFF = "pqr-sin-teclas";
const kept = {
  get off() { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } },
  set off(value) { try { localStorage.setItem(OFF, value ? "1" : "0"); } catch { /* a browser that keeps nothing */ } },
};

const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
const row = () => rows.indexOf(document.activeElement.closest("[data-rows] tbody tr"));
const goTo = (index) => {
  const link = rows[index]?.querySelector("th a");
  link?.focus();
  rows[index]?.scrollIntoView({ block: "nearest" });
};
const tick = () => {
  const box = rows[row()]?.querySelector("input[type=checkbox]");
  if (!box) return;
  box.click();
  const all = rows.filter((each) => each.querySelector("input:checked")).length;
  said.textContent = `${box.checked ? "Elegida" : "Ya no está elegida"}. ${all === 1 ? "1 elegida" : `${all} elegidas`} en total.`;
};
const press = (key) => document.querySelector(`[data-key="${key}"]`)?.click();

const KEYS = {
  j: () => goTo(Math.min(row() + 1, rows.length - 1)),
  k: () => goTo(Math.max(row() - 1, 0)),
  x: tick,
  a: () => press("a"),
  n: () => press("n"),
  "/": () => document.getElementById("q")?.select(),
  "?": () => help.showModal(),
};

let went = 0; // when g was pressed
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "a") return;
  if (help.open || kept.off || event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  const after = event.timeStamp - went < 1500 ? document.querySelector(`[data-go="${CSS.escape(event.key)}"]`) : null;
  went = event.key === "g" ? event.timeStamp : 0;
  const act = after ? () => after.click() : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (help) {
  wanted.checked = !kept.off;
  wanted.addEventListener("change", () => { kept.off = !wanted.checked; });
  document.querySelectorAll("[data-opens=teclas]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  });
}
