import { describe, expect, it } from 'vitest';
import { LONGEST, sends, worthSending } from './compose';

describe('writing into the chat', () => {
  const enter = { key: 'Enter', shiftKey: false, isComposing: false };

  it('is sent by Enter, while Shift+Enter starts a line', () => {
    expect(sends(enter)).toBe(true);
    expect(sends({ ...enter, shiftKey: true })).toBe(false);
    expect(sends({ ...enter, key: 'a' })).toBe(false);
  });

  it('is not sent by the Enter that ends a word of an input method', () => {
    expect(sends({ ...enter, isComposing: true })).toBe(false);
  });

  it('sends what is there, without the space around it and never too long', () => {
    expect(worthSending('  ⅚ \n')).toBe('⅚');
    expect(worthSending(' \n ')).toBeNull();
    expect(worthSending('а'.repeat(LONGEST + 5))?.length).toBe(LONGEST);
  });
});
