// Which pictures this page asks the server for: those of the tiles that it shows, with their sizes; before it has
// shown any, the first ones at a usual size, so that pictures are on their way while the page is still being drawn. Pure.

import type { ViewedTrack } from '../protocol/messages';
import type { RoomState } from './room-state';
import { sparing, type Attention } from './saver';
import { NOTHING } from './tiles';
import { screenKey, sourcesOf } from './view';

export interface ShownTile {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

const FOLLOWED = ['participants', 'you', 'room', 'order', 'pictures', 'camera', 'sharing', 'saver'] as const;
const FOLLOWED_FOR_ONE = ['speaker', 'layout'] as const;
const MOST_TRACKS = 64;
const MOST_PIXELS = 8192;
/** Sizes in steps, so that a window that is being resized does not ask for something else with each pixel. */
const STEP = 16;
const FIRST_TILES = 9;
const USUAL_TILE = { width: 640, height: 360 };

const pixels = (size: number): number => Math.min(MOST_PIXELS, Math.max(0, Math.ceil(size / STEP) * STEP));

const firstTiles = (state: RoomState): readonly ShownTile[] =>
  state.order.flatMap((id) => [screenKey(id), id]).map((key) => ({ key, ...USUAL_TILE }));

const keysOf = (tiles: readonly ShownTile[]): readonly string[] => tiles.map(({ key }) => key);

const attentionOf = (state: RoomState): Attention => ({
  layout: state.layout,
  spotlight: state.room?.spotlight ?? [],
  speaker: state.speaker.id,
  screens: state.sharers.map(screenKey),
});

/** Whether other pictures may be there or asked for than before: they change with people and devices, and with who speaks only for a
 *  person who saves and asks for one. */
export function touchesPictures(before: RoomState, now: RoomState): boolean {
  const fields = now.saver === 'one' ? [...FOLLOWED, ...FOLLOWED_FOR_ONE] : FOLLOWED;
  return fields.some((field) => now[field] !== before[field]);
}

/** `hidden`: nobody looks at this page, so it asks for no pictures; sound comes all the same. */
export function wantedTracks(
  state: RoomState,
  shown: readonly ShownTile[] | null,
  hidden = false,
): readonly ViewedTrack[] {
  if (hidden) return [];
  const sources = sourcesOf(state);
  const all = (shown ?? firstTiles(state)).filter(({ key }) => (sources.get(key) ?? NOTHING) !== NOTHING);
  const spared = new Set(sparing(state.saver, keysOf(all), attentionOf(state)));
  const tracks = all
    .filter(({ key }) => spared.has(key))
    .map(({ key, width, height }) => ({
      source: sources.get(key) ?? NOTHING,
      width: pixels(width),
      height: pixels(height),
    }));
  return tracks.slice(0, shown === null ? FIRST_TILES : MOST_TRACKS);
}
