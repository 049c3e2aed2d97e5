// What a host hears and is told of: a tick for a hand, a knock for the door, each at most every ten seconds.

import type { LessonView } from '../../state/lesson';
import { sound } from '../sounds';
import { Seldom } from './seldom';

const EVERY_MS = 10_000;

/** Call while a component starts: `view` is read as it changes. */
export function soundForHosts(view: () => LessonView): void {
  const tick = new Seldom(EVERY_MS);
  const knock = new Seldom(EVERY_MS);
  let hands = 0;
  let waiting = 0;
  $effect(() => {
    const { host, phase } = view();
    const now = { hands: view().hands.length, waiting: view().waiting.length };
    const more = { hands: now.hands > hands, waiting: now.waiting > waiting };
    ({ hands, waiting } = now);
    if (!host || phase !== 'live') return;
    if (more.waiting && knock.mayAt(performance.now())) void sound('knock');
    else if (more.hands && tick.mayAt(performance.now())) void sound('tick');
  });
}
