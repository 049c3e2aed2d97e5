// Who is marked as speaking: the mark appears after 150 ms of voice and stays 600 ms, so that it does not flicker (the design's §6).
// Pure; state/room.ts feeds it with the server's list of voices and asks again when `changesAt` says so.

const VOICE_BEFORE_MARK_MS = 150;
const MARK_STAYS_MS = 600;

interface Voice {
  readonly since: number;
  /** When it fell silent; null while it sounds. */
  readonly until: number | null;
}

export interface Voices {
  readonly loudest: readonly string[];
  readonly of: ReadonlyMap<string, Voice>;
}

export const silence: Voices = { loudest: [], of: new Map() };

const isMarked = ({ since, until }: Voice, now: number): boolean => {
  const sounded = (until ?? now) - since >= VOICE_BEFORE_MARK_MS;
  return sounded && (until === null || now - until < MARK_STAYS_MS);
};

export function hear(voices: Voices, loudest: readonly string[], now: number): Voices {
  const next = new Map<string, Voice>();
  for (const [id, voice] of voices.of) {
    const until = voice.until ?? now;
    if (now - until < MARK_STAYS_MS) next.set(id, { ...voice, until });
  }
  for (const id of loudest) {
    const before = next.get(id);
    next.set(id, { since: before?.since ?? now, until: null });
  }
  return { loudest, of: next };
}

/** Marked people, loudest first, those who have just fallen silent after them. */
export function marked(voices: Voices, now: number): readonly string[] {
  const order = [...voices.loudest, ...[...voices.of.keys()].filter((id) => !voices.loudest.includes(id))];
  return order.filter((id) => {
    const voice = voices.of.get(id);
    return voice !== undefined && isMarked(voice, now);
  });
}

/** The next moment at which `marked` says something else without a new list; null when there is none. */
export function changesAt(voices: Voices, now: number): number | null {
  const moments = [...voices.of.values()].map(({ since, until }) =>
    until === null ? since + VOICE_BEFORE_MARK_MS : until + MARK_STAYS_MS,
  );
  const ahead = moments.filter((moment) => moment > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
