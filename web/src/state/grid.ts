// How large the tiles of a stage are: the algorithm of the design's §3.3, pure. The page's grid calls it with the
// measured stage and asks nothing else; it knows no elements and no people.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Allowed width / height of a tile. */
export interface Aspect {
  readonly least: number;
  readonly most: number;
}

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly tile: Size;
}

export const GAP = 8;
const WIDE: Aspect = { least: 16 / 9, most: 16 / 9 };
const TABLET: Aspect = { least: 4 / 3, most: 16 / 9 };
const UPRIGHT: Aspect = { least: 3 / 4, most: 4 / 3 };
const TABLET_WIDTH = 1100;
/** Of a telephone that is held upright, at most. */
export const PHONE_WIDTH = 640;
const SIDE_PHONE: Size = { width: 560, height: 480 };
/** A layout with more columns has to be larger by this much: equal areas take fewer columns. */
const WORTH_A_COLUMN = 1.02;

const isSidePhone = (viewport: Size): boolean =>
  viewport.height <= SIDE_PHONE.height && viewport.width >= SIDE_PHONE.width;

export function aspectOf(viewport: Size): Aspect {
  if (isSidePhone(viewport)) return WIDE;
  if (viewport.width <= PHONE_WIDTH) return UPRIGHT;
  return viewport.width <= TABLET_WIDTH ? TABLET : WIDE;
}

/** Tiles on one page of a weak device or link. */
export const FEW_TILES = 4;

/** Tiles on one page: 9, 6 on a phone held upright, 4 on a weak device or link. */
export function capOf(viewport: Size, weak: boolean): number {
  if (weak) return FEW_TILES;
  return viewport.width <= PHONE_WIDTH && !isSidePhone(viewport) ? 6 : 9;
}

function clamp(cell: Size, aspect: Aspect): Size {
  const shape = cell.width / cell.height;
  if (shape > aspect.most) return { width: cell.height * aspect.most, height: cell.height };
  if (shape < aspect.least) return { width: cell.width, height: cell.width / aspect.least };
  return cell;
}

/** The grid in which `count` tiles are largest on the stage; null where there is nothing to place or no room. */
export function gridOf(stage: Size, count: number, aspect: Aspect): Grid | null {
  let best: Grid | null = null;
  let bestArea = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = {
      width: (stage.width - (columns - 1) * GAP) / columns,
      height: (stage.height - (rows - 1) * GAP) / rows,
    };
    if (cell.width <= 0 || cell.height <= 0) continue;
    const tile = clamp(cell, aspect);
    const area = tile.width * tile.height;
    if (area > bestArea * WORTH_A_COLUMN) {
      best = { columns, rows, tile };
      bestArea = area;
    }
  }
  return (
    best && { ...best, tile: { width: Math.floor(best.tile.width), height: Math.floor(best.tile.height) } }
  );
}
