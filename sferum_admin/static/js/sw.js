// The service worker, served as /sw.js: shows what is pushed and opens what it is about; shows a page of its own when the
// network is away. Of what it was shown it keeps nothing: only that page and its files.
"use strict";

const DEVICES = "/api/v1/me/devices/";
// Written with the addresses of the packed pictures when this file is served (common/browser_files.py).
const ICON = "/static/icons/app-192.png";
const BADGE = "/static/icons/badge-96.png";

// The page without a network and what it needs, under a name that changes with any of them.
const KEPT = "offline-0";
const OFFLINE_PAGE = "/offline/";
const OFFLINE_FILES = [
  "/static/css/offline.css",
  "/static/js/offline.js",
  "/static/js/theme.js",
  "/static/vendor/golos-text-5.3.0/golos-text-cyrillic-wght-normal.woff2",
];

// --- A new version takes over at once: pages load nothing from an older one -------------------------------------------
const keep = async () => {
  const cache = await caches.open(KEPT);
  await cache.addAll([OFFLINE_PAGE, ...OFFLINE_FILES].map((url) => new Request(url, { cache: "reload" })));
  await self.skipWaiting();
};
const begin = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  // The request goes out while the worker is still waking up.
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
};
self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));

// --- Without a network ------------------------------------------------------------------------------------------------
const navigate = async (event) => {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch (error) {
    const page = await caches.match(OFFLINE_PAGE, { cacheName: KEPT });
    if (page) return page;
    throw error;
  }
};
const file = async (request) => (await caches.match(request.url, { cacheName: KEPT })) || fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(navigate(event));
  else if (OFFLINE_FILES.includes(new URL(request.url).pathname)) event.respondWith(file(request));
});

// --- Showing ---------------------------------------------------------------------------------------------------------
const read = (event) => {
  try {
    return event.data.json();
  } catch {
    return {}; // not ours, or empty: browsers insist that something is shown
  }
};

// An address of this site, whatever was sent.
const own = (address) => {
  const url = new URL(address || "/", self.location.origin);
  return url.origin === self.location.origin ? url : new URL("/", self.location.origin);
};

const openWindows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

const show = async (note) => {
  const url = own(note.url);
  const windows = await openWindows();
  const isRead = windows.some((client) => client.focused && new URL(client.url).pathname === url.pathname);
  await self.registration.showNotification(note.title || self.location.hostname, {
    body: note.body || "",
    tag: note.tag || "",
    // A newer one under the same tag takes the place of the old and is heard again.
    renotify: Boolean(note.tag) && !isRead,
    // Whoever looks at the very page needs no sound.
    silent: isRead,
    icon: ICON,
    badge: BADGE,
    data: { url: url.href },
  });
};

self.addEventListener("push", (event) => event.waitUntil(show(read(event))));

// --- Opening ---------------------------------------------------------------------------------------------------------
const open = async (url) => {
  const windows = await openWindows();
  const there = windows.find((client) => client.url === url.href)
    || windows.find((client) => new URL(client.url).pathname === url.pathname);
  if (!there) return self.clients.openWindow(url.href);
  await there.focus();
  return there.url === url.href ? there : there.navigate(url.href);
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(own(event.notification.data?.url)));
});

// --- The browser has changed the subscription ------------------------------------------------------------------------
const renew = async (event) => {
  const answer = await fetch(`${DEVICES}push-key/`, { credentials: "same-origin" });
  if (!answer.ok) return; // signed out: there is nobody to show anything to
  const { public_key: key, csrf_token: token } = await answer.json();
  const subscription = event.newSubscription
    || await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await fetch(DEVICES, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(subscription),
  });
};

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
