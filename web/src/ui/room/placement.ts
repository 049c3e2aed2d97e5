// Where each tile stands on the stage, in pixels: the grid, large tiles with a strip, or one person alone. All
// layouts place the same elements, so a picture never has to start anew because the layout changed. Pure.

import { aspectOf, GAP, gridOf, PHONE_WIDTH, type Size } from '../../state/grid';
import type { TileView } from '../../state/lesson';

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Placement {
  readonly places: ReadonlyMap<string, Place>;
  /** Tiles beside each other, for the arrow keys. */
  readonly columns: number;
  /** Where «ещё 18» stands, and how many it means. */
  readonly rest: { readonly place: Place; readonly count: number } | null;
}

export interface Shown {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** Room of the page arrows at both sides of the stage. */
const TURN = 52;
const LOW_HEIGHT = 480;
const PHONE_PLACES = 6;
const REST_HEIGHT = 72;
/** A tile under a screen on a phone is at most so much taller than wide. */
const TALLEST = 4 / 3;
const WIDE = 16 / 9;
/** Two screens leave at least a third of a phone to the people. */
const MOST_FOR_SCREENS = 0.66;
const PHONE_STRIP: Size = { width: 132, height: 108 };
const REST_WIDTH = 64;
const NOTHING_PLACED: Placement = { places: new Map(), columns: 1, rest: null };

const keys = (tiles: readonly TileView[]): readonly string[] => tiles.map(({ key }) => key);

/** Rows of equal tiles, each row centred, the whole centred on the stage. */
export function placeGrid(
  tiles: readonly TileView[],
  stage: Size,
  viewport: Size,
  pages: { readonly count: number; readonly fill: number },
): Placement {
  const turns = pages.count > 1 && viewport.width > PHONE_WIDTH ? TURN : 0;
  const room = { width: stage.width - 2 * turns, height: stage.height };
  const grid = gridOf(room, pages.count > 1 ? pages.fill : tiles.length, aspectOf(viewport));
  if (!grid) return NOTHING_PLACED;
  const { columns, tile } = grid;
  const rows = Math.ceil(tiles.length / columns);
  const top = (stage.height - rows * tile.height - (rows - 1) * GAP) / 2;
  const places = keys(tiles).map((key, index): [string, Place] => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, tiles.length - row * columns);
    const left = (stage.width - inRow * tile.width - (inRow - 1) * GAP) / 2;
    const column = index - row * columns;
    return [key, { ...tile, left: left + column * (tile.width + GAP), top: top + row * (tile.height + GAP) }];
  });
  return { places: new Map(places), columns, rest: null };
}

/** How many tiles a strip shows, when its last place says how many more there are. */
const stripCount = (count: number, places: number): number =>
  count <= places ? count : Math.max(0, places - 1);

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Large tiles fill their area, beside or above each other: whatever leaves more of a 16:9 picture. */
function fill(tiles: readonly TileView[], area: Area): [string, Place][] {
  const count = tiles.length;
  const cellOf = (columns: number): Size => {
    const rows = Math.ceil(count / columns);
    return {
      width: (area.width - (columns - 1) * GAP) / columns,
      height: (area.height - (rows - 1) * GAP) / rows,
    };
  };
  const seen = ({ width, height }: Size): number => Math.min(width, height * WIDE) ** 2;
  let columns = 1;
  for (let more = 2; more <= count; more += 1) if (seen(cellOf(more)) > seen(cellOf(columns))) columns = more;
  const cell = cellOf(columns);
  return keys(tiles).map((key, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const indent = ((columns - inRow) * (cell.width + GAP)) / 2;
    const left = area.left + indent + (index - row * columns) * (cell.width + GAP);
    return [key, { ...cell, left, top: area.top + row * (cell.height + GAP) }];
  });
}

/** A strip of `places` cells, the last of which says how many more there are. */
function strip(
  tiles: readonly TileView[],
  places: number,
  cell: (index: number) => Place,
): { readonly placed: [string, Place][]; readonly rest: Placement['rest'] } {
  const shown = stripCount(tiles.length, places);
  const count = tiles.length - shown;
  return {
    placed: keys(tiles.slice(0, shown)).map((key, index) => [key, cell(index)]),
    rest: count > 0 ? { place: cell(shown), count } : null,
  };
}

function placeBeside({ large, others }: LargeTiles, stage: Size, viewport: Size): Placement {
  const width = viewport.height <= LOW_HEIGHT ? 150 : 184;
  const height = Math.round(width / WIDE);
  const left = stage.width - width;
  const cell = (index: number): Place => ({ left, top: index * (height + GAP), width, height });
  const { placed, rest } = strip(others, Math.floor((stage.height + GAP) / (height + GAP)), cell);
  const area = { left: 0, top: 0, width: left - GAP, height: stage.height };
  const low = rest && { ...rest, place: { ...rest.place, height: Math.min(height, REST_HEIGHT) } };
  return { places: new Map([...fill(large, area), ...placed]), columns: 1, rest: low };
}

/** A phone held upright: screens at the top in their own shape, people in two columns under them. */
function placeUnder({ large, others }: LargeTiles, stage: Size): Placement {
  const each = Math.min(Math.round(stage.width / WIDE), (stage.height * MOST_FOR_SCREENS) / large.length);
  const top = large.length * (each + GAP);
  const places = Math.min(others.length, PHONE_PLACES);
  const rows = Math.max(1, Math.ceil(places / 2));
  const width = (stage.width - GAP) / 2;
  const height = Math.max(0, Math.min(width * TALLEST, (stage.height - top - (rows - 1) * GAP) / rows));
  const cell = (index: number): Place => ({
    left: (index % 2) * (width + GAP),
    top: top + Math.floor(index / 2) * (height + GAP),
    width,
    height,
  });
  const { placed, rest } = strip(others, PHONE_PLACES, cell);
  const main = keys(large).map((key, index): [string, Place] => [
    key,
    { left: 0, top: index * (each + GAP), width: stage.width, height: each },
  ]);
  return { places: new Map([...main, ...placed]), columns: 2, rest };
}

/** A phone held upright: people fill the stage above a low strip. */
function placeAbove({ large, others }: LargeTiles, stage: Size): Placement {
  const { width, height } = PHONE_STRIP;
  const top = stage.height - height;
  const cell = (index: number): Place => ({ left: index * (width + GAP), top, width, height });
  const whole = Math.floor((stage.width + GAP) / (width + GAP));
  const besideRest = Math.floor((stage.width - REST_WIDTH) / (width + GAP));
  const places = others.length <= whole ? whole : besideRest + 1;
  const { placed, rest } = strip(others, places, cell);
  const area = { left: 0, top: 0, width: stage.width, height: top - GAP };
  const narrow = rest && { ...rest, place: { ...rest.place, width: stage.width - rest.place.left } };
  return { places: new Map([...fill(large, area), ...placed]), columns: 1, rest: narrow };
}

export interface LargeTiles {
  readonly large: readonly TileView[];
  readonly others: readonly TileView[];
}

/** Large tiles with a strip of the others: beside them, on a phone held upright under them. */
export function placeLarge(tiles: LargeTiles, stage: Size, viewport: Size): Placement {
  if (stage.width === 0) return NOTHING_PLACED;
  const whole = { left: 0, top: 0, ...stage };
  if (viewport.width > PHONE_WIDTH) {
    return tiles.others.length > 0
      ? placeBeside(tiles, stage, viewport)
      : { places: new Map(fill(tiles.large, whole)), columns: 1, rest: null };
  }
  if (tiles.large.every(({ kind }) => kind === 'screen')) return placeUnder(tiles, stage);
  return tiles.others.length > 0
    ? placeAbove(tiles, stage)
    : { places: new Map(fill(tiles.large, whole)), columns: 1, rest: null };
}

/** The own tile while nobody else is there, with room for words beside it (below it on a phone). */
export function placeAlone(tiles: readonly TileView[], stage: Size, viewport: Size): Placement {
  const upright = viewport.width <= PHONE_WIDTH;
  const width = upright ? stage.width : Math.min(stage.width * 0.58, stage.height * WIDE);
  const height = Math.min(stage.height * (upright ? 0.5 : 1), upright ? (width * 3) / 4 : width / WIDE);
  const top = upright ? Math.max(0, (stage.height * 0.6 - height) / 2) : (stage.height - height) / 2;
  const own = keys(tiles.slice(0, 1)).map((key): [string, Place] => [key, { left: 0, top, width, height }]);
  return { places: new Map(own), columns: 1, rest: null };
}

/** What is asked of the server: sizes in device pixels; one's own pictures come from the own camera. */
export function shownTiles(
  tiles: readonly TileView[],
  placement: Placement,
  pixelRatio: number,
): readonly Shown[] {
  return tiles.flatMap(({ key, mine }) => {
    const place = placement.places.get(key);
    if (mine || !place) return [];
    return [
      { key, width: Math.round(place.width * pixelRatio), height: Math.round(place.height * pixelRatio) },
    ];
  });
}
