// What is easier with a script, and works without it: one submit per click, only the fields that matter,
// a word in time about files that are too large, what was typed kept on the device, and filing without a signal.
"use strict";

const script = document.currentScript, untouched = document.documentElement.outerHTML;

document.querySelectorAll("form").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    const { submitter } = event;
    if ("filing" in form.dataset && !submitter?.matches("[name=change]") && !leaves(form, submitter)) return event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelectorAll("button:not([name]), [data-sending]").forEach((button) => {
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.sending) button.textContent = button.dataset.sending;
    });
  });
});

// A page that the browser brings back from memory must accept a new submit.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

// data-unless="identity:anonymous": not shown while that answer is chosen; data-only="answer_by:email": only then.
const chosen = (form, rule) => {
  const [name, ...values] = rule.split(":");
  return values.includes(new FormData(form).get(name));
};
document.querySelectorAll("form[data-adapts]").forEach((form) => {
  const adapt = () => {
    form.querySelectorAll("[data-unless]").forEach((part) => { part.hidden = chosen(form, part.dataset.unless); });
    form.querySelectorAll("[data-only]").forEach((part) => { part.hidden = !chosen(form, part.dataset.only); });
  };
  form.addEventListener("change", adapt);
  window.addEventListener("pageshow", adapt);
  adapt();
});

document.querySelectorAll("[data-files]").forEach((warning) => {
  const input = document.getElementById(warning.dataset.files);
  input.addEventListener("change", () => {
    const sizes = [...input.files].map((file) => file.size);
    const together = sizes.reduce((sum, size) => sum + size, 0);
    warning.hidden = Math.max(0, ...sizes) <= Number(warning.dataset.each) && together <= Number(warning.dataset.all);
  });
});

// Files go ahead of the form, one by one and with their progress; what cannot goes with the form, as without a script.
const bringing = document.querySelector("[data-bring]");
if (bringing) {
  const input = document.getElementById("attachments"), bar = document.getElementById("subida"), form = input.form;
  const list = document.getElementById("guardados"), trouble = document.getElementById("subida-fallo");
  let call = null;
  const add = ({ note, label }) => {
    const id = `held-${list.querySelectorAll(".choice").length + 1}`, row = document.createElement("div");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "held", value: note, checked: true, id });
    row.className = "choice";
    row.append(box, Object.assign(document.createElement("label"), { htmlFor: id, textContent: label }));
    list.append(row);
    list.hidden = false;
  };
  const bring = (files) => {
    const data = new FormData();
    data.append("csrf_token", form.elements.csrf_token.value);
    files.forEach((file) => data.append("attachments", file));
    call = new XMLHttpRequest();
    call.open("POST", bringing.dataset.bring);
    call.upload.onprogress = (event) => { bar.value = event.loaded / event.total; };
    call.onloadend = () => {
      let answer = { held: [] };
      try { answer = JSON.parse(call.response); } catch { /* they stay chosen, and go with the form */ }
      call = null;
      bringing.hidden = true;
      answer.held.forEach(add);
      trouble.hidden = !answer.trouble;
      trouble.textContent = answer.trouble || "";
      if (answer.held.length) input.value = "";
      if (answer.held.length) document.getElementById("subida-lista").textContent = "Archivos recibidos.";
    };
    bar.value = 0;
    bringing.hidden = false;
    call.send(data);
  };
  input.addEventListener("change", () => {
    call?.abort();
    const files = [...input.files], together = files.reduce((sum, file) => sum + file.size, 0);
    const small = files.every((file) => file.size <= Number(input.form.querySelector("[data-each]").dataset.each));
    if (files.length && small && together <= Number(form.querySelector("[data-all]").dataset.all) && navigator.onLine) bring(files);
  });
  form.addEventListener("submit", () => call?.abort());
}

// What is typed stays on this device: with a name for a day, in reserve while the tab is open, without a name never.
// Sensitive answers and files never. It goes when the petition is filed.
const DAY = 86400000;
const DRAFT = "pqr-draft", OUTBOX = "pqr-outbox", SENT = "pqr-sent";
const NOT_KEPT = ["csrf_token", "notices", "held", "website", "review", "accept_sensitive", "sex", "gender",
  "ethnic_group", "disability", "age_range", "condition", "zone", "adjustment"];
const read = (store, name) => { try { return JSON.parse(window[store].getItem(name)); } catch { return null; } };
const write = (store, name, value) => {
  try { value ? window[store].setItem(name, JSON.stringify(value)) : window[store].removeItem(name); } catch { /* full, or forbidden */ }
};
const forget = (name) => { write("localStorage", name); write("sessionStorage", name); };
const show = (id, wanted = true) => { const part = document.getElementById(id); if (part) part.hidden = !wanted; return part; };
const answers = (form, without = []) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !without.includes(name));
const typed = (given) => given?.fields.some(([name, value]) => value && ["subject", "description", "name"].includes(name));

const filing = document.querySelector("form[data-filing]");
const writing = document.querySelector("form[data-filing][data-adapts]");
const fresh = writing && "fresh" in writing.dataset;

const keep = () => {
  const identity = new FormData(writing).get("identity");
  forget(DRAFT);
  if (identity === "anonymous") return;
  const draft = { at: Date.now(), fields: answers(writing, NOT_KEPT) };
  if (typed(draft)) write(identity === "named" ? "localStorage" : "sessionStorage", DRAFT, draft);
};
const put = (fields) => {
  [...writing.elements].filter((each) => each.name && !["hidden", "file", "submit"].includes(each.type)).forEach((each) => {
    const values = fields.filter(([name]) => name === each.name).map(([, value]) => value);
    if (NOT_KEPT.includes(each.name)) return;
    if (each.type === "radio" || each.type === "checkbox") each.checked = values.includes(each.value);
    else if (values.length) each.value = values[0];
  });
  // The same petition keeps its key, so that what was filed without our knowing is not filed again.
  writing.elements.filing_key.value = fields.find(([name]) => name === "filing_key")?.[1] || writing.elements.filing_key.value;
  writing.dispatchEvent(new Event("change"));
};

// Without a signal the petition waits on this device, and goes once: the key it carries is filed once.
const newToken = async (url) => {
  const answer = await (await fetch(url, { cache: "no-store" })).text();
  return new DOMParser().parseFromString(answer, "text/html").querySelector("[name=csrf_token]").value;
};
const leaves = (form, button) => {
  write("sessionStorage", SENT, form.elements.filing_key.value);
  if (form === writing) keep();  // the answer to this may never arrive
  const token = form.elements.csrf_token;
  if (navigator.onLine && !token.value) {  // the page came from this device, and meanwhile there is a signal
    newToken(form.action).then((found) => { token.value = found; form.requestSubmit(button); }, () => show("sin-senal"));
    return false;
  }
  if (navigator.onLine) return true;
  const answer = (name) => new FormData(form).get(name);
  const named = answer("identity") !== "anonymous";
  const asked = { kind: true, identity: true, name: named, answer_by: named, email: answer("answer_by") === "email",
    address: named && answer("answer_by") === "postal" };
  for (const name in asked) form.querySelectorAll(`[name=${name}]`).forEach((each) => { each.required = asked[name]; });
  const missing = [...form.elements].find((each) => each.willValidate && !each.closest("[hidden]") && !each.checkValidity());
  if (missing) { missing.reportValidity(); return false; }
  write("localStorage", OUTBOX, { at: Date.now(), url: form.action, fields: answers(form, ["csrf_token", "review"]) });
  forget(DRAFT);
  form.hidden = true;
  show("sin-senal", false);
  (show("en-espera") || document.body).focus();
  return false;
};
// The form as it came, without its keys, for when there is no signal.
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self';" +
  " worker-src 'self'; form-action 'self'; base-uri 'none'";
const root = new URL("..", script.src), page = new URL("radicar", root).href;
const layBy = async () => {
  const empty = untouched.replace(/(name="(?:csrf_token|filing_key)"[^>]*value=")[^"]*/g, "$1");
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY };
  await (await caches.open("pqr")).put(page, new Response(`<!doctype html>${empty}`, { headers }));
};
// Asked for when the telephone is put away with the form open, or at the end: never while somebody waits for a page.
const work = async () => {
  const shelf = await caches.open("pqr"), parts = [script.src, document.querySelector("link[rel=stylesheet]").href];
  for (const kept of await shelf.keys()) if (![page, ...parts].includes(kept.url)) await shelf.delete(kept);
  for (const part of parts) if (!(await shelf.match(part))) await shelf.add(new Request(part, { cache: "force-cache" }));
  await navigator.serviceWorker.register(new URL("worker.js", root));
};
const quietly = (errand) => errand().catch(() => {});  // an old browser, or one that keeps nothing: all works but this
let going = false;
const send = async () => {
  const waiting = read("localStorage", OUTBOX);
  if (!waiting || going || !navigator.onLine) return;
  going = true;
  try {
    const form = document.createElement("form"), token = await newToken(waiting.url);
    Object.assign(form, { method: "post", action: waiting.url, hidden: true });
    [...waiting.fields, ["csrf_token", token]].forEach(([name, value]) => {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      form.append(field);
    });
    document.body.append(form);
    write("sessionStorage", SENT, waiting.fields.find(([name]) => name === "filing_key")[1]);
    form.submit();
  } catch {
    going = false;
    setTimeout(send, 15000);
  }
};

if (document.querySelector("[data-filed]")) {
  forget(DRAFT);
  quietly(work);
  const waiting = read("localStorage", OUTBOX);
  if (waiting?.fields.some(([name, value]) => name === "filing_key" && value === read("sessionStorage", SENT))) forget(OUTBOX);
}
if (writing) {
  document.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
  // A page that came from this device, without a signal, has no key of its own.
  writing.elements.filing_key.value ||= [...crypto.getRandomValues(new Uint32Array(6))].map((part) => part.toString(36)).join("-");
  const here = read("sessionStorage", DRAFT), before = read("localStorage", DRAFT);
  if (before && Date.now() - before.at > DAY) forget(DRAFT);
  else if (fresh && typed(here)) { put(here.fields); show("recuperado"); show("dejada", false); }
  else if (fresh && typed(before)) { show("borrador"); show("dejada", false); }
  const choices = {
    resume: () => { put(before.fields); show("borrador", false); show("recuperado"); },
    drop: () => { forget(DRAFT); forget(OUTBOX); window.location.assign(`${writing.action}?borrar=1`); },
    send,
  };
  document.querySelectorAll("[data-draft]").forEach((button) => button.addEventListener("click", choices[button.dataset.draft]));
  let pause;
  ["input", "change"].forEach((name) => writing.addEventListener(name, (event) => {
    if (!event.isTrusted) return;
    clearTimeout(pause);
    pause = setTimeout(keep, 300);
  }));
  const signal = () => show("sin-senal", !navigator.onLine && !writing.hidden);
  ["online", "offline"].forEach((name) => window.addEventListener(name, signal));
  signal();
  if (fresh && writing.elements.csrf_token.value && !location.search && !document.getElementById("dejada")) quietly(layBy);
  document.addEventListener("visibilitychange", () => { if (document.hidden && !writing.dataset.sent) quietly(work); });
  if (read("localStorage", OUTBOX) && !navigator.onLine) { writing.hidden = true; show("sin-senal", false); show("en-espera"); }
}
if (document.querySelector("[data-sends]")) {
  window.addEventListener("online", () => { if (!writing || writing.hidden) send(); });
  if (!writing || fresh) send();
}

// What a fold needs comes once it is opened: the receipt costs no journey more.
document.querySelectorAll("[data-loads]").forEach((part) => part.addEventListener("toggle", () => {
  part.append(Object.assign(document.createElement("script"), { src: part.dataset.loads }));
}, { capture: true, once: true }));

(document.getElementById("errores") || (filing && document.getElementById(location.hash.slice(1))))?.focus();
