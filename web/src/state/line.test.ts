import { describe, expect, it } from 'vitest';
import { lineOf, type LineSample } from './line';

const still: LineSample = {
  atMs: 0,
  upBytes: 0,
  upPackets: 0,
  upLost: 0,
  downBytes: 0,
  downPackets: 0,
  downLost: 0,
  delayMs: 40,
};

/** A sample every half second, each changed by the step from the one before. */
const samples = (count: number, step: Partial<LineSample>): LineSample[] =>
  Array.from({ length: count }, (_, index) => ({
    ...still,
    ...Object.fromEntries(Object.entries(step).map(([key, value]) => [key, (value ?? 0) * index])),
    atMs: index * 500,
    delayMs: step.delayMs ?? still.delayMs,
  }));

describe('a line at rest', () => {
  it('has the delay of its middle sample, so that one late answer changes nothing', () => {
    const rest = [30, 31, 900, 32, 33].map((delayMs, index) => ({ ...still, atMs: index, delayMs }));
    expect(lineOf('udp', rest, []).delayMs).toBe(32);
    expect(lineOf('udp', [{ ...still, delayMs: null }], []).delayMs).toBeNull();
  });

  it.each([
    ['nothing', { upPackets: 25, downPackets: 25 }, 0, 0],
    [
      'on the way up, which leaves gaps on the way down',
      { upPackets: 25, upLost: 2.5, downPackets: 22.5, downLost: 2.5 },
      10,
      0,
    ],
    ['on the way down', { upPackets: 25, downPackets: 20, downLost: 5 }, 0, 20],
    ['both ways', { upPackets: 100, upLost: 10, downPackets: 81, downLost: 19 }, 10, 10],
    ['everything on the way down', { upPackets: 25, downPackets: 0 }, 0, 100],
  ])('loses %s', (_, step, up, down) => {
    expect(lineOf('udp', samples(9, step), [])).toMatchObject({ lossUp: up, lossDown: down });
  });

  it('says nothing of loss when hardly anything was sent', () => {
    expect(lineOf('udp', samples(9, { upPackets: 3 }), [])).toMatchObject({ lossUp: null, lossDown: null });
    expect(lineOf('udp', [], [])).toMatchObject({ lossUp: null, lossDown: null });
  });
});

describe('a line that is filled', () => {
  it('has the rates of its best stretch', () => {
    const slow = samples(6, { upBytes: 10_000, downBytes: 40_000 });
    const end = slow.at(-1) ?? still;
    const fast = samples(6, { upBytes: 90_000, downBytes: 300_000 }).map((sample) => ({
      ...sample,
      atMs: sample.atMs + end.atMs,
      upBytes: sample.upBytes + end.upBytes,
      downBytes: sample.downBytes + end.downBytes,
    }));
    expect(lineOf('udp', [], [...slow, ...fast.slice(1)])).toMatchObject({
      upBps: 1_440_000,
      downBps: 4_800_000,
    });
  });

  it('counts up only what arrived', () => {
    const full = samples(6, { upBytes: 100_000, upPackets: 100, upLost: 25 });
    expect(lineOf('tcp', [], full)).toMatchObject({ way: 'tcp', upBps: 1_200_000 });
  });

  it('has none when it was filled too shortly', () => {
    expect(lineOf('udp', [], samples(3, { upBytes: 1 }))).toMatchObject({ upBps: null, downBps: null });
  });
});
