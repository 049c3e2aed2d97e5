// Which pictures this page asks the server for: those of the tiles that it shows, with their sizes; before it has
// shown any, the first ones at a usual size, so that pictures are on their way while the page is still being drawn. Pure.

import type { ViewedTrack } from '../protocol/messages';
import type { RoomState } from './room';
import { NOTHING } from './tiles';
import { screenKey, sourcesOf } from './view';

export interface ShownTile {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

const MOST_TRACKS = 64;
const MOST_PIXELS = 8192;
/** Sizes in steps, so that a window that is being resized does not ask for something else with each pixel. */
const STEP = 16;
const FIRST_TILES = 9;
const USUAL_TILE = { width: 640, height: 360 };

const pixels = (size: number): number => Math.min(MOST_PIXELS, Math.max(0, Math.ceil(size / STEP) * STEP));

const firstTiles = (state: RoomState): readonly ShownTile[] =>
  state.order.flatMap((id) => [screenKey(id), id]).map((key) => ({ key, ...USUAL_TILE }));

export function wantedTracks(state: RoomState, shown: readonly ShownTile[] | null): readonly ViewedTrack[] {
  const sources = sourcesOf(state);
  const tiles = shown ?? firstTiles(state);
  const tracks = tiles.flatMap(({ key, width, height }) => {
    const source = sources.get(key) ?? NOTHING;
    return source === NOTHING ? [] : [{ source, width: pixels(width), height: pixels(height) }];
  });
  return tracks.slice(0, shown === null ? FIRST_TILES : MOST_TRACKS);
}
