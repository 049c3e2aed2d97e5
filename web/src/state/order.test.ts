import { describe, expect, it } from 'vitest';
import { orderOf, pagesOf, patchedOrder } from './order';
import { person } from '../protocol/messages.fake';

const people = [
  person('artyom'),
  person('vera'),
  person('director', { role: 'observer' }),
  person('teacher', { role: 'teacher' }),
  person('yegor'),
  person('zoya'),
];
const silent = new Map<string, number>();

describe('the order of tiles', () => {
  it('begins with the teacher, follows the roster and ends with oneself; observers have no tile', () => {
    expect(orderOf({ people, you: 'artyom', heardAt: silent, now: 0 })).toEqual([
      'teacher',
      'vera',
      'yegor',
      'zoya',
      'artyom',
    ]);
  });

  it('puts who spoke in the last minute before the others, in the order of the roster', () => {
    const heardAt = new Map([
      ['zoya', 50_000],
      ['yegor', 10_000],
      ['vera', -10_001],
    ]);
    expect(orderOf({ people, you: null, heardAt, now: 60_000 })).toEqual([
      'teacher',
      'yegor',
      'zoya',
      'artyom',
      'vera',
    ]);
  });

  it('puts raised hands after the teacher in their order, before whoever spoke', () => {
    const raised = people.map((one) => {
      const hand = { yegor: 20, vera: 30 }[one.id] ?? null;
      return { ...one, hand };
    });
    expect(orderOf({ people: raised, you: null, heardAt: new Map([['zoya', 0]]), now: 1 })).toEqual([
      'teacher',
      'yegor',
      'vera',
      'zoya',
      'artyom',
    ]);
  });

  it('leaves oneself last although the own hand is up', () => {
    const raised = people.map((one) => (one.id === 'artyom' ? { ...one, hand: 1 } : one));
    expect(orderOf({ people: raised, you: 'artyom', heardAt: silent, now: 0 }).at(-1)).toBe('artyom');
  });

  it('shows the teacher himself first, also beside another teacher', () => {
    const both = [...people, person('second', { role: 'teacher' })];
    expect(orderOf({ people: both, you: 'second', heardAt: silent, now: 0 }).slice(0, 2)).toEqual([
      'second',
      'teacher',
    ]);
  });

  it('keeps everybody in place when somebody comes or goes before it may change', () => {
    const order = ['teacher', 'yegor', 'vera', 'me'];
    expect(patchedOrder(order, ['teacher', 'late', 'vera', 'me'], 'me')).toEqual([
      'teacher',
      'vera',
      'late',
      'me',
    ]);
    expect(patchedOrder(['teacher'], ['teacher', 'late'], 'teacher')).toEqual(['teacher', 'late']);
  });
});

describe('pages of tiles', () => {
  const tiles = (count: number, mine: number) =>
    Array.from({ length: count }, (_, n) => ({ n, mine: n === mine }));

  it('are filled one after the other', () => {
    expect(pagesOf(tiles(20, 0), 9).map((page) => page.length)).toEqual([9, 9, 2]);
    expect(pagesOf(tiles(0, 0), 9)).toEqual([]);
    expect(pagesOf(tiles(3, 0), 0)).toEqual([]);
  });

  it('have oneself last on the first page', () => {
    const [first, second] = pagesOf(tiles(12, 11), 9);
    expect(first?.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 11]);
    expect(second?.map(({ n }) => n)).toEqual([8, 9, 10]);
    expect(pagesOf(tiles(4, 3), 9)[0]?.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
  });
});
