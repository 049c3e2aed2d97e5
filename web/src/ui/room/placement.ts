// Where each tile stands on the stage, in pixels: the grid, a shared screen with its strip, or one person alone. All
// layouts place the same elements, so a picture never has to start anew because the layout changed. Pure.

import { aspectOf, GAP, gridOf, type Size } from '../../state/grid';
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
const PHONE_WIDTH = 640;
const LOW_HEIGHT = 480;
const PHONE_PLACES = 6;
const REST_HEIGHT = 72;
/** A tile under a screen on a phone is at most so much taller than wide. */
const TALLEST = 4 / 3;

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
  if (!grid) return { places: new Map(), columns: 1, rest: null };
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

function placeBeside(screen: TileView, tiles: readonly TileView[], stage: Size, viewport: Size): Placement {
  const width = viewport.height <= LOW_HEIGHT ? 150 : 184;
  const height = Math.round((width * 9) / 16);
  const shown = tiles.slice(0, stripCount(tiles.length, Math.floor((stage.height + GAP) / (height + GAP))));
  const left = stage.width - width;
  const top = (index: number): number => index * (height + GAP);
  const places = keys(shown).map((key, index): [string, Place] => [
    key,
    { left, top: top(index), width, height },
  ]);
  const main = { left: 0, top: 0, width: left - GAP, height: stage.height };
  const count = tiles.length - shown.length;
  const place = { left, top: top(shown.length), width, height: Math.min(height, REST_HEIGHT) };
  return {
    places: new Map([[screen.key, main], ...places]),
    columns: 1,
    rest: count > 0 ? { place, count } : null,
  };
}

function placeUnder(screen: TileView, tiles: readonly TileView[], stage: Size): Placement {
  const main = { left: 0, top: 0, width: stage.width, height: Math.round((stage.width * 9) / 16) };
  const shown = tiles.slice(0, stripCount(tiles.length, PHONE_PLACES));
  const rows = Math.ceil(Math.min(tiles.length, PHONE_PLACES) / 2);
  const width = (stage.width - GAP) / 2;
  const under = stage.height - main.height - GAP;
  const height = Math.max(0, Math.min(width * TALLEST, (under - (rows - 1) * GAP) / rows));
  const cell = (index: number): Place => ({
    left: (index % 2) * (width + GAP),
    top: main.height + GAP + Math.floor(index / 2) * (height + GAP),
    width,
    height,
  });
  const places = keys(shown).map((key, index): [string, Place] => [key, cell(index)]);
  const count = tiles.length - shown.length;
  const rest = count > 0 ? { place: cell(shown.length), count } : null;
  return { places: new Map([[screen.key, main], ...places]), columns: 2, rest };
}

/** A shared screen large, people in a strip beside it; under it on a phone held upright. */
export function placeShare(
  screen: TileView,
  tiles: readonly TileView[],
  stage: Size,
  viewport: Size,
): Placement {
  const upright = viewport.width <= PHONE_WIDTH && viewport.height > LOW_HEIGHT;
  return upright ? placeUnder(screen, tiles, stage) : placeBeside(screen, tiles, stage, viewport);
}

/** The own tile while nobody else is there, with room for words beside it (below it on a phone). */
export function placeAlone(tile: TileView, stage: Size, viewport: Size): Placement {
  const upright = viewport.width <= PHONE_WIDTH;
  const width = upright ? stage.width : Math.min(stage.width * 0.58, (stage.height * 16) / 9);
  const height = Math.min(stage.height * (upright ? 0.5 : 1), upright ? (width * 3) / 4 : (width * 9) / 16);
  const top = upright ? Math.max(0, (stage.height * 0.6 - height) / 2) : (stage.height - height) / 2;
  return { places: new Map([[tile.key, { left: 0, top, width, height }]]), columns: 1, rest: null };
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
