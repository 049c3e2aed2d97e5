import { expect, it } from 'vitest';
import { Pace } from './pace';

const run = (pace: Pace, tookMs: number, from: number, forMs: number): boolean => {
  let isTooSlow = false;
  for (let now = from + tookMs; now <= from + forMs; now += tookMs) isTooSlow = pace.isTooSlow(tookMs, now);
  return isTooSlow;
};

it('a machine that makes ten pictures a second keeps up', () => {
  expect(run(new Pace(), 100, 0, 60_000)).toBe(false);
});

it('a machine that makes three is given some seconds, and no more', () => {
  expect(run(new Pace(), 300, 0, 7_000)).toBe(false);
  expect(run(new Pace(), 300, 0, 9_000)).toBe(true);
});

it('a sleep is one picture that took long, and no slow machine', () => {
  const pace = new Pace();
  run(pace, 100, 0, 1_000);
  expect(pace.isTooSlow(3_600_000, 3_601_000)).toBe(false);
  expect(run(pace, 100, 3_601_000, 20_000)).toBe(false);
});

it('a sleep of a machine that was slow just before is no slow machine either', () => {
  const pace = new Pace();
  run(pace, 300, 0, 3_000);
  expect(pace.isTooSlow(3_600_000, 3_603_000)).toBe(false);
});

it('what was slow before nobody looked does not count', () => {
  const pace = new Pace();
  run(pace, 300, 0, 6_000);
  pace.forget();
  expect(run(pace, 300, 60_000, 6_000)).toBe(false);
});

it('a slow moment is no slow machine', () => {
  const pace = new Pace();
  run(pace, 300, 0, 6_000);
  run(pace, 60, 6_000, 120);
  expect(run(pace, 300, 6_120, 6_000)).toBe(false);
});
