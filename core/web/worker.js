// Says that something waits, and shows a page when there is no connection. It keeps files of the program alone, the same for everybody,
// and nothing that a member sees. What stands above is written by the site: what the files are called now.
"use strict";
const kept = "musubi-" + look, page = "/offline", files = [page, style, "/logo.svg"];

self.addEventListener("install", event => event.waitUntil(
  caches.open(kept)
    .then(cache => cache.addAll(files.map(file => new Request(file, { credentials: "omit", cache: "reload" }))))
    .then(() => self.skipWaiting())));

self.addEventListener("activate", event => event.waitUntil(
  caches.keys()
    .then(names => Promise.all(names.filter(name => name !== kept).map(name => caches.delete(name))))
    .then(() => self.clients.claim())));

self.addEventListener("fetch", event => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(page)));
  } else if (files.includes(asked.pathname + asked.search)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});

self.addEventListener("push", event => {
  let lines = [];
  try { lines = event.data.json().lines; } catch { /* a message without a text */ }
  event.waitUntil(self.registration.showNotification(lines[0] || "musubi", {
    body: lines.slice(1).join("\n"), tag: "notices", renotify: true, icon: "/icon/192.png", badge: "/icon/192.png",
  }));
});

self.addEventListener("notificationclick", event => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(windows => {
    for (const one of windows) if (new URL(one.url).pathname === "/notices") return one.focus();
    return self.clients.openWindow("/notices");
  }));
});
