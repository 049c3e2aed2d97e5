import { describe, expect, it } from 'vitest';
import { placeAlone, placeGrid, placeLarge, shownTiles, type Place, type Placement } from './placement';
import { people, person, tile } from './room.fake';

const sharer = person('sharer');
const screen = tile(sharer, { kind: 'screen' });
const second = tile(person('second'), { kind: 'screen' });
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

describe('large tiles', () => {
  it('stand beside a strip, whose last place says how many more there are', () => {
    const placement = placeLarge({ large: [screen], others: people(13) }, deskStage, desk);
    expect(placement.places.get('sharer:screen')).toEqual({ left: 0, top: 0, width: 1150, height: 632 });
    expect(placement.places.size).toBe(1 + 4);
    expect(placement.rest?.count).toBe(9);
    expectApart(placement, deskStage);
  });

  it('show everybody where the strip has room', () => {
    expect(placeLarge({ large: [screen], others: people(5) }, deskStage, desk).rest).toBeNull();
  });

  it('take the whole stage where nobody else is to be shown', () => {
    const { places } = placeLarge({ large: [screen], others: [] }, deskStage, desk);
    expect(places.get('sharer:screen')).toEqual({ left: 0, top: 0, ...deskStage });
  });

  it('are two above each other on a stage that is nearly square, side by side on a wide one', () => {
    const large = [screen, second];
    const square = placeLarge({ large, others: people(3) }, { width: 994, height: 900 }, desk).places;
    expect(square.get('second:screen')?.left).toBe(0);
    const wide = placeLarge({ large, others: people(3) }, { width: 1342, height: 420 }, desk).places;
    expect(wide.get('second:screen')?.top).toBe(0);
    expectApart(placeLarge({ large, others: people(9) }, deskStage, desk), deskStage);
  });

  it.each([1, 2, 3, 4])('are up to four pinned people, apart and whole (%i)', (count) => {
    const all = people(9);
    const placement = placeLarge({ large: all.slice(0, count), others: all.slice(count) }, deskStage, desk);
    expectApart(placement, deskStage);
  });

  it('are screens above two columns of people on a phone', () => {
    const placement = placeLarge({ large: [screen], others: people(13) }, phoneStage, phone);
    expect(placement.places.get('sharer:screen')).toEqual({ left: 0, top: 0, width: 344, height: 194 });
    expect(placement.rest?.count).toBe(8);
    expectApart(placement, phoneStage);
    expectApart(placeLarge({ large: [screen, second], others: people(13) }, phoneStage, phone), phoneStage);
  });

  it('are a speaker above a low strip on a phone', () => {
    const [speaker, ...others] = people(13);
    const placement = placeLarge({ large: speaker ? [speaker] : [], others }, phoneStage, phone);
    expect(placement.places.get('p0')).toEqual({ left: 0, top: 0, width: 344, height: 528 });
    expect(placement.places.get('p1')?.height).toBe(108);
    expect(placement.rest?.count).toBe(10);
    expectApart(placement, phoneStage);
  });
});

describe('alone', () => {
  it('leaves room for words beside the own tile', () => {
    const own = placeAlone([tile(person('me'))], deskStage, desk).places.get('me');
    expect(own && own.left + own.width).toBeLessThan(deskStage.width * 0.6);
  });
});

describe('what is asked of the server', () => {
  it('is what is placed, in device pixels, without one’s own', () => {
    const tiles = [tile(person('artyom')), tile(person('me'), { mine: true }), tile(person('elsewhere'))];
    const places = new Map([
      ['artyom', { left: 0, top: 0, width: 442, height: 248 }],
      ['me', { left: 450, top: 0, width: 442, height: 248 }],
    ]);
    expect(shownTiles(tiles, { places, columns: 2, rest: null }, 1.5)).toEqual([
      { key: 'artyom', width: 663, height: 372 },
    ]);
  });
});
