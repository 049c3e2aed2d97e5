// Cameras, microphones and speakers on a table instead of a browser's, for the tests of devices.ts: plugged in and out, refused,
// held by another program, taken by the system. Ordinary classes; each test has a table of its own.

import type { Hardware, Kind } from './hardware';

type Filters = Pick<MediaTrackSettings, 'echoCancellation' | 'noiseSuppression' | 'autoGainControl'>;

class FakeTrack extends EventTarget {
  readyState: MediaStreamTrackState = 'live';
  enabled = true;
  muted = false;
  contentHint = '';

  constructor(
    readonly kind: 'audio' | 'video',
    readonly label: string,
    private readonly id: string,
    public filters: Filters,
    private readonly changesRunning: boolean,
  ) {
    super();
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.id, ...this.filters };
  }

  applyConstraints(filters: Required<Filters>): Promise<void> {
    if (!this.changesRunning) return Promise.reject(new DOMException('', 'OverconstrainedError'));
    this.filters = filters;
    return Promise.resolve();
  }

  stop(): void {
    this.readyState = 'ended';
  }

  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

interface Plugged {
  readonly kind: MediaDeviceKind;
  readonly id: string;
  readonly label: string;
}

const KIND = { audio: 'audioinput', video: 'videoinput' } as const;

export const builtIn = {
  microphone: { kind: 'audioinput', id: 'mic-1', label: 'Встроенный микрофон' },
  camera: { kind: 'videoinput', id: 'cam-1', label: 'Встроенная камера' },
} as const;
export const headset = { kind: 'audioinput', id: 'mic-2', label: 'Наушники' } as const;
export const earpiece = { kind: 'audiooutput', id: 'out-2', label: 'Наушники' } as const;
export const webcam = { kind: 'videoinput', id: 'cam-2', label: 'Камера на проводе' } as const;

export class Table implements Hardware {
  readonly choosesSpeakers = true;
  /** As in Firefox; in Chromium the filters of a running microphone stay. */
  changesRunning = false;
  /** What the next questions end with, by medium. */
  readonly fails: Partial<Record<'audio' | 'video', readonly [name: string, message?: string]>> = {};
  readonly permissions: Record<Kind, PermissionState> = { microphone: 'granted', camera: 'granted' };
  /** Every track that was given, the last one at the end. */
  readonly given: FakeTrack[] = [];
  questions = 0;
  private plugged: Plugged[];
  private on: Parameters<Hardware['watch']>[0] | null = null;
  private answer: Promise<void> = Promise.resolve();

  constructor(...plugged: readonly Plugged[]) {
    this.plugged = [...plugged];
  }

  async ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.questions += 1;
    await this.answer;
    const tracks = (['audio', 'video'] as const)
      .filter((medium) => constraints[medium])
      .map((medium) => this.open(medium, constraints[medium] as MediaTrackConstraints));
    this.given.push(...tracks);
    const of = (kind: string) => () => tracks.filter((track) => track.kind === kind);
    return { getAudioTracks: of('audio'), getVideoTracks: of('video') } as unknown as MediaStream;
  }

  list(): Promise<readonly MediaDeviceInfo[]> {
    const infos = this.plugged.map(({ kind, id, label }) => ({ kind, deviceId: id, label, groupId: '' }));
    return Promise.resolve(infos as unknown as MediaDeviceInfo[]);
  }

  permission = (kind: Kind): Promise<PermissionState> => Promise.resolve(this.permissions[kind]);

  watch(on: Parameters<Hardware['watch']>[0]): () => void {
    this.on = on;
    return () => (this.on = null);
  }

  /** The browser's question stays open until the returned function is called. */
  holdQuestion(): () => void {
    let release: () => void = () => undefined;
    this.answer = new Promise((resolve) => (release = resolve));
    return release;
  }

  async plug(...devices: readonly Plugged[]): Promise<void> {
    this.plugged.push(...devices);
    this.on?.devices();
    await settled();
  }

  /** As browsers do it: the list changes, and tracks of the device end. */
  async unplug({ id }: Plugged): Promise<void> {
    this.plugged = this.plugged.filter((device) => device.id !== id);
    for (const track of this.given) {
      if (track.readyState === 'live' && track.getSettings().deviceId === id) track.end();
    }
    this.on?.devices();
    await settled();
  }

  async allow(kind: Kind): Promise<void> {
    this.permissions[kind] = 'granted';
    this.on?.permission();
    await settled();
  }

  async wake(): Promise<void> {
    this.on?.wake();
    await settled();
  }

  last(kind: Kind): FakeTrack {
    const track = this.given.filter((one) => one.kind === (kind === 'camera' ? 'video' : 'audio')).at(-1);
    if (!track) throw new Error(`no ${kind} was given`);
    return track;
  }

  private open(medium: 'audio' | 'video', wanted: MediaTrackConstraints): FakeTrack {
    const failure = this.fails[medium];
    if (failure) throw new DOMException(failure[1] ?? '', failure[0]);
    const here = this.plugged.filter(({ kind }) => kind === KIND[medium]);
    const [first] = here;
    if (!first) throw new DOMException('', 'NotFoundError');
    const { exact, ideal } = (wanted.deviceId ?? {}) as { exact?: string; ideal?: string };
    const found = here.find(({ id }) => id === (exact ?? ideal));
    if (exact !== undefined && !found) throw new DOMException('', 'OverconstrainedError');
    const { label, id } = found ?? first;
    const { echoCancellation, noiseSuppression, autoGainControl } = wanted as Required<Filters>;
    const filters = medium === 'audio' ? { echoCancellation, noiseSuppression, autoGainControl } : {};
    return new FakeTrack(medium, label, id, filters, this.changesRunning);
  }
}

/** Everything that waits for promises only has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
