// Shows the school's own page when the school cannot be reached. It keeps that page and nothing else: no answer of the server, no
// page of the client, no person. Every file of a release comes from the server, so a release is never mixed with an older one.
// The build puts the digest of these files in place of DIGEST, which is what makes a browser fetch them anew.

const KEPT = 'offline-DIGEST';
const PAGE = '/offline.html';
const FILES = [PAGE, '/offline.css', '/offline.js', '/icons/bell-192.png'];
/** A proxy says so in front of a school that is not there. */
const GONE = [502, 503, 504];

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: 'reload' })));
  await self.skipWaiting();
}

async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

/** What the school says, or the kept page where it says nothing. */
async function page(request, preload) {
  try {
    const answer = (await preload) ?? (await fetch(request));
    if (!GONE.includes(answer.status)) return answer;
  } catch {
    // Nobody answers: as below.
  }
  return (await caches.match(PAGE)) ?? Response.error();
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode === 'navigate') event.respondWith(page(request, event.preloadResponse));
  else if (FILES.includes(new URL(request.url).pathname)) event.respondWith(part(request));
});
