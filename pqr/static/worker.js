// Opens the form without a signal. It keeps nothing: `pqr.js` lays by an empty copy of the form with its style and its
// script, and whatever names somebody is always asked of the service.
"use strict";

const home = new URL("./", self.location), form = new URL("radicar", home), files = new URL("static/", home);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && [form.pathname, home.pathname].includes(url.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(form)) || Response.error()));
  } else if (url.href.startsWith(files.href)) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
