import { describe, expect, it } from 'vitest';
import { Seats } from './returning';

function remembered(kept: string | null = null) {
  let value = kept;
  return new Seats(() => ({
    getItem: () => value,
    setItem: (_, next) => (value = next),
    removeItem: () => (value = null),
  }));
}

const seat = { lesson: 'q7', publishes: true, microphone: false, camera: true };

describe('the seat of a tab', () => {
  it('is found again after a reload, with what was on', () => {
    const seats = remembered();
    seats.keep(seat);
    expect(seats.of('q7')).toEqual(seat);
  });

  it('is no seat in another lesson, nor after leaving', () => {
    const seats = remembered();
    seats.keep(seat);
    expect(seats.of('other')).toBeNull();
    seats.forget();
    expect(seats.of('q7')).toBeNull();
  });

  it.each(['{', 'null', '{"lesson":"q7"}', '"q7"'])('is nothing where %s was written', (kept) => {
    expect(remembered(kept).of('q7')).toBeNull();
  });

  it('is nothing where the browser keeps nothing', () => {
    const closed = new Seats(() => {
      throw new DOMException('closed');
    });
    closed.keep(seat);
    expect(closed.of('q7')).toBeNull();
  });
});
