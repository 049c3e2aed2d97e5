// What a tab remembers of its seat over a reload, so that the person is back in the room without a press: which lesson,
// and which devices were on. Nothing about people; gone with the tab.

export interface Seat {
  readonly lesson: string;
  readonly publishes: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
}

const KEY = 'zvonok.seat';

interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function isSeat(kept: unknown): kept is Seat {
  if (typeof kept !== 'object' || kept === null) return false;
  const { lesson, publishes, microphone, camera } = kept as Partial<Record<keyof Seat, unknown>>;
  return (
    typeof lesson === 'string' && [publishes, microphone, camera].every((flag) => typeof flag === 'boolean')
  );
}

/** Storage is closed in some private windows: then a reload leads to the device check, as for everybody who comes. */
function quietly<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

export class Seats {
  constructor(private readonly memory: () => Memory) {}

  keep(seat: Seat): void {
    quietly(() => this.memory().setItem(KEY, JSON.stringify(seat)));
  }

  forget(): void {
    quietly(() => this.memory().removeItem(KEY));
  }

  /** The seat of this lesson; a seat of another lesson is left alone. */
  of(lesson: string): Seat | null {
    const kept = quietly((): unknown => JSON.parse(this.memory().getItem(KEY) ?? 'null'));
    return isSeat(kept) && kept.lesson === lesson ? kept : null;
  }
}

export const seats = new Seats(() => sessionStorage);

/** A duplicated tab has the memory of the first one, but was not reloaded: it has no seat. */
export function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry instanceof PerformanceNavigationTiming && entry.type === 'reload';
}
