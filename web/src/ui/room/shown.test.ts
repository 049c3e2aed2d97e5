import { describe, expect, it } from 'vitest';
import type { TileView } from '../../state/lesson';
import { shownTiles, stripCount } from './shown';

const tile = (key: string, mine: boolean): TileView => ({
  key,
  mine,
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
    link: 'here',
  },
});

describe('what is asked of the server', () => {
  it('is the page’s tiles in device pixels, without one’s own', () => {
    const asked = shownTiles([tile('artyom', false), tile('me', true)], { width: 442, height: 248 }, 1.5);
    expect(asked).toEqual([{ key: 'artyom', width: 663, height: 372 }]);
  });
});

describe('the strip beside a screen', () => {
  it('shows everybody while there are places, else keeps one for the number of the others', () => {
    expect(stripCount(4, 5)).toBe(4);
    expect(stripCount(5, 5)).toBe(5);
    expect(stripCount(22, 6)).toBe(5);
    expect(stripCount(3, 0)).toBe(0);
  });
});
