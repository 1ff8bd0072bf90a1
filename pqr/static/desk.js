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

// What is being written is kept every few seconds, so that a closed page loses nothing; and colleagues who have the
// same case open are named. Without a script a button keeps it, and the page names them when it is opened.
const SAVE_AFTER = 3000;
const LOOK_EVERY = 20000;

document.querySelectorAll("[data-draft]").forEach((row) => {
  const form = row.closest("form");
  const area = form.elements.text;
  const told = row.querySelector("[data-draft-said]");
  let waiting = 0;
  let kept = area.value;
  let flight = null;
  const stop = () => { clearTimeout(waiting); waiting = 0; flight?.abort(); };
  const save = async () => {
    clearTimeout(waiting);
    waiting = 0;
    const words = area.value;
    if (words === kept) return;
    flight = new AbortController();
    const sent = new FormData();
    sent.set("csrf_token", form.elements.csrf_token.value);
    sent.set("text", words);
    try {
      const answer = await fetch(row.dataset.draft, {
        method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "error",
        signal: flight.signal, keepalive: words.length < 20000,
      });
      if (!answer.ok) throw new Error(answer.status);
      const { saved } = await answer.json();
      kept = words;
      told.textContent = saved ? `Borrador guardado el ${saved}` : "";
    } catch (error) {
      if (error.name === "AbortError") return;
      told.textContent = "El borrador no se ha podido guardar: no cierre la página.";
      waiting = setTimeout(save, LOOK_EVERY);
    }
  };
  area.addEventListener("input", () => { waiting ||= setTimeout(save, SAVE_AFTER); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && waiting) save(); });
  form.addEventListener("submit", stop);
});

const present = document.querySelector("[data-presence]");
if (present) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(present.dataset.presence, { headers: { Accept: "application/json" }, redirect: "error" });
      const { others } = await answer.json();
      if (present.textContent !== others) present.textContent = others;
      present.hidden = !others;
    } catch { /* the next time */ }
  }, LOOK_EVERY);
}
