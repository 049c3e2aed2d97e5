// Keeps the screen of a phone on while a lesson is on it. The browser takes the lock away whenever the page is hidden, so it is
// asked for again when the page comes back.

export interface Lock {
  release(): Promise<void>;
}

/** What a page has for it; `request` is refused on a nearly empty battery. */
export interface Screen {
  request(): Promise<Lock>;
  visible(): boolean;
  /** Returns how to stop listening. */
  onSeen(then: () => void): () => void;
}

/** Returns how to let the screen go dark again. */
export function keepAwake(screen: Screen): () => void {
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  let lock: Lock | null = null;
  const release = (held: Lock | null): void => void held?.release().catch(() => undefined);
  const ask = async (): Promise<void> => {
    if (isOver() || !screen.visible()) return;
    const next = await screen.request().catch(() => null);
    release(lock);
    lock = next;
    if (isOver()) release(next);
  };
  const forget = screen.onSeen(() => void ask());
  void ask();
  return () => {
    over.abort();
    forget();
    release(lock);
  };
}

/** Null where the browser lets every screen go dark. */
export function screenOfPage(): Screen | null {
  if (!('wakeLock' in navigator)) return null;
  return {
    request: () => navigator.wakeLock.request('screen'),
    visible: () => document.visibilityState === 'visible',
    onSeen: (then) => {
      document.addEventListener('visibilitychange', then);
      return () => document.removeEventListener('visibilitychange', then);
    },
  };
}
