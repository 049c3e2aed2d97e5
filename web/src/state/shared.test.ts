import { describe, expect, it } from 'vitest';
import { shared } from './shared';

describe('a view made anew', () => {
  const before = {
    speaking: ['anna'],
    tiles: [
      { key: 'anna', on: true },
      { key: 'boris', on: false },
    ],
  };

  it('that says the same is the same', () => {
    expect(shared(before, structuredClone(before))).toBe(before);
  });

  it('keeps what has not changed, and only that', () => {
    const after = structuredClone(before);
    after.speaking = ['boris'];
    const view = shared(before, after);
    expect(view).toEqual(after);
    expect(view.tiles).toBe(before.tiles);
    expect(view.speaking).not.toBe(before.speaking);
  });

  it('keeps the tiles of all the others when one changes', () => {
    const after = structuredClone(before);
    after.tiles = [
      { key: 'anna', on: false },
      { key: 'boris', on: false },
    ];
    const view = shared(before, after);
    expect(view).toEqual(after);
    expect(view.tiles[1]).toBe(before.tiles[1]);
  });

  it('is told apart when something came or went', () => {
    expect(shared<object>({ a: 1, b: undefined }, { a: 1 })).toEqual({ a: 1 });
    expect(shared(['a', 'b'], ['a'])).toEqual(['a']);
    expect(shared<unknown>({ a: 1 }, null)).toBeNull();
  });

  it('keeps maps by what they hold', () => {
    const map = new Map([['anna', ['mute']]]);
    expect(shared(map, new Map([['anna', ['mute']]]))).toBe(map);
    expect(shared(map, new Map([['boris', ['mute']]]))).toEqual(new Map([['boris', ['mute']]]));
    expect(shared(map, new Map<string, string[]>())).toEqual(new Map());
  });
});
