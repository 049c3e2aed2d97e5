// What of a room is on the stage of this page: a page of the grid, or large tiles with their strip. The state decides
// what is large; this page only turns pages and may look at the grid for a while. Pure; Room.svelte asks.

import { capOf, type Size } from '../../state/grid';
import type { LessonView, TileView } from '../../state/lesson';
import { pagesOf } from '../../state/order';
import { placeAlone, placeGrid, placeLarge, type Placement } from './placement';

/** What the page's person asked for: the grid in place of large tiles, and which page of it. */
export interface Asked {
  readonly grid: boolean;
  readonly page: number;
}

export interface StagePage {
  readonly tiles: readonly TileView[];
  readonly large: ReadonlySet<string>;
  readonly page: number;
  readonly pages: number;
  /** Nobody else is here: words stand beside the own tile. */
  readonly alone: boolean;
  readonly place: (stage: Size, viewport: Size) => Placement;
}

type Shown = Pick<LessonView, 'tiles' | 'screens' | 'stage' | 'host' | 'people' | 'fewTiles'>;

const nobodyElse = ({ host, people, screens }: Shown): boolean =>
  host && screens.length === 0 && people.filter(({ role }) => role !== 'observer').length <= 1;

function alonePage(tiles: readonly TileView[]): StagePage {
  const place = (stage: Size, around: Size): Placement => placeAlone(tiles, stage, around);
  return { tiles, large: new Set(), page: 0, pages: 1, alone: true, place };
}

export function stagePage(view: Shown, asked: Asked, viewport: Size): StagePage {
  const all = new Map([...view.screens, ...view.tiles].map((tile) => [tile.key, tile]));
  const named = (keys: readonly string[]): readonly TileView[] => keys.flatMap((key) => all.get(key) ?? []);
  const large = view.stage.mode === 'large' ? named(view.stage.large) : [];
  const others = named(view.stage.others);
  if (nobodyElse(view)) return alonePage([...large, ...others]);
  if (large.length > 0 && !asked.grid) {
    return {
      tiles: [...large, ...others],
      large: new Set(large.map(({ key }) => key)),
      page: 0,
      pages: 1,
      alone: false,
      place: (stage, around) => placeLarge({ large, others }, stage, around),
    };
  }
  const cap = capOf(viewport, view.fewTiles);
  const pages = pagesOf([...large, ...others], cap);
  const page = Math.min(asked.page, Math.max(0, pages.length - 1));
  const tiles = pages[page] ?? [];
  const book = { count: pages.length, fill: cap };
  return {
    tiles,
    large: new Set(),
    page,
    pages: pages.length,
    alone: false,
    place: (stage, around) => placeGrid(tiles, stage, around, book),
  };
}
