// The clocks of the browser, as the client uses them: timers for the protocol, ends of patience, and the moment before the page is
// drawn.

import type { Timers } from './protocol/timers';

const DRAWN_WITHIN_MS = 150;

const stopper = (timer: ReturnType<typeof setTimeout>) => () => clearTimeout(timer);
export const TIMERS: Timers = { after: (ms, then) => stopper(setTimeout(then, ms)) };

/** Aborted after so long, or before by whoever holds it. Browsers that are too old for a lesson, and so to be told, lack
 *  `AbortSignal.timeout`; Safari has had `any` for less long still. */
export function abortedAfter(ms: number): AbortController {
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), ms);
  return stopping;
}

/** Before the next frame; soon in a page that nobody sees, which gets no frames, for its sounds go by views, too. */
export function beforePaint(draw: () => void): () => void {
  const frame = requestAnimationFrame(draw);
  const late = setTimeout(draw, DRAWN_WITHIN_MS);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(late);
  };
}
