import { describe, expect, it } from 'vitest';
import { besideAnchor } from './menus';

const screen = { width: 1000, height: 700 };
const menu = { width: 280, height: 200 };
const anchor = (left: number, top: number) => ({ left, right: left + 44, top, bottom: top + 44 });

describe('the place of a menu', () => {
  it('is under the right edge of its button', () => {
    expect(besideAnchor(anchor(500, 100), menu, screen)).toEqual({ left: 264, top: 150 });
  });

  it('is above a button near the bottom', () => {
    expect(besideAnchor(anchor(500, 640), menu, screen)).toEqual({ left: 264, top: 434 });
  });

  it('never leaves the page', () => {
    expect(besideAnchor(anchor(0, 100), menu, screen).left).toBe(8);
    expect(besideAnchor(anchor(500, 0), { width: 280, height: 900 }, screen).top).toBe(8);
  });
});
