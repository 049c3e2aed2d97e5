// What this person sends: microphone, camera and screen switched on and off at once here, told to the server after, and taken
// back when it refuses. What a host cuts or closes is switched off here as well. lesson.ts makes one for a lesson; devices.ts and
// share.ts give the tracks, state/cuts.ts reads what a host has done.

import type { Media, Participant } from '../../protocol/messages';
import { cutsOf, type Kept } from '../../state/cuts';
import type { ShareMode, Toggle } from '../../state/lesson';
import type { Access, Devices, DevicesView, Kind } from './devices';
import type { OwnTracks, TrackKind } from './peer';
import { shareScreen, type SharedScreen } from './share';

export interface OwnFacts {
  readonly microphone: Toggle;
  readonly camera: Toggle;
  readonly sharing: boolean;
  readonly sharingPaused: boolean;
  readonly shareMode: ShareMode;
  readonly held: DevicesView['held'];
}

export interface OwnMediaParts {
  readonly devices: Devices;
  send(kind: TrackKind, track: MediaStreamTrack | null): Promise<void>;
  /** False when the server refuses; a lost connection is no refusal, `media` is told again after it. */
  tell(media: Media, muteSeen: number): Promise<boolean>;
  onFacts(facts: OwnFacts): void;
}

const TOGGLE: Readonly<Record<Access, Toggle>> = {
  asking: 'off',
  on: 'on',
  off: 'off',
  refused: 'refused',
  missing: 'missing',
  busy: 'missing',
  vanished: 'missing',
};
/** A camera that is switched off sends black for so long, so that its last picture cannot be seen again: Firefox keeps it. */
const DARK_MS = 400;

export const toggleOf = (access: Access): Toggle => TOGGLE[access];

export class OwnMedia {
  private screen: SharedScreen | null = null;
  private paused = false;
  private mode: ShareMode = 'text';
  private muted = false;
  private muteSeen = 0;
  private closed: Readonly<Record<Kind, boolean>> = { microphone: false, camera: false };
  private card: Participant | null = null;
  /** What the server was told last; null until the join was answered. */
  private said: string | null = null;
  private unanswered = 0;
  private switching = false;
  private dark: ReturnType<typeof setTimeout> | undefined;
  private readonly unlisten: () => void;
  private sent: Record<Kind, MediaStreamTrack | null>;
  /** What the microphone that is sent is taken for; Firefox changes its filters in the same track. */
  private sentHint: string;

  constructor(private readonly parts: OwnMediaParts) {
    this.sent = { ...parts.devices.current };
    this.sentHint = this.sent.microphone?.contentHint ?? '';
    this.unlisten = parts.devices.onChange(() => this.devicesChanged());
  }

  get media(): Media {
    const { microphone, camera } = this.parts.devices.current;
    return {
      microphone: microphone !== null,
      camera: camera !== null,
      screen: this.screen !== null,
      screen_sound: (this.screen?.sound ?? null) !== null,
      screen_paused: this.paused,
    };
  }

  get tracks(): OwnTracks {
    const { microphone, camera } = this.parts.devices.current;
    const shown = this.paused ? null : this.screen;
    return {
      microphone,
      camera,
      screen: shown?.picture ?? null,
      screen_sound: shown?.sound ?? null,
    };
  }

  /** One's own screen as it is, also while nobody is sent anything of it. */
  get ownScreen(): MediaStreamTrack | null {
    return this.screen?.picture ?? null;
  }

  get facts(): OwnFacts {
    return {
      microphone: this.toggle('microphone'),
      camera: this.toggle('camera'),
      sharing: this.screen !== null,
      sharingPaused: this.paused,
      shareMode: this.mode,
      held: this.parts.devices.view.held,
    };
  }

  /** This person as the room has it. The node drops already what a host has cut or closed; it is switched off here as
   *  well. A mute counts once: what its person turns on afterwards names the mute that was seen. */
  heed(card: Participant | null): void {
    if (card === null || card === this.card) return;
    const before: Kept | null = this.card && { card: this.card, unanswered: this.unanswered > 0 };
    this.card = card;
    const { devices } = this.parts;
    const cuts = cutsOf(before, card);
    this.closed = { microphone: cuts.closed.includes('microphone'), camera: cuts.closed.includes('camera') };
    if (card.mute !== 0 && card.mute !== this.muteSeen) {
      this.muteSeen = card.mute;
      this.muted = true;
      devices.turnOff('microphone');
    }
    if (this.closed.microphone) devices.turnOff('microphone');
    if (cuts.off.includes('camera')) devices.turnOff('camera');
    if (cuts.off.includes('screen') && this.screen) this.stopSharing();
    this.parts.onFacts(this.facts);
  }

  /** Another device of this person sends these from now on. */
  yield(taken: readonly TrackKind[]): void {
    for (const kind of ['microphone', 'camera'] as const) {
      if (taken.includes(kind)) this.parts.devices.turnOff(kind);
    }
    if (taken.includes('screen') && this.screen) {
      this.stopSharing();
      void this.told();
    }
  }

  async set(kind: Kind, on: boolean): Promise<void> {
    const { devices } = this.parts;
    if (on && this.closed[kind]) return;
    if (kind === 'microphone') this.muted = false;
    this.switching = true;
    if (on) await devices.turnOn(kind);
    else devices.turnOff(kind);
    this.switching = false;
    if (!(await this.told())) {
      if (on) devices.turnOff(kind);
      else await devices.turnOn(kind);
    }
  }

  async setSharing(on: boolean): Promise<void> {
    if (on === (this.screen !== null)) return;
    if (!on) {
      this.stopSharing();
      await this.told();
      return;
    }
    const screen = await shareScreen(this.mode, () => void this.setSharing(false));
    this.screen?.stop();
    this.screen = screen;
    this.sendScreen();
    if (screen && !(await this.told())) this.stopSharing();
  }

  /** Also before anything is shared: for the next time. */
  async setShareMode(mode: ShareMode): Promise<void> {
    this.mode = mode;
    this.parts.onFacts(this.facts);
    await this.screen?.setMode(mode);
    this.sendScreen();
  }

  async pauseSharing(paused: boolean): Promise<void> {
    if (this.screen === null || paused === this.paused) return;
    this.paused = paused;
    this.sendScreen();
    await this.told();
  }

  close(): void {
    this.unlisten();
    clearTimeout(this.dark);
    this.screen?.stop();
    this.screen = null;
  }

  /** The join was answered: what has come or gone since it was written is told now. A browser may ask its person for
   *  the camera for as long as it likes. */
  joined(media: Media): void {
    this.said = JSON.stringify(media);
    this.catchUp();
  }

  /** Says what is sent; said again on each new connection, since it holds across them. */
  async told(): Promise<boolean> {
    this.said = JSON.stringify(this.media);
    this.unanswered += 1;
    const taken = await this.parts.tell(this.media, this.muteSeen);
    this.unanswered -= 1;
    return taken;
  }

  private toggle(kind: Kind): Toggle {
    const access = this.parts.devices.view[kind];
    if (this.closed[kind] && (access === 'on' || access === 'off')) return 'closed';
    if (kind === 'microphone' && this.muted && access === 'off') return 'muted_by_teacher';
    return TOGGLE[access];
  }

  private stopSharing(): void {
    this.screen?.stop();
    this.screen = null;
    this.paused = false;
    this.sendScreen();
  }

  private sendScreen(): void {
    void this.parts.send('screen', this.tracks.screen);
    void this.parts.send('screen_sound', this.tracks.screen_sound);
    this.parts.onFacts(this.facts);
  }

  private catchUp(): void {
    if (this.said !== null && !this.switching && this.said !== JSON.stringify(this.media)) void this.told();
  }

  /** Allowed late by the browser, and muted or closed meanwhile. */
  private isForbidden(kind: Kind): boolean {
    const muted = kind === 'microphone' && this.muted;
    return (muted || this.closed[kind]) && this.parts.devices.current[kind] !== null;
  }

  /** Switched, chosen, allowed at last, pulled out: what is sent follows. */
  private devicesChanged(): void {
    const forbidden = (['microphone', 'camera'] as const).find((kind) => this.isForbidden(kind));
    if (forbidden) {
      this.parts.devices.turnOff(forbidden);
      return;
    }
    const before = this.sent;
    this.sent = { ...this.parts.devices.current };
    const hint = this.sent.microphone?.contentHint ?? '';
    if (this.sent.microphone && (before.microphone !== this.sent.microphone || hint !== this.sentHint)) {
      void this.parts.send('microphone', this.sent.microphone);
    }
    this.sentHint = hint;
    if (before.camera !== this.sent.camera) this.sendCamera();
    this.catchUp();
    this.parts.onFacts(this.facts);
  }

  private sendCamera(): void {
    clearTimeout(this.dark);
    if (this.sent.camera) {
      void this.parts.send('camera', this.sent.camera);
      return;
    }
    this.dark = setTimeout(() => {
      void this.parts.send('camera', null).then(() => this.sent.camera ?? this.parts.devices.stop('camera'));
    }, DARK_MS);
  }
}
