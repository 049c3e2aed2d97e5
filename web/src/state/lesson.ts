// What the room's page draws and what it may ask for: the border between state (pure) and ui (Svelte).
// `LessonView` is made anew by a pure function of the room's state whenever that changes; the ui keeps no
// copy of any of it. `LessonIntents` is all that a control can do; state and protocol carry it out.

import type { Participant, RoomInfo } from '../protocol/messages';

export type Toggle = 'on' | 'off' | 'refused' | 'missing' | 'muted_by_teacher';

/** Why the room is not there (any more); the page shows the closed page of that reason. */
export type ClosedReason = 'left' | 'ended' | 'removed' | 'elsewhere' | 'lost' | 'signed_out' | 'refused';

export interface TileView {
  /** Stable key: participant id, with `:screen` for a shared screen. */
  readonly key: string;
  readonly participant: Participant;
  readonly kind: 'camera' | 'screen';
  readonly mine: boolean;
  /** True only while a decoded picture whose CSRC is this person's source is in the tile's slot. */
  readonly picture: boolean;
  readonly speaking: boolean;
  readonly lost: boolean;
  /** What the teacher can do with this person. */
  readonly canMute: boolean;
  readonly canRemove: boolean;
}

/** One message for the empty middle of the top line (never over faces). Words come from the catalogue by key. */
export interface SayView {
  readonly key: string;
  readonly words: Readonly<Record<string, string | number>>;
  readonly urgent: boolean;
  readonly action: { readonly key: string; readonly intent: keyof LessonIntents } | null;
}

export interface LessonView {
  readonly phase: 'connecting' | 'live' | 'reconnecting' | 'closed';
  readonly closed: ClosedReason | null;
  readonly room: RoomInfo | null;
  readonly you: Participant | null;
  readonly tiles: readonly TileView[];
  /** Set while somebody shares a screen: it is drawn large, the others as a strip. */
  readonly screen: TileView | null;
  readonly people: readonly Participant[];
  readonly speaking: readonly string[];
  readonly microphone: Toggle;
  readonly camera: Toggle;
  readonly sharing: boolean;
  readonly canShare: boolean;
  readonly canEnd: boolean;
  readonly observer: boolean;
  readonly say: SayView | null;
}

export interface LessonIntents {
  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  setSharing(on: boolean): void;
  mute(participant: string): void;
  remove(participant: string, reason: 'noise' | 'conduct' | 'stranger' | 'other'): void;
  endLesson(): void;
  leave(): void;
  reconnectNow(): void;
  dismissSay(): void;
  /** The tiles that are on the page with their sizes in device pixels, most wanted first. */
  show(tiles: readonly { readonly key: string; readonly width: number; readonly height: number }[]): void;
}

/** Gives a tile's <video> its picture and takes it away again; made by ui/rtc, used by the tile. */
export type AttachPicture = (key: string, video: HTMLVideoElement) => () => void;
