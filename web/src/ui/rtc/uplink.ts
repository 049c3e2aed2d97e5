// Whether the line upward is thin, by the browser's own estimate of it. Browsers go no lower with a microphone and a camera
// than about 130 kbit/s together, and what does not fit then is lost from the voice as well; so peer.ts sends less of both over
// such a line (simulcast.ts says how much). Who sends little learns nothing of a line that has become wide, so that is tried
// from time to time, ever more rarely. Pure: the estimate and the time come in.

/** Above what a voice and the smallest layer of a camera take at their least, with the headers. */
const THIN_BPS = 180_000;
const THIN_AFTER_MS = 2_000;
/** An attempt on a line that is still thin costs some seconds of the voice. */
const TRY_AFTER_MS = 120_000;
const LONGEST_WAIT_MS = 480_000;

export class Uplink {
  isThin = false;
  private since: number | null = null;
  private waitMs = TRY_AFTER_MS;
  private wideSince: number | null = null;

  /** True when it is another than before. */
  observe(availableBps: number, now: number): boolean {
    if (!this.isThin && availableBps >= THIN_BPS) {
      this.since = null;
      this.wideSince ??= now;
      if (now - this.wideSince >= TRY_AFTER_MS) this.waitMs = TRY_AFTER_MS;
      return false;
    }
    this.wideSince = null;
    this.since ??= now;
    if (now - this.since < (this.isThin ? this.waitMs : THIN_AFTER_MS)) return false;
    if (this.isThin) this.waitMs = Math.min(2 * this.waitMs, LONGEST_WAIT_MS);
    this.isThin = !this.isThin;
    this.since = null;
    return true;
  }
}

/** What the sender's browser believes that the line takes, of all its tracks together; `null` until it knows. Packets go by the
 *  selected pair for seconds before a weak line has carried its nomination. */
export function availableBps(report: RTCStatsReport): number | null {
  for (const entry of report.values() as Iterable<RTCStats>) {
    if (entry.type !== 'transport') continue;
    const { selectedCandidatePairId: id } = entry as RTCTransportStats;
    const pair = id === undefined ? undefined : (report.get(id) as RTCIceCandidatePairStats | undefined);
    return pair?.availableOutgoingBitrate ?? null;
  }
  return null;
}
