// The link to a case, to be copied or given to the system's own sharing. The code goes along only if the person says so.
"use strict";

const sharing = document.querySelector("[data-share]");
if (sharing) {
  const [copy, send] = sharing.querySelectorAll("button"), box = sharing.querySelector("[type=checkbox]");
  const words = document.getElementById("enlace"), plain = words.textContent;
  const said = (text) => { sharing.querySelector("[role=status]").textContent = text; };
  const link = () => plain + (box.checked ? `?code=${document.querySelector(".code").textContent}` : "");
  box.checked = false; // a browser that comes back to the page would keep the mark
  box.addEventListener("change", () => { words.textContent = link(); said(""); });
  copy.hidden = !navigator.clipboard;
  send.hidden = !navigator.share;
  copy.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(link()); said(box.checked ? "Copiado, con el código." : "Copiado, sin el código."); }
    catch { said("No se pudo copiar. Márquelo y cópielo a mano."); }
  });
  send.addEventListener("click", async () => {
    try { await navigator.share({ title: sharing.dataset.share, url: link() }); } catch { /* closed without choosing */ }
  });
  sharing.hidden = false;
}
