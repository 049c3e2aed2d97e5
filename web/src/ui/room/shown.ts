// What is asked of the server for the tiles that are shown, and how many the strip beside a screen holds. Pure.

import type { Size } from '../../state/grid';
import type { TileView } from '../../state/lesson';

export interface Shown {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** Tiles with their sizes in device pixels; one's own pictures come from the own camera and are not asked for. */
export function shownTiles(tiles: readonly TileView[], size: Size, pixelRatio: number): readonly Shown[] {
  return tiles
    .filter((tile) => !tile.mine)
    .map(({ key }) => ({
      key,
      width: Math.round(size.width * pixelRatio),
      height: Math.round(size.height * pixelRatio),
    }));
}

/** How many tiles the strip holds, when its last place says how many more there are. */
export function stripCount(count: number, places: number): number {
  return count <= places ? count : Math.max(0, places - 1);
}
