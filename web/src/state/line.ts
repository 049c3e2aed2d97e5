// How a line carries, from what a PeerConnection counted: delay and loss while the line is at rest, with a voice on it
// and nothing else, and the rates when it is filled. Pure; the counters are read by ui/rtc/line-peer.ts.

import type { Protocol } from './candidates';

/** Totals since the connection began. Up is away from this browser. */
export interface LineSample {
  readonly atMs: number;
  readonly upBytes: number;
  readonly upPackets: number;
  /** As the node has reported. */
  readonly upLost: number;
  readonly downBytes: number;
  readonly downPackets: number;
  readonly downLost: number;
  /** There and back; null where the browser does not say. */
  readonly delayMs: number | null;
}

/** Loss in percent; null for what was not measured. */
export interface Line {
  readonly way: Protocol;
  readonly delayMs: number | null;
  readonly lossUp: number | null;
  readonly lossDown: number | null;
  readonly upBps: number | null;
  readonly downBps: number | null;
}

/** A rate is that of so long a stretch at least: shorter ones are made of single frames. */
const STRETCH_MS = 1_500;
/** Fewer packets than this say nothing about loss. */
const LEAST_PACKETS = 50;

const first = <T>(list: readonly T[]): T | undefined => list[0];
const last = <T>(list: readonly T[]): T | undefined => list.at(-1);

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

const share = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));

const percent = (value: number): number => Math.round(value * 1000) / 10;

/** What is lost on the way up leaves a gap on the way down, too: the node forwards what it has. */
function lossOf(rest: readonly LineSample[]): Pick<Line, 'lossUp' | 'lossDown'> {
  const from = first(rest);
  const to = last(rest);
  if (!from || !to || to.upPackets - from.upPackets < LEAST_PACKETS) return { lossUp: null, lossDown: null };
  const up = share(to.upLost - from.upLost, to.upPackets - from.upPackets);
  const lost = to.downLost - from.downLost;
  const both = share(lost, lost + to.downPackets - from.downPackets);
  // Where nothing at all comes back, no packet counts as lost either.
  const isSilent = to.downPackets === from.downPackets;
  return { lossUp: percent(up), lossDown: isSilent ? 100 : percent(share(both - up, 1 - up)) };
}

/** The best stretch of all, in bits per second. */
function bestRate(
  full: readonly LineSample[],
  bytesOf: (from: LineSample, to: LineSample) => number,
): number | null {
  const rates = full.flatMap((from, index) => {
    const to = full.slice(index).find(({ atMs }) => atMs - from.atMs >= STRETCH_MS);
    return to ? [(bytesOf(from, to) * 8000) / (to.atMs - from.atMs)] : [];
  });
  return rates.length === 0 ? null : Math.round(Math.max(...rates));
}

const arrivedUp = (from: LineSample, to: LineSample): number =>
  (to.upBytes - from.upBytes) * (1 - share(to.upLost - from.upLost, to.upPackets - from.upPackets));

export function lineOf(way: Protocol, rest: readonly LineSample[], full: readonly LineSample[]): Line {
  const delay = median(rest.flatMap(({ delayMs }) => delayMs ?? []));
  return {
    way,
    delayMs: delay === null ? null : Math.round(delay),
    ...lossOf(rest),
    upBps: bestRate(full, arrivedUp),
    downBps: bestRate(full, (from, to) => to.downBytes - from.downBytes),
  };
}
