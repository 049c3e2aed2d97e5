// The person's camera, microphone and speaker, from the device check through the lesson: which are plugged in, which are chosen,
// whether they are on and how they are filtered. The device check shows `onChange`'s view and hands the whole object to openLesson,
// which goes on with it. Nothing here knows a room.

import { captureBoth, filtersOf, type MicrophoneMode, type RefusedBy } from './capture';
import type { DeviceNotice } from './device-notices';
import { browserHardware, type Hardware, type Kind } from './hardware';
import { meterLevel } from './level';
import { OwnDevice, type Access, type Filter } from './own-device';
import { labelOf, listsOf, nothingPlugged, type Device, type Lists } from './plugged';
import {
  rememberBlur,
  rememberDevice,
  rememberedBlur,
  rememberedDevice,
  rememberedMode,
  rememberMode,
} from './remembered';

export type { Access, Device, DeviceNotice, Kind, MicrophoneMode };

export interface DevicesView {
  readonly microphone: Access;
  readonly camera: Access;
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  /** Empty where the browser lets nobody choose. */
  readonly speakers: readonly Device[];
  /** Ids of the devices in use; null while the browser chooses. */
  readonly chosen: Readonly<Record<Kind | 'speaker', string | null>>;
  /** Who refused, for what is `refused`. */
  readonly refusedBy: RefusedBy | null;
  /** On, but the system has taken it for a while. */
  readonly held: Readonly<Record<Kind, boolean>>;
  readonly mode: MicrophoneMode;
  readonly blur: boolean;
}

type Tracks = Readonly<Record<Kind, MediaStreamTrack | null>>;
type Listener = () => void;

const KINDS: readonly Kind[] = ['microphone', 'camera'];
const NO_ID = 'default';

const isAsDone = (track: MediaStreamTrack, mode: MicrophoneMode): boolean => {
  const settings = track.getSettings();
  return Object.entries(filtersOf(mode)).every(([filter, on]) => {
    const done = settings[filter as keyof MediaTrackSettings];
    return done === undefined || done === on;
  });
};

export class Devices {
  private readonly own: Readonly<Record<Kind, OwnDevice>>;
  private lists: Lists = nothingPlugged;
  private speaker: string | null = rememberedDevice('speaker');
  private mode: MicrophoneMode;
  private blur = rememberedBlur();
  private readonly listeners = new Set<Listener>();
  private readonly hearers = new Set<(notice: DeviceNotice) => void>();
  private looking: Promise<unknown> = Promise.resolve();
  private closed = false;
  private unwatch: (() => void) | null = null;

  constructor(private readonly hardware: Hardware = browserHardware) {
    this.mode = rememberedMode(rememberedDevice('microphone') ?? NO_ID);
    this.own = { microphone: this.device('microphone'), camera: this.device('camera') };
    if (this.mode === 'clear') this.own.microphone.setFilter(this.noiseFilter());
    if (this.blur) this.own.camera.setFilter(this.blurFilter());
  }

  get view(): DevicesView {
    const { microphone, camera } = this.own;
    const refused = KINDS.map((kind) => this.own[kind]).find(({ access }) => access === 'refused');
    return {
      microphone: microphone.access,
      camera: camera.access,
      microphones: named(this.lists.microphone),
      cameras: named(this.lists.camera),
      speakers: this.hardware.choosesSpeakers ? named(this.lists.speaker) : [],
      chosen: { microphone: microphone.chosen, camera: camera.chosen, speaker: this.heardFrom },
      refusedBy: refused?.refusedBy ?? null,
      held: { microphone: microphone.held, camera: camera.held },
      mode: this.mode,
      blur: this.blur,
    };
  }

  /** What can be sent at the moment; null for what is off or not there. */
  get current(): Tracks {
    return { microphone: this.own.microphone.current, camera: this.own.camera.current };
  }

  /** The microphone that its person has switched off, while the browser still has it. */
  get silenced(): MediaStreamTrack | null {
    const { access, hardwareTrack } = this.own.microphone;
    return access === 'off' ? hardwareTrack : null;
  }

  /** Called after every change, until the returned function is called. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Told of what happens by itself, until the returned function is called. */
  onNotice(hear: (notice: DeviceNotice) => void): () => void {
    this.hearers.add(hear);
    return () => this.hearers.delete(hear);
  }

  /** Asks for both with one question. */
  async start(): Promise<void> {
    this.watch();
    const { microphone, camera } = this.own;
    const questions = { microphone: microphone.begin(), camera: camera.begin() };
    const wanted = { microphone: microphone.wanted, camera: camera.wanted };
    const captured = await captureBoth(this.hardware, wanted);
    for (const kind of KINDS) this.own[kind].answered(questions[kind], captured[kind]);
    await this.look();
  }

  /** «Check again» after something went wrong: what works is left alone. */
  async again(): Promise<void> {
    const broken = KINDS.filter((kind) => !['on', 'off', 'asking'].includes(this.own[kind].access));
    if (broken.length === KINDS.length) await this.start();
    else for (const kind of broken) await this.turnOn(kind);
  }

  /** For observers and for whoever only listens: nothing is asked for, what was on is let go. */
  startWithout(): void {
    this.watch();
    for (const kind of KINDS) this.own[kind].startWithout();
    void this.look();
  }

  /** By its person: remembered. */
  async choose(kind: Kind, id: string): Promise<void> {
    if (id === '') {
      await this.turnOn(kind); // plugged in before the browser may name it
      return;
    }
    if (kind === 'microphone') this.takeMode(rememberedMode(id));
    if (await this.own[kind].choose(id)) {
      rememberDevice(kind, id);
      return;
    }
    if (kind === 'microphone') this.takeMode(rememberedMode(this.own.microphone.chosen ?? NO_ID));
    this.tell({ key: 'not_given', kind, label: labelOf(this.lists[kind], id) });
  }

  chooseSpeaker(id: string): void {
    this.speaker = id;
    rememberDevice('speaker', id);
    this.changed();
  }

  async turnOn(kind: Kind): Promise<Access> {
    await this.own[kind].turnOn();
    await this.look();
    return this.own[kind].access;
  }

  turnOff(kind: Kind): void {
    this.own[kind].turnOff();
  }

  /** Lets the hardware go, after `turnOff`: the light of a camera goes out. */
  stop(kind: Kind): void {
    this.own[kind].letGo();
  }

  /** How the microphone is filtered. Firefox changes it in the running track; elsewhere the microphone is captured once more
   *  beside the running one, which is replaced when the other is there. */
  async setMode(mode: MicrophoneMode): Promise<void> {
    const { microphone } = this.own;
    rememberMode(microphone.chosen ?? NO_ID, mode);
    this.takeMode(mode);
    const track = microphone.hardwareTrack;
    if (!track) return;
    await track.applyConstraints(filtersOf(mode)).catch(() => undefined);
    if (!isAsDone(track, mode)) await microphone.capture();
  }

  setBlur(on: boolean): void {
    rememberBlur(on);
    this.takeBlur(on);
  }

  /** Shows the own camera in a <video> and follows every change of it, until the returned function is called. */
  preview(video: HTMLVideoElement): () => void {
    const show = () => {
      const { camera } = this.current;
      const shown =
        video.srcObject instanceof MediaStream ? (video.srcObject.getVideoTracks()[0] ?? null) : null;
      if (shown === camera && video.srcObject) return;
      video.srcObject = camera ? new MediaStream([camera]) : null;
      if (camera) video.play().catch(() => undefined);
    };
    video.muted = true;
    video.playsInline = true;
    show();
    const unlisten = this.onChange(show);
    return () => {
      unlisten();
      video.srcObject = null;
    };
  }

  /** Loudness 0…1 of the microphone, ten times a second while it is on, until the returned function is called. */
  onLevel(onLevel: (level: number) => void, everyMs?: number): () => void {
    let metered: MediaStreamTrack | null = null;
    let stop: () => void = () => undefined;
    const follow = () => {
      const { microphone } = this.current;
      if (microphone === metered) return;
      stop();
      metered = microphone;
      stop = microphone ? meterLevel(microphone, onLevel, everyMs) : () => undefined;
      if (!microphone) onLevel(0);
    };
    follow();
    const unlisten = this.onChange(follow);
    return () => {
      unlisten();
      stop();
    };
  }

  close(): void {
    this.closed = true;
    this.unwatch?.();
    for (const kind of KINDS) this.own[kind].close();
    this.listeners.clear();
    this.hearers.clear();
  }

  private device(kind: Kind): OwnDevice {
    return new OwnDevice(kind, {
      hardware: this.hardware,
      look: async () => (await this.look()).after[kind],
      usual: () => rememberedDevice(kind),
      mode: () => this.mode,
      onChange: () => {
        this.hintMusic();
        this.changed();
      },
      onNotice: (notice) => this.tell(notice),
    });
  }

  private watch(): void {
    this.unwatch ??= this.hardware.watch({
      devices: () => void this.plugged(),
      permission: () => void this.tryRefused(false),
      wake: () => {
        for (const kind of KINDS) this.own[kind].wake();
        void this.tryRefused(true);
      },
    });
  }

  /** One after the other, so that each sees what has changed since the last. */
  private look(): Promise<{ readonly before: Lists; readonly after: Lists }> {
    const looked = this.looking.then(async () => {
      const before = this.lists;
      const after = listsOf(await this.hardware.list());
      this.lists = after;
      this.changed();
      this.missSpeaker(before.speaker, after.speaker);
      return { before, after };
    });
    this.looking = looked;
    return looked;
  }

  private async plugged(): Promise<void> {
    const { before, after } = await this.look();
    if (this.closed) return;
    for (const kind of KINDS) await this.own[kind].plugged(before[kind], after[kind]);
  }

  /** Whoever looks: of a headset that is pulled out, the microphone is missed before the browser tells of the list. */
  private missSpeaker(before: readonly Device[], after: readonly Device[]): void {
    const chosen = before.find(({ id }) => id === this.speaker);
    if (!this.hardware.choosesSpeakers || !chosen || after.some(({ id }) => id === chosen.id)) return;
    this.tell({ key: 'speaker_gone', gone: chosen.label });
  }

  /** What was refused is tried by itself once it is allowed; what the system refused, when its person is back from there. */
  private async tryRefused(isBack: boolean): Promise<void> {
    const mayTry = ({ access, refusedBy, isAsked }: OwnDevice): boolean =>
      !this.closed && !isAsked && access === 'refused' && (isBack || refusedBy !== 'system');
    for (const kind of KINDS) {
      const device = this.own[kind];
      if (!mayTry(device)) continue;
      const isAllowed = (await this.hardware.permission(kind)) === 'granted';
      // Meanwhile it may be tried already, or wanted no longer.
      if (!isAllowed || !mayTry(device)) continue;
      await device.capture(); // and on only if its person still wants it on
      await this.look();
    }
  }

  private takeMode(mode: MicrophoneMode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.own.microphone.setFilter(mode === 'clear' ? this.noiseFilter() : null);
  }

  private takeBlur(on: boolean): void {
    this.blur = on;
    this.own.camera.setFilter(on ? this.blurFilter() : null);
  }

  private noiseFilter(): Filter {
    return {
      strict: false,
      make: async (raw) => (await import('./noise')).withoutNoise(raw),
      onFailed: () => {
        void this.setMode('usual');
        this.tell({ key: 'clear_failed' });
      },
    };
  }

  private blurFilter(): Filter {
    const giveUp = (key: 'blur_failed' | 'blur_slow'): void => {
      this.own.camera.hide();
      this.takeBlur(false);
      this.tell({ key });
    };
    return {
      strict: true,
      make: async (raw) => (await import('./blur/background')).blurred(raw, (why) => giveUp(`blur_${why}`)),
      onFailed: () => giveUp('blur_failed'),
    };
  }

  /** peer.ts gives music more bits, and browsers do not cut its high notes. */
  private hintMusic(): void {
    const hint = this.mode === 'music' ? 'music' : '';
    for (const track of [this.own.microphone.hardwareTrack, this.own.microphone.current]) {
      if (track && track.contentHint !== hint) track.contentHint = hint;
    }
  }

  private get heardFrom(): string | null {
    return this.lists.speaker.some(({ id }) => id === this.speaker) ? this.speaker : null;
  }

  private tell(notice: DeviceNotice): void {
    if (!this.closed) for (const hear of [...this.hearers]) hear(notice);
  }

  private changed(): void {
    if (!this.closed) for (const listener of [...this.listeners]) listener();
  }
}

const named = (list: readonly Device[]): readonly Device[] => list.filter(({ id }) => id !== '');
