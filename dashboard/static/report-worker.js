/* Lets the report page open without a line: the page and its files as they last came, nothing else is kept. */
"use strict";

const KEPT = "gridguard-report";
const PAGE = "/report";
const FILES = "/assets/gridguard/";
const PATIENCE_MS = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", function (event) {
  if (event.data && event.data.keep) { event.waitUntil(keep(event.data.keep)); }
});

self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) { return; }
  if (event.request.mode === "navigate" && address.pathname === PAGE) { event.respondWith(page(event.request)); }
  else if (address.pathname.startsWith(FILES)) { event.respondWith(file(event.request)); }
});

/* The page from the server; as it last came when the line is away or takes too long. */
async function page(request) {
  const kept = await caches.open(KEPT);
  const asked = fetch(request).then(async function (answer) {
    if (answer.ok) { await kept.put(PAGE, answer.clone()); }
    if (answer.type === "opaqueredirect") { await kept.delete(PAGE); }  // signed out
    return answer;
  });
  asked.catch(() => undefined);
  const late = new Promise((_done, failed) => setTimeout(() => failed(new Error("late")), PATIENCE_MS));
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    return (await kept.match(PAGE)) || asked;
  }
}

/* A file's address holds its version: what is kept under it is right for ever. */
async function file(request) {
  const kept = await caches.open(KEPT);
  return (await kept.match(request)) || fetch(request);
}

async function keep(addresses) {
  const kept = await caches.open(KEPT);
  const wanted = new Set([PAGE, ...addresses]);
  for (const request of await kept.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) { await kept.delete(request); }
  }
  for (const address of wanted) {
    if (await kept.match(address)) { continue; }
    const answer = await fetch(address);
    if (answer.ok && !answer.redirected) { await kept.put(address, answer); }
  }
}
