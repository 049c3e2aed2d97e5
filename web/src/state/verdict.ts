// What a check of line and devices comes to: what the line is fit for, why, and what its person can do. Pure; words for
// people are in the catalogue, by the names that are given here.

import type { CheckOutcome, CheckSteps } from '../protocol/documents';
import type { Line } from './line';

export type StepName = keyof CheckSteps;
export type StepState = CheckSteps[StepName];
/** What a lesson on this line is like. `untested`: the check itself did not work. */
export type Fitness = CheckOutcome['verdict'] | 'untested';

export type DeviceFound = 'good' | 'refused' | 'missing' | 'busy' | 'skipped';
type MicrophoneFound = DeviceFound | 'unheard';
type Reach = 'open' | 'closed' | 'not_offered' | 'untried';

export interface Found {
  readonly camera: DeviceFound;
  readonly microphone: MicrophoneFound;
  readonly speaker: 'heard' | 'unheard' | 'skipped';
  /** `no_socket`: pages come, the WebSocket of a lesson does not. */
  readonly server: 'reached' | 'no_socket' | 'away' | 'untried';
  readonly udp: Reach;
  readonly tcp: Reach;
  readonly line: Line | null;
}

export const nothingFound: Found = {
  camera: 'skipped',
  microphone: 'skipped',
  speaker: 'skipped',
  server: 'untried',
  udp: 'untried',
  tcp: 'untried',
  line: null,
};

export type Reason =
  | 'away'
  | 'no_socket'
  | 'no_way'
  | 'untested'
  | 'udp_closed'
  | 'slow_up'
  | 'slow_down'
  | 'loss_up'
  | 'loss_down'
  | 'delay'
  | 'camera_refused'
  | 'camera_missing'
  | 'camera_busy'
  | 'microphone_refused'
  | 'microphone_missing'
  | 'microphone_busy'
  | 'microphone_unheard'
  | 'speaker';

type Advice =
  | 'permission'
  | 'device'
  | 'microphone'
  | 'sound'
  | 'again'
  | 'router'
  | 'programs'
  | 'cable'
  | 'other_line'
  | 'vpn'
  | 'browser'
  | 'tell';

export interface Verdict {
  readonly fitness: Fitness;
  readonly reasons: readonly Reason[];
  /** What helps most often first. */
  readonly advice: readonly Advice[];
}

/** What each fitness needs at least. A voice is 32 kbit/s, a page hears four. */
const NEEDS = {
  // Up: the two smaller layers of a camera (120 and 400 kbit/s) and the voice. Down: nine tiles at 120 and four voices.
  video: { upBps: 550_000, downBps: 1_200_000, loss: 3, delayMs: 400 },
  // Up: the smallest layer and the voice. Down: the teacher at 400 kbit/s and two voices. Pictures are repaired up to
  // 8 % of loss, beyond they freeze. Above 700 ms people talk into each other.
  fewer: { upBps: 150_000, downBps: 460_000, loss: 8, delayMs: 700 },
  // Speech is understood up to 20 % of loss, with Opus' own repair. Above 2 s nobody answers in time.
  sound: { upBps: 32_000, downBps: 64_000, loss: 20, delayMs: 2_000 },
} as const;

/** Up to here nobody notices (ITU-T G.114: 150 ms one way). */
const GOOD_DELAY_MS = 300;
/** Up to here repair hides it all. */
const GOOD_LOSS = 2;

const BEST_FIRST = ['video', 'fewer', 'sound'] as const;
type Level = CheckOutcome['verdict'];
const RANK: Readonly<Record<Level, number>> = { video: 3, fewer: 2, sound: 1, none: 0 };

/** What was not measured stands in nobody's way. */
const atLeast = (value: number | null, need: number): boolean => value === null || value >= need;
const atMost = (value: number | null, need: number): boolean => value === null || value <= need;

const level = (meets: (need: (typeof NEEDS)[keyof typeof NEEDS]) => boolean): Level =>
  BEST_FIRST.find((name) => meets(NEEDS[name])) ?? 'none';

const STATE_OF: Readonly<Record<Level, StepState>> = {
  video: 'good',
  fewer: 'fair',
  sound: 'bad',
  none: 'bad',
};
const worst = (...levels: readonly Level[]): Level =>
  levels.reduce((low, one) => (RANK[one] < RANK[low] ? one : low), 'video');

interface Levels {
  readonly up: Level;
  readonly down: Level;
  readonly lossUp: Level;
  readonly lossDown: Level;
  readonly delay: Level;
}

const levelsOf = (line: Line): Levels => ({
  up: level(({ upBps }) => atLeast(line.upBps, upBps)),
  down: level(({ downBps }) => atLeast(line.downBps, downBps)),
  lossUp: level(({ loss }) => atMost(line.lossUp, loss)),
  lossDown: level(({ loss }) => atMost(line.lossDown, loss)),
  delay: level(({ delayMs }) => atMost(line.delayMs, delayMs)),
});

function fitnessOf(found: Found): Fitness {
  if (found.server === 'away' || found.server === 'no_socket') return 'none';
  if (found.udp === 'untried') return 'untested';
  if (found.udp !== 'open' && found.tcp !== 'open') return found.tcp === 'untried' ? 'untested' : 'none';
  if (!found.line) return 'untested';
  const { up, down, lossUp, lossDown, delay } = levelsOf(found.line);
  // By TCP a lost packet holds up all that come after it.
  const way: Level = found.udp === 'open' ? 'video' : 'fewer';
  return worst(way, up, down, lossUp, lossDown, delay);
}

const camera = (found: Found): Reason[] => {
  const { camera: device } = found;
  return device === 'good' || device === 'skipped' ? [] : [`camera_${device}`];
};

const microphone = (found: Found): Reason[] => {
  const { microphone: device } = found;
  return device === 'good' || device === 'skipped' ? [] : [`microphone_${device}`];
};

function lineReasons(line: Line): Reason[] {
  const { up, down, lossUp, lossDown, delay } = levelsOf(line);
  const all: [Reason, Level][] = [
    ['slow_up', up],
    ['slow_down', down],
    ['loss_up', lossUp],
    ['loss_down', lossDown],
    ['delay', delay],
  ];
  return all.filter(([, one]) => one !== 'video').map(([reason]) => reason);
}

function wayReasons(found: Found, fitness: Fitness): Reason[] {
  if (found.server === 'away' || found.server === 'no_socket') return [found.server];
  if (fitness === 'untested') return ['untested'];
  if (found.udp === 'open') return [];
  return [found.tcp === 'open' ? 'udp_closed' : 'no_way'];
}

const ADVICE: Readonly<Record<Reason, readonly Advice[]>> = {
  away: ['other_line', 'vpn', 'tell'],
  no_socket: ['vpn', 'browser', 'other_line', 'tell'],
  no_way: ['vpn', 'other_line', 'browser', 'tell'],
  untested: ['again'],
  udp_closed: ['vpn', 'other_line', 'tell'],
  slow_up: ['router', 'programs', 'cable', 'other_line', 'tell'],
  slow_down: ['router', 'programs', 'cable', 'other_line', 'tell'],
  loss_up: ['router', 'cable', 'programs', 'other_line', 'tell'],
  loss_down: ['router', 'cable', 'programs', 'other_line', 'tell'],
  delay: ['programs', 'vpn', 'cable', 'other_line', 'tell'],
  camera_refused: ['permission'],
  camera_missing: ['device'],
  camera_busy: ['device'],
  microphone_refused: ['permission'],
  microphone_missing: ['device'],
  microphone_busy: ['device'],
  microphone_unheard: ['microphone'],
  speaker: ['sound'],
};

/** More than these nobody tries. */
const MOST_ADVICE = 6;

export function verdictOf(found: Found): Verdict {
  const fitness = fitnessOf(found);
  const measured = found.line && fitness !== 'untested' ? lineReasons(found.line) : [];
  const reasons: Reason[] = [
    ...wayReasons(found, fitness),
    ...measured,
    ...camera(found),
    ...microphone(found),
    ...(found.speaker === 'unheard' ? (['speaker'] as const) : []),
  ];
  const advice = [...new Set(reasons.flatMap((reason) => ADVICE[reason]))];
  const told = advice.includes('tell')
    ? advice.filter((one) => one !== 'tell').slice(0, MOST_ADVICE - 1)
    : advice;
  return { fitness, reasons, advice: told.length < advice.length ? [...told, 'tell'] : told };
}

const REACHED: Readonly<Record<Reach, StepState>> = {
  open: 'good',
  closed: 'bad',
  not_offered: 'skipped',
  untried: 'skipped',
};
const SERVER: Readonly<Record<Found['server'], StepState>> = {
  reached: 'good',
  no_socket: 'bad',
  away: 'bad',
  untried: 'skipped',
};
const SPEAKER: Readonly<Record<Found['speaker'], StepState>> = {
  heard: 'good',
  unheard: 'bad',
  skipped: 'skipped',
};

const device = (found: MicrophoneFound): StepState => {
  if (found === 'good' || found === 'skipped') return found;
  return found === 'unheard' ? 'fair' : 'bad';
};

function delayState({ delayMs }: Line): StepState {
  if (delayMs === null) return 'skipped';
  return delayMs <= GOOD_DELAY_MS ? 'good' : delayMs <= NEEDS.fewer.delayMs ? 'fair' : 'bad';
}

function lossState({ lossUp, lossDown }: Line): StepState {
  if (lossUp === null && lossDown === null) return 'skipped';
  const loss = Math.max(lossUp ?? 0, lossDown ?? 0);
  return loss <= GOOD_LOSS ? 'good' : loss <= NEEDS.fewer.loss ? 'fair' : 'bad';
}

const rateState = (line: Line): StepState =>
  line.upBps === null && line.downBps === null
    ? 'skipped'
    : STATE_OF[worst(levelsOf(line).up, levelsOf(line).down)];

export function stepsOf(found: Found): CheckSteps {
  const { line } = found;
  return {
    camera: device(found.camera),
    microphone: device(found.microphone),
    speaker: SPEAKER[found.speaker],
    server: SERVER[found.server],
    udp: REACHED[found.udp],
    tcp: REACHED[found.tcp],
    delay: line ? delayState(line) : 'skipped',
    loss: line ? lossState(line) : 'skipped',
    rate: line ? rateState(line) : 'skipped',
  };
}

const kbps = (bps: number | null): number | null => (bps === null ? null : Math.round(bps / 1000));

const numbersOf = (line: Line | null) => ({
  way: line && line.way,
  delay_ms: line && line.delayMs,
  loss_up_percent: line && line.lossUp,
  loss_down_percent: line && line.lossDown,
  up_kbps: line && kbps(line.upBps),
  down_kbps: line && kbps(line.downBps),
});

/** For the administrator of the school; null where nothing was found out about the line. */
export function outcomeOf(
  found: Found,
  software: Pick<CheckOutcome, 'browser' | 'system'>,
): CheckOutcome | null {
  const { fitness } = verdictOf(found);
  if (fitness === 'untested') return null;
  return { verdict: fitness, steps: stepsOf(found), ...numbersOf(found.line), ...software };
}
