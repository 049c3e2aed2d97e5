// What a host has done to this person's own tracks, read from two cards of the person: what is closed must be off until it is opened;
// what was on and is off without having been asked for from here was cut. Pure; ui/rtc/own-media.ts obeys.

import type { Participant, Rights } from '../protocol/messages';

type Restricted = keyof Rights;

export interface Kept {
  readonly card: Participant;
  /** This page has said what it sends and not been answered: the card may be older than that. */
  readonly unanswered: boolean;
}

export interface Cuts {
  readonly closed: readonly Restricted[];
  /** To be switched off now. */
  readonly off: readonly Restricted[];
}

const RESTRICTED: readonly Restricted[] = ['microphone', 'camera', 'screen'];

/** Microphones are cut by numbered mutes, so that a cut never crosses a press on its way; cards decide the others. */
const CUT_BY_CARD: readonly Restricted[] = ['camera', 'screen'];

export function cutsOf(before: Kept | null, card: Participant): Cuts {
  const closed = RESTRICTED.filter((kind) => card.rights[kind] === 'closed');
  const cut = CUT_BY_CARD.filter(
    (kind) => before?.unanswered === false && before.card.media[kind] === true && card.media[kind] !== true,
  );
  return { closed, off: RESTRICTED.filter((kind) => closed.includes(kind) || cut.includes(kind)) };
}
