// Asks whether the school is back, and opens the page that was wanted.

const EVERY_MS = 5000;

async function ask() {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
}

addEventListener('online', () => void ask());
setInterval(() => void ask(), EVERY_MS);
