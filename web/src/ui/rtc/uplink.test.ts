import { expect, test } from 'vitest';
import { availableBps, Uplink } from './uplink';

const SECOND = 1_000;

/** The estimate stays so for some seconds; what the line is taken for at the end of each. */
function run(uplink: Uplink, from: number, seconds: number, availableBps: number): boolean[] {
  return Array.from({ length: seconds }, (_, second) => {
    uplink.observe(availableBps, (from + second) * SECOND);
    return uplink.isThin;
  });
}

test('a line is thin when the estimate stays at the least that is sent', () => {
  const uplink = new Uplink();
  expect(run(uplink, 0, 5, 134_000)).toEqual([false, false, true, true, true]);
});

test('the start of a connection and a short dip are no thin line', () => {
  const uplink = new Uplink();
  expect(run(uplink, 0, 5, 300_000)).not.toContain(true);
  run(uplink, 5, 2, 120_000);
  expect(run(uplink, 7, 5, 900_000)).not.toContain(true);
});

test('a thin line is tried again after two minutes, and stays when it has become wide', () => {
  const uplink = new Uplink();
  run(uplink, 0, 3, 100_000);
  expect(run(uplink, 3, 120, 100_000)).not.toContain(false);
  expect(run(uplink, 123, 120, 2_000_000)).not.toContain(true);
});

test('a line that was wide for long is tried after two minutes again when it gets thin once more', () => {
  const uplink = new Uplink();
  run(uplink, 0, 1_800, 100_000);
  run(uplink, 1_800, 600, 2_000_000);
  expect(uplink.isThin).toBe(false);
  expect(run(uplink, 2_400, 124, 100_000).lastIndexOf(true)).toBe(122);
});

test('a line that stays thin is tried ever more rarely', () => {
  const uplink = new Uplink();
  const thin = run(uplink, 0, 1_800, 100_000);
  const attempts = thin.filter((isThin, second) => !isThin && thin[second - 1]);
  expect(attempts.length).toBeLessThanOrEqual(6);
  expect(thin.filter((isThin) => !isThin).length).toBeLessThanOrEqual(20);
});

test('what a line takes is known by the pair in use, nominated or not', () => {
  const report = new Map<string, unknown>([
    ['other', { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: 900_000 }],
    ['used', { type: 'candidate-pair', nominated: false, availableOutgoingBitrate: 134_000 }],
    ['way', { type: 'transport', selectedCandidatePairId: 'used' }],
  ]) as unknown as RTCStatsReport;
  expect(availableBps(report)).toBe(134_000);
  expect(availableBps(new Map() as unknown as RTCStatsReport)).toBe(null);
});
