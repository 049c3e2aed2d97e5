// Asks the browser to keep public/sw.js, which shows a page of ours when the school cannot be reached. Called once the
// page stands: nothing of the first load waits for it.

/** Without HTTPS, and in private windows of some browsers, there is none: the browser's own page is shown then. */
export function serveOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = (): void => void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
