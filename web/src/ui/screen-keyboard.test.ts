import { describe, expect, it } from 'vitest';
import { coveredByKeyboard } from './screen-keyboard';

describe('what lies under the keyboard of a phone', () => {
  it('is what the visible part of the page has lost', () => {
    expect(coveredByKeyboard({ height: 480, offsetTop: 0, scale: 1 }, 780)).toBe(300);
  });

  it('counts only what is below, where the browser has moved the page up', () => {
    expect(coveredByKeyboard({ height: 480, offsetTop: 120, scale: 1 }, 780)).toBe(180);
  });

  it('is nothing where the browser shrinks the page itself', () => {
    expect(coveredByKeyboard({ height: 480, offsetTop: 0, scale: 1 }, 480)).toBe(0);
  });

  it('is nothing for the bar of the browser', () => {
    expect(coveredByKeyboard({ height: 724, offsetTop: 0, scale: 1 }, 780)).toBe(0);
  });

  it('is nothing for a page that is looked at closer', () => {
    expect(coveredByKeyboard({ height: 390, offsetTop: 100, scale: 2 }, 780)).toBe(0);
  });
});
