import { describe, expect, it } from 'vitest';
import type { TileView } from '../../state/lesson';
import { placeAlone, placeGrid, placeShare, shownTiles, type Place, type Placement } from './placement';

const tile = (key: string, change: Partial<TileView> = {}): TileView => ({
  key,
  mine: false,
  kind: 'camera',
  picture: false,
  speaking: false,
  lost: false,
  canMute: false,
  canRemove: false,
  participant: {
    id: key,
    name: key,
    short_name: key,
    initials: key,
    role: 'pupil',
    verified: false,
    office: null,
    sources: {},
    media: {},
    mute: 0,
    link: 'here',
  },
  ...change,
});

const people = (count: number): TileView[] => Array.from({ length: count }, (_, index) => tile(`p${index}`));
const screen = tile('p0:screen', { kind: 'screen' });
const desk = { width: 1366, height: 768 };
const deskStage = { width: 1342, height: 632 };
const phone = { width: 360, height: 780 };
const phoneStage = { width: 344, height: 644 };
const onePage = { count: 1, fill: 9 };

function expectApart(placement: Placement, stage: { width: number; height: number }): void {
  const places = [...placement.places.values()];
  const apart = (a: Place, b: Place): boolean =>
    a.left + a.width <= b.left ||
    b.left + b.width <= a.left ||
    a.top + a.height <= b.top ||
    b.top + b.height <= a.top;
  for (const place of places) {
    expect(place.left).toBeGreaterThanOrEqual(0);
    expect(place.top).toBeGreaterThanOrEqual(0);
    expect(place.left + place.width).toBeLessThanOrEqual(stage.width + 0.01);
    expect(place.top + place.height).toBeLessThanOrEqual(stage.height + 0.01);
    for (const other of places) if (other !== place) expect(apart(place, other)).toBe(true);
  }
}

describe('the grid on the stage', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('places %i tiles apart and whole', (count) => {
    const placement = placeGrid(people(count), deskStage, desk, onePage);
    expect(placement.places.size).toBe(count);
    expectApart(placement, deskStage);
  });

  it('centres the last row', () => {
    const { places } = placeGrid(people(3), deskStage, desk, onePage);
    const third = places.get('p2');
    expect(third && third.left + third.width / 2).toBe(deskStage.width / 2);
  });

  it('keeps the tile size of a full page on the last page', () => {
    const full = placeGrid(people(9), deskStage, desk, { count: 2, fill: 9 }).places.get('p0');
    const last = placeGrid(people(2), deskStage, desk, { count: 2, fill: 9 }).places.get('p0');
    expect(last?.width).toBe(full?.width);
  });

  it('places nothing on a stage that is not measured yet', () => {
    expect(placeGrid(people(3), { width: 0, height: 0 }, desk, onePage).places.size).toBe(0);
  });
});

describe('a shared screen', () => {
  it('stands beside a strip, whose last place says how many more there are', () => {
    const placement = placeShare(screen, people(13), deskStage, desk);
    expect(placement.places.get('p0:screen')).toEqual({ left: 0, top: 0, width: 1150, height: 632 });
    expect(placement.places.size).toBe(1 + 4);
    expect(placement.rest?.count).toBe(9);
    expectApart(placement, deskStage);
  });

  it('shows everybody where the strip has room', () => {
    expect(placeShare(screen, people(5), deskStage, desk).rest).toBeNull();
  });

  it('stands above two columns on a phone', () => {
    const placement = placeShare(screen, people(13), phoneStage, phone);
    expect(placement.places.get('p0:screen')).toEqual({ left: 0, top: 0, width: 344, height: 194 });
    expect(placement.rest?.count).toBe(8);
    expectApart(placement, phoneStage);
  });
});

describe('alone', () => {
  it('leaves room for words beside the own tile', () => {
    const own = placeAlone(tile('me'), deskStage, desk).places.get('me');
    expect(own && own.left + own.width).toBeLessThan(deskStage.width * 0.6);
  });
});

describe('what is asked of the server', () => {
  it('is what is placed, in device pixels, without one’s own', () => {
    const tiles = [tile('artyom'), tile('me', { mine: true }), tile('elsewhere')];
    const places = new Map([
      ['artyom', { left: 0, top: 0, width: 442, height: 248 }],
      ['me', { left: 450, top: 0, width: 442, height: 248 }],
    ]);
    expect(shownTiles(tiles, { places, columns: 2, rest: null }, 1.5)).toEqual([
      { key: 'artyom', width: 663, height: 372 },
    ]);
  });
});
