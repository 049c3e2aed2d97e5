// The person's camera and microphone, from the device check through the lesson: which are there, which are chosen, whether
// they are on. The device check shows `onChange`'s view and hands the whole object to openLesson, which goes on with it. Nothing
// here knows a room.

import {
  capture,
  captureBoth,
  listDevices,
  watchDevices,
  type Captured,
  type Device,
  type Kind,
} from './capture';
import { meterLevel } from './level';
import { rememberedDevice, rememberDevice } from './remembered';

export type { Device, Kind };

/** `asking` until the browser has answered; `off` when the person switched it off. */
export type Access = 'asking' | 'on' | 'off' | 'refused' | 'missing' | 'busy';

export interface DevicesView {
  readonly microphone: Access;
  readonly camera: Access;
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  /** Ids of the devices in use; null while the browser chooses. */
  readonly chosen: Readonly<Record<Kind, string | null>>;
}

type Tracks = Readonly<Record<Kind, MediaStreamTrack | null>>;
type Listener = () => void;

const KINDS: readonly Kind[] = ['microphone', 'camera'];

export class Devices {
  private access: Record<Kind, Access> = { microphone: 'asking', camera: 'asking' };
  private tracks: Record<Kind, MediaStreamTrack | null> = { microphone: null, camera: null };
  private lists: Record<Kind, readonly Device[]> = { microphone: [], camera: [] };
  private chosen: Record<Kind, string | null>;
  private listeners = new Set<Listener>();
  private closed = false;
  private unwatch: () => void = () => undefined;

  constructor() {
    this.chosen = { microphone: rememberedDevice('microphone'), camera: rememberedDevice('camera') };
  }

  get view(): DevicesView {
    return {
      microphone: this.access.microphone,
      camera: this.access.camera,
      microphones: this.lists.microphone,
      cameras: this.lists.camera,
      chosen: { ...this.chosen },
    };
  }

  /** What can be sent at the moment; null for what is off or not there. */
  get current(): Tracks {
    return {
      microphone: this.access.microphone === 'on' ? this.tracks.microphone : null,
      camera: this.access.camera === 'on' ? this.tracks.camera : null,
    };
  }

  /** Called after every change, until the returned function is called. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks for both; also «check again» after a refusal. */
  async start(): Promise<void> {
    this.access = { microphone: 'asking', camera: 'asking' };
    this.changed();
    this.unwatch();
    this.unwatch = watchDevices(() => void this.refresh());
    const captured = await captureBoth(this.chosen);
    for (const kind of KINDS) this.take(kind, captured[kind]);
    await this.refresh();
  }

  /** For observers and for whoever enters without: nothing is asked for. */
  startWithout(): void {
    this.access = { microphone: 'off', camera: 'off' };
    this.changed();
  }

  async choose(kind: Kind, id: string): Promise<void> {
    this.chosen[kind] = id;
    rememberDevice(kind, id);
    if (this.access[kind] === 'off') this.changed();
    else this.take(kind, await capture(kind, this.chosen));
  }

  /** The microphone is only silenced, so that it is back at once; the camera is asked for anew, its light goes out with `stop`. */
  async turnOn(kind: Kind): Promise<Access> {
    const track = this.tracks[kind];
    if (track?.readyState === 'live') {
      track.enabled = true;
      this.set(kind, 'on');
    } else {
      this.take(kind, await capture(kind, this.chosen));
      await this.refresh();
    }
    return this.access[kind];
  }

  turnOff(kind: Kind): void {
    if (this.access[kind] !== 'on') return;
    const track = this.tracks[kind];
    if (track) track.enabled = false;
    this.set(kind, 'off');
  }

  /** Lets the hardware go, after `turnOff`: the light of a camera goes out. */
  stop(kind: Kind): void {
    if (this.access[kind] !== 'off') return;
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
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
  onLevel(onLevel: (level: number) => void): () => void {
    let metered: MediaStreamTrack | null = null;
    let stop: () => void = () => undefined;
    const follow = () => {
      const { microphone } = this.current;
      if (microphone === metered) return;
      stop();
      metered = microphone;
      stop = microphone ? meterLevel(microphone, onLevel) : () => undefined;
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
    this.unwatch();
    for (const kind of KINDS) this.tracks[kind]?.stop();
    this.listeners.clear();
  }

  private take(kind: Kind, captured: Captured): void {
    if (typeof captured === 'string') {
      this.set(kind, captured);
      return;
    }
    if (this.closed) {
      captured.stop();
      return;
    }
    if (this.tracks[kind] !== captured) this.tracks[kind]?.stop();
    this.tracks[kind] = captured;
    captured.onended = () => this.lost(kind, captured);
    const used = captured.getSettings().deviceId;
    if (used) this.chosen[kind] = used;
    this.set(kind, 'on');
  }

  /** Pulled out, or taken away by the browser. */
  private lost(kind: Kind, track: MediaStreamTrack): void {
    if (this.tracks[kind] !== track) return;
    this.tracks[kind] = null;
    if (this.access[kind] === 'on') this.set(kind, 'missing');
  }

  private async refresh(): Promise<void> {
    const [microphone, camera] = await Promise.all([listDevices('microphone'), listDevices('camera')]);
    this.lists = { microphone, camera };
    this.changed();
  }

  private set(kind: Kind, access: Access): void {
    this.access[kind] = access;
    this.changed();
  }

  private changed(): void {
    if (this.closed) return;
    for (const listener of [...this.listeners]) listener();
  }
}
