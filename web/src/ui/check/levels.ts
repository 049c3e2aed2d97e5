// What the microphone's level says in bars and words. Pure.

export const BARS = 24;
/** Below this share of the scale nobody understands a word. */
const HEARD = 0.2;

export const barsOf = (level: number): number => Math.round(Math.min(1, Math.max(0, level)) * BARS);

/** A voice has pauses: words stay "heard" for so long after the last sound. */
export const HEARD_STAYS_MS = 4000;

export const isHeard = (level: number): boolean => level >= HEARD;
