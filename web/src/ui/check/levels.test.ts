import { describe, expect, it } from 'vitest';
import { BARS, barsOf, isHeard } from './levels';

describe('the level of the microphone', () => {
  it('fills the bars from silence to the loudest', () => {
    expect([barsOf(0), barsOf(0.5), barsOf(1)]).toEqual([0, BARS / 2, BARS]);
  });

  it('stays on the scale whatever the browser measures', () => {
    expect([barsOf(-1), barsOf(7)]).toEqual([0, BARS]);
  });

  it('hears a voice and not the noise of a room', () => {
    expect(isHeard(0.45)).toBe(true);
    expect(isHeard(0.05)).toBe(false);
  });
});
