// What is large on this page and what stands in the grid or the strip: shared screens win over pins, pins over «крупно всем», that
// over the active speaker, who is large in speaker mode only (the design's §3.6). Pure.

import type { Layout } from '../protocol/messages';
import type { StageView } from './lesson';

export interface StageInput {
  /** Camera tiles in their order. */
  readonly tiles: readonly string[];
  /** Tile keys of shared screens, the one that began first in front. */
  readonly screens: readonly string[];
  readonly layout: Pick<Layout, 'mode' | 'pins'>;
  /** Keys that the hosts show large to everybody. */
  readonly spotlight: readonly string[];
  /** Whom the active speaker's place belongs to; never oneself. */
  readonly speaker: string | null;
  readonly you: string | null;
}

const MOST_LARGE = 4;
const MOST_SCREENS = 2;

type Large = readonly [readonly string[], NonNullable<StageView['because']>];

/** Before anybody has spoken, and when the speaker has left: whoever comes first, which is the teacher. */
const speakerIn = ({ tiles, speaker, you }: StageInput): string | null =>
  speaker !== null && tiles.includes(speaker) ? speaker : (tiles.find((key) => key !== you) ?? null);

function largeOf(input: StageInput): Large | null {
  const { tiles, screens, layout, spotlight } = input;
  const there = new Set([...tiles, ...screens]);
  const pins = (layout.pins ?? []).filter((key) => there.has(key)).slice(0, MOST_LARGE);
  const lit = spotlight.filter((key) => there.has(key)).slice(0, MOST_LARGE);
  if (screens.length > 0) return [screens.slice(0, MOST_SCREENS), 'screen'];
  if (pins.length > 0) return [pins, 'pin'];
  if (lit.length > 0) return [lit, 'spotlight'];
  const speaker = layout.mode === 'speaker' ? speakerIn(input) : null;
  return speaker === null ? null : [[speaker], 'speaker'];
}

/** In the strip the pinned that are not large come first, then the own tile, then the others in their order. */
export function stageOf(input: StageInput): StageView {
  const large = largeOf(input);
  const everything = [...input.screens, ...input.tiles];
  if (!large) return { mode: 'grid', large: [], others: everything, because: null };
  const [keys, because] = large;
  const first = [...(input.layout.pins ?? []), ...(input.you === null ? [] : [input.you])];
  const rest = new Set(
    [...first, ...everything].filter((key) => everything.includes(key) && !keys.includes(key)),
  );
  return { mode: 'large', large: keys, others: [...rest], because };
}

/** Who holds the speaker's place, and since when. */
export interface Speaker {
  readonly id: string | null;
  readonly since: number;
}

export const nobodySpeaks: Speaker = { id: null, since: -Infinity };

/** A place is held this long, so that a short word does not turn the stage over. */
export const SPEAKER_STAYS_MS = 2_000;

/** `loudest`: who is heard, loudest first. In silence the last speaker stays. */
export function speakerAfter(
  speaker: Speaker,
  loudest: readonly string[],
  you: string | null,
  now: number,
): Speaker {
  const others = loudest.filter((id) => id !== you);
  const [first] = others;
  if (first === undefined || first === speaker.id) return speaker;
  if (speaker.id !== null && others.includes(speaker.id)) return speaker;
  if (speaker.id !== null && now - speaker.since < SPEAKER_STAYS_MS) return speaker;
  return { id: first, since: now };
}
