// What this person sends: microphone, camera and screen switched on and off at once here, told to the server after, and taken
// back when it refuses. lesson.ts makes one for a lesson; devices.ts and share.ts give the tracks.

import type { Media } from '../../protocol/messages';
import type { Toggle } from '../../state/lesson';
import type { Access, Devices, Kind } from './devices';
import type { OwnTracks, TrackKind } from './peer';
import { shareScreen, type SharedScreen } from './share';

export interface OwnFacts {
  readonly microphone: Toggle;
  readonly camera: Toggle;
  readonly sharing: boolean;
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
};
/** A camera that is switched off sends black for so long, so that its last picture cannot be seen again: Firefox keeps it. */
const DARK_MS = 400;

export const toggleOf = (access: Access): Toggle => TOGGLE[access];

export class OwnMedia {
  private screen: SharedScreen | null = null;
  private muted = false;
  private muteSeen = 0;
  /** What the server was told last; null until the join was answered. */
  private said: string | null = null;
  private switching = false;
  private dark: ReturnType<typeof setTimeout> | undefined;
  private readonly unlisten: () => void;
  private sent: Record<Kind, MediaStreamTrack | null>;

  constructor(private readonly parts: OwnMediaParts) {
    this.sent = { ...parts.devices.current };
    this.unlisten = parts.devices.onChange(() => this.devicesChanged());
  }

  get media(): Media {
    const { microphone, camera } = this.parts.devices.current;
    return {
      microphone: microphone !== null,
      camera: camera !== null,
      screen: this.screen !== null,
      screen_sound: (this.screen?.sound ?? null) !== null,
    };
  }

  get tracks(): OwnTracks {
    const { microphone, camera } = this.parts.devices.current;
    return {
      microphone,
      camera,
      screen: this.screen?.picture ?? null,
      screen_sound: this.screen?.sound ?? null,
    };
  }

  get facts(): OwnFacts {
    const { microphone, camera } = this.parts.devices.view;
    return {
      microphone: this.muted && microphone === 'off' ? 'muted_by_teacher' : TOGGLE[microphone],
      camera: TOGGLE[camera],
      sharing: this.screen !== null,
    };
  }

  /** `mute` is the number of the teacher's mute in force, 0 for none. The node drops the microphone already; it is
   *  switched off here as well, once a mute: what its person turns on afterwards names the mute that was seen. */
  heed(mute: number): void {
    if (mute === 0 || mute === this.muteSeen) return;
    this.muteSeen = mute;
    this.muted = true;
    this.parts.devices.turnOff('microphone');
    this.parts.onFacts(this.facts);
  }

  async set(kind: Kind, on: boolean): Promise<void> {
    const { devices } = this.parts;
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
    this.screen = await shareScreen(() => void this.setSharing(false));
    this.sendScreen();
    if (this.screen && !(await this.told())) this.stopSharing();
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
  told(): Promise<boolean> {
    this.said = JSON.stringify(this.media);
    return this.parts.tell(this.media, this.muteSeen);
  }

  private stopSharing(): void {
    this.screen?.stop();
    this.screen = null;
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

  /** Switched, chosen, allowed at last, pulled out: what is sent follows. */
  private devicesChanged(): void {
    if (this.muted && this.parts.devices.current.microphone) {
      this.parts.devices.turnOff('microphone');
      return;
    }
    const before = this.sent;
    this.sent = { ...this.parts.devices.current };
    if (before.microphone !== this.sent.microphone && this.sent.microphone) {
      void this.parts.send('microphone', this.sent.microphone);
    }
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
