// Seeks the school's server in a network that swallows everything: small questions over HTTP, each by packets of its own. An attempt
// to open a WebSocket repeats its first packet ever slower, and browsers hold up a page that opens many; neither is so for these.

import { abortedAfter } from './clocks';

const ASK_EVERY_MS = 400;
/** Five under way at most: browsers open six connections to a site. */
const PATIENCE_MS = 2_000;

/** `found` is called once, at the first answer, whatever it says. The returned function ends it. */
export function seekServer(found: () => void): () => void {
  const asking = new Set<AbortController>();
  let over = false;
  const end = (): void => {
    over = true;
    clearInterval(timer);
    for (const question of asking) question.abort();
  };
  const ask = async (): Promise<void> => {
    const question = abortedAfter(PATIENCE_MS);
    asking.add(question);
    try {
      await fetch('/healthz', { method: 'HEAD', cache: 'no-store', signal: question.signal });
      if (over) return;
      end();
      found();
    } catch {
      // Nobody answers: the next question may find somebody.
    } finally {
      asking.delete(question);
    }
  };
  const timer = setInterval(() => void ask(), ASK_EVERY_MS);
  void ask();
  return end;
}
