// Whether this machine keeps up with blurring: by how long each picture took. Pure.

/** Fewer than five pictures a second for eight seconds on end is no picture any more. */
const TOO_SLOW_MS = 200;
const FOR_MS = 8_000;

export class Pace {
  private since: number | null = null;

  /** True once it has been too slow for too long; `tookMs` is from picture to picture. */
  isTooSlow(tookMs: number, now: number): boolean {
    // One that took so long alone is of a machine that slept.
    if (tookMs < TOO_SLOW_MS || tookMs >= FOR_MS) this.since = null;
    else this.since ??= now;
    return this.since !== null && now - this.since >= FOR_MS;
  }

  /** Nobody looks, and pictures may take as long as they like. */
  forget(): void {
    this.since = null;
  }
}
