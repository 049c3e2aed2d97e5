// A short word about the line at the device check: how long the school takes to answer a few small questions. Not the check-up, which
// sends media; only a hint whether that is worth while.

import { abortedAfter } from '../../clocks';

export type LineHint = 'measuring' | 'good' | 'weak' | 'none';

const QUESTIONS = 4;
const PAUSE_MS = 150;
/** An answer later than this is none. */
const PATIENCE_MS = 3_000;
/** Above it talking begins to stumble. */
const GOOD_MS = 250;

/** The first question opens the connection, so the quickest of all answers is what the line is worth; null: no answer. */
export function hintOf(tookMs: readonly (number | null)[]): LineHint {
  const answers = tookMs.filter((took) => took !== null);
  if (answers.length === 0) return 'none';
  return answers.length === tookMs.length && Math.min(...answers) <= GOOD_MS ? 'good' : 'weak';
}

async function ask(signal: AbortSignal): Promise<number | null> {
  const started = performance.now();
  try {
    const within = abortedAfter(PATIENCE_MS);
    signal.addEventListener('abort', () => within.abort(), { once: true });
    const answer = await fetch('/healthz', { cache: 'no-store', signal: within.signal });
    await answer.arrayBuffer();
    // A school that waits for its media answers, too, by itself; a proxy that answers for a school that does not sends a page.
    const isOwn = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    return isOwn ? performance.now() - started : null;
  } catch {
    return null;
  }
}

/** Told once, unless the returned function is called before. */
export function measureLine(onHint: (hint: LineHint) => void): () => void {
  const stopping = new AbortController();
  void (async () => {
    const took: (number | null)[] = [];
    for (let question = 0; question < QUESTIONS && !stopping.signal.aborted; question += 1) {
      took.push(await ask(stopping.signal));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    if (!stopping.signal.aborted) onHint(hintOf(took));
  })();
  return () => stopping.abort();
}
