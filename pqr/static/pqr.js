// What is easier with a script, and works without it: one submit per click, only the fields that matter,
// a word in time about files that are too large.
"use strict";

document.querySelectorAll("form").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelectorAll("button:not([name])").forEach((button) => {
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

document.getElementById("errores")?.focus();
