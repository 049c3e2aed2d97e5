// Finds pictures that stay dark: their packets come and none is missing, but nothing is decoded. On a machine without idle
// time Chromium leaves about one new connection in eighty so and asks for key frames without end; another connection helps.
// Pure; swap.ts looks and acts.

/** Of one receive slot, since its connection began. */
export interface Received {
  readonly packets: number;
  readonly lost: number;
  /** Decoded pictures. */
  readonly frames: number;
}
interface Waiting extends Received {
  readonly since: number;
}

/** A busy machine may take four seconds for the first picture of a connection. */
const PATIENCE_MS = 6_000;
/** A device that decodes nothing whatever is done must not spend its time on connections. */
const EVER_LONGER = 4;
/** From look to look; fewer is no picture that goes on. */
const SOME_PACKETS = 5;

export class DarkPictures {
  private waiting: ReadonlyMap<string, Waiting> = new Map();
  private patienceMs = PATIENCE_MS;

  /** `received`: of every slot whose person should be seen and is not. Whether another connection is worth a try. */
  observe(received: ReadonlyMap<string, Received>, now: number): boolean {
    this.waiting = new Map([...received].map(([slot, counts]) => [slot, this.after(slot, counts, now)]));
    const isDark = [...this.waiting.values()].some(({ since }) => now - since >= this.patienceMs);
    if (!isDark) return false;
    this.waiting = new Map();
    this.patienceMs *= EVER_LONGER;
    return true;
  }

  /** Where packets are lost, the line is why there is no picture, and another connection would only burden it. */
  private after(slot: string, counts: Received, now: number): Waiting {
    const before = this.waiting.get(slot);
    const isDark =
      before !== undefined &&
      before.frames === counts.frames &&
      before.lost === counts.lost &&
      before.packets + SOME_PACKETS <= counts.packets;
    return { ...counts, since: isDark ? before.since : now };
  }
}
