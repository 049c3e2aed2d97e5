// One device of one's own, camera or microphone: captured, silenced, let go, pulled out and taken up again, filtered on its way to
// the others. Whatever happens meanwhile, it is on only if its person wants it on. devices.ts holds two of these and looks after
// what is plugged in.

import {
  capture,
  isDenial,
  type Captured,
  type Denial,
  type MicrophoneMode,
  type RefusedBy,
} from './capture';
import type { DeviceNotice } from './device-notices';
import type { Hardware, Kind } from './hardware';
import { labelOf, newcomers, nextOf, type Device } from './plugged';

/** `asking` until the browser has answered; `off` when the person switched it off; `vanished`: pulled out while on. */
export type Access = 'asking' | 'on' | 'off' | 'refused' | 'missing' | 'busy' | 'vanished';

/** A track made of another one, in whose place it goes out. */
export interface Worked {
  readonly track: MediaStreamTrack;
  stop(): void;
}

export interface Filter {
  /** Nothing may go out unfiltered, not even while the filter is being made. */
  readonly strict: boolean;
  /** Rejects where the browser cannot. */
  make(raw: MediaStreamTrack): Promise<Worked>;
  onFailed(): void;
}

interface Parts {
  readonly hardware: Hardware;
  /** What is plugged in at the moment. */
  look(): Promise<readonly Device[]>;
  /** The one that its person chose last. */
  usual(): string | null;
  mode(): MicrophoneMode;
  onChange(): void;
  onNotice(notice: DeviceNotice): void;
}

export class OwnDevice {
  access: Access = 'asking';
  refusedBy: RefusedBy | null = null;
  /** In use, or to be used next; null while the browser chooses. */
  chosen: string | null;
  private wants = true;
  private raw: MediaStreamTrack | null = null;
  private worked: Worked | null = null;
  private filter: Filter | null = null;
  /** Number of the last question to the browser: what answers an older one is let go. */
  private question = 0;
  private asking = 0;

  constructor(
    readonly kind: Kind,
    private readonly parts: Parts,
  ) {
    this.chosen = parts.usual();
  }

  /** What goes out; null while nothing does. */
  get current(): MediaStreamTrack | null {
    return this.access === 'on' ? (this.worked?.track ?? this.raw) : null;
  }

  /** As it comes from the hardware, whether it goes out or not. */
  get hardwareTrack(): MediaStreamTrack | null {
    return this.raw?.readyState === 'live' ? this.raw : null;
  }

  /** The system has taken it for a while, as a phone does for a call. */
  get held(): boolean {
    return this.access === 'on' && this.raw?.muted === true;
  }

  /** The browser has been asked for it and has not answered. */
  get isAsked(): boolean {
    return this.asking > 0;
  }

  get wanted(): { id: string | null; mode: MicrophoneMode } {
    return { id: this.chosen, mode: this.parts.mode() };
  }

  /** The answer to a question that was asked elsewhere, for both at once: `begin` before it, `answered` after. */
  begin(): number {
    this.wants = true;
    this.set('asking');
    return this.ask();
  }

  answered(question: number, captured: Captured): void {
    this.asking -= 1;
    if (question !== this.question) {
      if (!isDenial(captured)) captured.stop();
    } else if (isDenial(captured)) this.deny(captured);
    else this.take(captured);
  }

  startWithout(): void {
    this.question += 1;
    this.wants = false;
    this.drop();
    this.set('off');
  }

  /** The microphone was only silenced, so it is back at once; a camera that was let go is asked for again. */
  async turnOn(): Promise<void> {
    this.wants = true;
    if (this.hardwareTrack) this.set('on');
    else await this.capture();
  }

  turnOff(): void {
    this.wants = false;
    if (this.access === 'on' || this.access === 'vanished') this.set('off');
  }

  /** Lets the hardware go, after `turnOff`: the light of a camera goes out. */
  letGo(): void {
    if (this.access === 'off') this.drop();
  }

  /** False when it cannot be had: what ran before goes on. */
  async choose(id: string): Promise<boolean> {
    this.chosen = id;
    if (this.access !== 'off') return this.capture();
    this.drop();
    this.parts.onChange();
    return true;
  }

  /** Captured once more where it is: with other filters of the browser, or after a refusal. True when it was given. */
  async capture(): Promise<boolean> {
    const question = this.ask();
    const captured = await capture(this.parts.hardware, this.kind, this.wanted);
    const isCurrent = question === this.question;
    const running = this.hardwareTrack;
    if (isCurrent && isDenial(captured) && running) {
      this.asking -= 1;
      this.chosen = running.getSettings().deviceId ?? null;
      this.parts.onChange();
    } else this.answered(question, captured);
    return isCurrent && !isDenial(captured);
  }

  setFilter(filter: Filter | null): void {
    this.filter = filter;
    this.unfilter();
    this.passOn();
    if (filter && this.raw) void this.make(filter, this.raw);
    this.parts.onChange();
  }

  /** Taken away by the system while nobody looked, such as in a sleep: taken up again. */
  wake(): void {
    if (this.raw?.readyState === 'ended') this.lost(this.raw);
    else if (this.access === 'vanished') void this.comeBack();
  }

  /** Something was plugged in or out. */
  async plugged(before: readonly Device[], after: readonly Device[]): Promise<void> {
    const fresh = newcomers(before, after);
    if (this.access === 'asking') return;
    if (this.access === 'vanished') {
      if (after.length > 0) await this.comeBack();
      return;
    }
    const usual = fresh.find(({ id }) => id === this.parts.usual() && id !== this.chosen);
    if (usual && (this.access === 'on' || this.access === 'off')) {
      await this.choose(usual.id);
      this.parts.onNotice({ key: 'back', kind: this.kind, taken: usual.label });
    } else if (fresh[0] && this.access !== 'refused') {
      this.parts.onNotice({ key: 'plugged', kind: this.kind, device: fresh[0] });
    }
  }

  close(): void {
    this.question += 1;
    this.drop();
  }

  private ask(): number {
    this.asking += 1;
    this.question += 1;
    return this.question;
  }

  private deny({ denial, by }: Denial): void {
    this.drop();
    this.refusedBy = by;
    this.set(this.wants ? denial : 'off');
  }

  private take(raw: MediaStreamTrack): void {
    const { deviceId } = raw.getSettings();
    this.drop();
    if (!this.wants && this.kind === 'camera') {
      raw.stop(); // switched off while the browser was asked: its light must not stay
      this.set('off');
      return;
    }
    this.raw = raw;
    raw.addEventListener('ended', () => this.lost(raw));
    for (const event of ['mute', 'unmute']) raw.addEventListener(event, () => this.parts.onChange());
    if (deviceId) this.chosen = deviceId;
    this.refusedBy = null;
    if (this.filter) void this.make(this.filter, raw);
    this.set(this.wants ? 'on' : 'off');
  }

  private async make(filter: Filter, raw: MediaStreamTrack): Promise<void> {
    const worked = await filter.make(raw).catch(() => null);
    if (filter !== this.filter || raw !== this.raw) {
      worked?.stop();
      return;
    }
    if (worked === null) {
      filter.onFailed();
      return;
    }
    this.worked = worked;
    worked.track.contentHint = raw.contentHint;
    this.passOn();
    this.parts.onChange();
  }

  /** What may not be seen unfiltered is switched off. */
  hide(): void {
    this.turnOff();
    this.letGo();
  }

  /** Pulled out, or taken away by browser or system. While another is asked for, that one takes its place anyway: Safari
   *  ends the former track of a kind by itself. */
  private lost(raw: MediaStreamTrack): void {
    if (raw !== this.raw || this.isAsked) return;
    const gone = { id: this.chosen, label: raw.label };
    this.drop();
    if (this.access !== 'on') return;
    this.set('vanished');
    void this.replace(gone);
  }

  private async replace(gone: { readonly id: string | null; readonly label: string }): Promise<void> {
    const list = await this.parts.look();
    const isThere = list.some(({ id }) => id === gone.id);
    const next = nextOf(list, isThere ? null : gone.id, isThere ? gone.id : this.parts.usual());
    if (this.access !== 'vanished') return;
    if (!next) {
      this.parts.onNotice({ key: 'vanished', kind: this.kind, gone: gone.label });
      return;
    }
    this.chosen = next.id;
    if (!(await this.captureAfterLoss())) return;
    if (this.chosen !== gone.id) {
      const taken = labelOf(list, this.chosen) || next.label;
      this.parts.onNotice({ key: 'took_over', kind: this.kind, gone: gone.label, taken });
    }
  }

  private async comeBack(): Promise<void> {
    const list = await this.parts.look();
    const next = nextOf(list, null, this.parts.usual());
    if (!next || this.isAsked || this.access !== 'vanished') return;
    this.chosen = next.id;
    if (!(await this.captureAfterLoss())) return;
    this.parts.onNotice({ key: 'back', kind: this.kind, taken: labelOf(list, this.chosen) || next.label });
  }

  /** What is not found is still the one that vanished. */
  private async captureAfterLoss(): Promise<boolean> {
    const isGiven = await this.capture();
    if (!isGiven && this.access === 'missing') this.set('vanished');
    return isGiven && this.access === 'on';
  }

  private drop(): void {
    this.unfilter();
    const { raw } = this;
    this.raw = null;
    raw?.stop();
  }

  private unfilter(): void {
    this.worked?.stop();
    this.worked = null;
  }

  private set(access: Access): void {
    this.access = access;
    this.passOn();
    this.parts.onChange();
  }

  /** Silent or black unless it is on; with a strict filter the raw track shows nothing at all. */
  private passOn(): void {
    const isOn = this.access === 'on';
    if (this.raw) this.raw.enabled = isOn && this.filter?.strict !== true;
    if (this.worked) this.worked.track.enabled = isOn;
  }
}
