import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seekServer } from './seeking';

type Answer = (status: number) => void;

/** Questions that were asked and neither answered nor given up. */
let open: Answer[];
let asked: number;

function ask(_path: string, { signal }: { signal: AbortSignal }): Promise<Response> {
  asked += 1;
  return new Promise((resolve, reject) => {
    const answer: Answer = (status) => resolve(new Response(null, { status }));
    open.push(answer);
    signal.addEventListener('abort', () => {
      open = open.filter((other) => other !== answer);
      reject(new DOMException('given up', 'AbortError'));
    });
  });
}

beforeEach(() => {
  open = [];
  asked = 0;
  vi.useFakeTimers();
  vi.stubGlobal('fetch', ask);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the server is sought', () => {
  it('at once and by a new question every 400 ms, at most five of them at a time', async () => {
    const end = seekServer(() => undefined);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked).toBe(76);
    expect(open.length).toBeLessThanOrEqual(5);
    end();
    expect(open).toEqual([]);
  });

  it.each([200, 503])('until it answers, if only with %i, and is told once', async (status) => {
    const found = vi.fn();
    seekServer(found);
    await vi.advanceTimersByTimeAsync(1_000);
    for (const answer of open) answer(status);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(found).toHaveBeenCalledTimes(1);
    expect(asked).toBe(3);
  });

  it('no more after the end, even if an answer was on its way', async () => {
    const found = vi.fn();
    const end = seekServer(found);
    for (const answer of open) answer(200);
    end();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(found).not.toHaveBeenCalled();
    expect(asked).toBe(1);
  });
});
