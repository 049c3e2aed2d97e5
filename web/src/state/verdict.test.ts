import { describe, expect, it } from 'vitest';
import type { Line } from './line';
import { nothingFound, outcomeOf, stepsOf, verdictOf, type Found } from './verdict';

const fine: Line = {
  way: 'udp',
  delayMs: 24,
  lossUp: 0,
  lossDown: 0.4,
  upBps: 1_480_000,
  downBps: 5_700_000,
};
const well: Found = {
  camera: 'good',
  microphone: 'good',
  speaker: 'heard',
  server: 'reached',
  udp: 'open',
  tcp: 'open',
  line: fine,
};
const on = (line: Partial<Line>): Found => ({ ...well, line: { ...fine, ...line } });

describe('a line', () => {
  it.each([
    ['that carries everything', well, 'video', []],
    [
      'of the least that pictures need',
      on({ upBps: 550_000, downBps: 1_200_000, lossUp: 3, delayMs: 400 }),
      'video',
      [],
    ],
    ['that is slow up', on({ upBps: 300_000 }), 'fewer', ['slow_up']],
    ['that is slow down', on({ downBps: 900_000 }), 'fewer', ['slow_down']],
    ['too slow for pictures', on({ upBps: 90_000, downBps: 300_000 }), 'sound', ['slow_up', 'slow_down']],
    ['too slow for a voice', on({ upBps: 20_000 }), 'none', ['slow_up']],
    ['that loses a little', on({ lossDown: 5 }), 'fewer', ['loss_down']],
    ['that loses much', on({ lossUp: 12 }), 'sound', ['loss_up']],
    ['that loses more than speech bears', on({ lossUp: 30, lossDown: 40 }), 'none', ['loss_up', 'loss_down']],
    ['that is late', on({ delayMs: 600 }), 'fewer', ['delay']],
    ['that is very late', on({ delayMs: 1_400 }), 'sound', ['delay']],
    [
      'of which nothing could be measured but that it is there',
      on({ delayMs: null, lossUp: null, lossDown: null, upBps: null, downBps: null }),
      'video',
      [],
    ],
    ['by TCP only', { ...well, udp: 'closed', line: { ...fine, way: 'tcp' } }, 'fewer', ['udp_closed']],
    ['that lets neither through', { ...well, udp: 'closed', tcp: 'closed', line: null }, 'none', ['no_way']],
    [
      'to a school that offers UDP only, which is closed',
      { ...well, udp: 'closed', tcp: 'not_offered', line: null },
      'none',
      ['no_way'],
    ],
    ['without a WebSocket', { ...nothingFound, server: 'no_socket' }, 'none', ['no_socket']],
    ['to nowhere', { ...nothingFound, server: 'away' }, 'none', ['away']],
    ['whose check was not answered', { ...nothingFound, server: 'reached' }, 'untested', ['untested']],
    ['that broke while it was measured', { ...well, line: null }, 'untested', ['untested']],
  ] as const)('%s', (_, found, fitness, reasons) => {
    const verdict = verdictOf(found);
    expect([verdict.fitness, verdict.reasons]).toEqual([fitness, reasons]);
  });

  it('is as good as its weakest part', () => {
    expect(verdictOf(on({ upBps: 300_000, lossDown: 12 })).fitness).toBe('sound');
  });
});

describe('devices', () => {
  it.each([
    [{ camera: 'refused', microphone: 'refused' }, ['camera_refused', 'microphone_refused'], ['permission']],
    [{ camera: 'missing' }, ['camera_missing'], ['device']],
    [{ camera: 'busy' }, ['camera_busy'], ['device']],
    [{ microphone: 'unheard' }, ['microphone_unheard'], ['microphone']],
    [{ speaker: 'unheard' }, ['speaker'], ['sound']],
  ] as const)('%o change nothing of what the line is fit for', (change, reasons, advice) => {
    const verdict = verdictOf({ ...well, ...change });
    expect(verdict).toEqual({ fitness: 'video', reasons, advice });
  });
});

describe('advice', () => {
  it('is none where all is well', () => {
    expect(verdictOf(well).advice).toEqual([]);
  });

  it('says each thing once, few of them, and the text for others last', () => {
    const found = {
      ...on({ upBps: 100_000, downBps: 100_000, lossUp: 9, delayMs: 900 }),
      udp: 'closed',
    } as const;
    const { advice } = verdictOf(found);
    expect(new Set(advice).size).toBe(advice.length);
    expect(advice.length).toBeLessThanOrEqual(6);
    expect(advice.at(-1)).toBe('tell');
  });
});

describe('the steps', () => {
  it.each([
    [well, 'good good good good good good good good good'],
    [nothingFound, 'skipped skipped skipped skipped skipped skipped skipped skipped skipped'],
    [
      { ...well, camera: 'busy', microphone: 'unheard', speaker: 'unheard' },
      'bad fair bad good good good good good good',
    ],
    [
      { ...well, udp: 'closed', tcp: 'not_offered', line: null },
      'good good good good bad skipped skipped skipped skipped',
    ],
    [on({ delayMs: 350, lossUp: 4, upBps: 200_000 }), 'good good good good good good fair fair fair'],
    [on({ delayMs: 750, lossDown: 9, downBps: 100_000 }), 'good good good good good good bad bad bad'],
    [
      on({ delayMs: null, lossUp: null, lossDown: null, upBps: null, downBps: null }),
      'good good good good good good skipped skipped skipped',
    ],
  ] as const)('of %o', (found, states) => {
    expect(Object.values(stepsOf(found)).join(' ')).toBe(states);
  });
});

describe('what the administrator reads', () => {
  const software = { browser: 'firefox', system: 'linux' } as const;

  it('is closed words and whole numbers', () => {
    expect(outcomeOf(well, software)).toEqual({
      verdict: 'video',
      steps: stepsOf(well),
      way: 'udp',
      delay_ms: 24,
      loss_up_percent: 0,
      loss_down_percent: 0.4,
      up_kbps: 1480,
      down_kbps: 5700,
      browser: 'firefox',
      system: 'linux',
    });
  });

  it('has no numbers where nothing got through, and is nothing where nothing was tested', () => {
    expect(
      outcomeOf({ ...nothingFound, server: 'reached', udp: 'closed', tcp: 'closed' }, software),
    ).toMatchObject({
      verdict: 'none',
      way: null,
      up_kbps: null,
    });
    expect(outcomeOf({ ...nothingFound, server: 'reached' }, software)).toBeNull();
  });
});
