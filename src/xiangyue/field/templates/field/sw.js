/* Keeps the recorder's own files, so that it opens without signal; records and the day's data never pass through here. */
"use strict";
const BUILD = "{{ build }}";
const CACHE = "xiangyue-recorder-" + BUILD;
const SHELL = "{% url 'field:recorder' %}";
const KEEP = [{% for url in keep %}"{{ url|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    /* all or nothing: half a recorder is none */
    await Promise.all(KEEP.map(async (url) => {
      const answer = await fetch(url, { cache: "reload", credentials: "omit" });
      if (!answer.ok || answer.redirected) throw new Error(url + " " + answer.status);
      await cache.put(url, answer);
    }));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("xiangyue-recorder-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (url.pathname === SHELL) event.respondWith(kept(SHELL, event.request));
    /* the other pages are the server's; without signal the recorder stands in for them */
    else event.respondWith(fetch(event.request).catch(() => kept(SHELL, event.request)));
  } else if (KEEP.includes(url.pathname) && url.pathname !== SHELL) {
    event.respondWith(kept(url.pathname, event.request));
  }
});

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) || fetch(request);
}
