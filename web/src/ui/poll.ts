// Asks again and again with jitter, so that a class that came by one bell does not ask in one beat.

export interface Poll {
  /** Asks at once, whatever the beat. */
  now(): void;
  stop(): void;
}

export function poll(ask: () => Promise<unknown>, everyMs: number): Poll {
  let timer = 0;
  let stopped = false;
  let asking = false;
  const next = (): void => {
    timer = window.setTimeout(() => void turn(), everyMs * (0.8 + 0.4 * Math.random()));
  };
  const turn = async (): Promise<void> => {
    if (asking) return;
    clearTimeout(timer);
    asking = true;
    try {
      await ask();
    } finally {
      asking = false;
      if (!stopped) next();
    }
  };
  void turn();
  return {
    now: () => void turn(),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
