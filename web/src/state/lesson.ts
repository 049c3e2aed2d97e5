// What the room's page draws and what it may ask for: the border between state (pure) and ui (Svelte).
// `LessonView` is made anew by a pure function of the room's state whenever that changes; the ui keeps no
// copy of any of it. `LessonIntents` is all that a control can do; state and protocol carry it out.

import type {
  AtTheDoor,
  ChatMessage,
  Layout,
  Participant,
  React,
  Report,
  RemoveParticipant,
  RoomInfo,
  SetAnswer,
  SetRoom,
  Waiting,
} from '../protocol/messages';

/** `closed`: by a host, until it is opened again. */
export type Toggle = 'on' | 'off' | 'refused' | 'missing' | 'muted_by_teacher' | 'closed';

/** Why the room is not there (any more); the page shows the closed page of that reason. */
export type ClosedReason =
  | 'left'
  | 'ended'
  | 'removed'
  | 'declined'
  | 'elsewhere'
  | 'already_here'
  | 'lost'
  | 'signed_out'
  | 'refused';

export interface Line {
  readonly quality: 'good' | 'weak';
  /** Pictures of others for which there is no room. */
  readonly heldBack: 'none' | 'fewer' | 'all';
}

export interface OwnDevices {
  readonly others: number;
  readonly sound: boolean;
}

/** How much of the others' pictures this device asks for; its person's choice. */
export type Saver = 'all' | 'one' | 'sound';

/** What a host can do with one person at this moment, in the order of the menu. `remove` needs a reason: `intents.remove`. */
export type PersonAction =
  | 'give_floor'
  | 'take_floor'
  | 'lower_hand'
  | 'mute'
  | 'close_microphone'
  | 'open_microphone'
  | 'ask_microphone'
  | 'stop_camera'
  | 'close_camera'
  | 'open_camera'
  | 'ask_camera'
  | 'stop_screen'
  | 'spotlight'
  | 'end_spotlight'
  | 'make_host'
  | 'end_host'
  | 'remove';

/** What a host can do with everybody but staff. */
export type ClassAction =
  | 'quiet'
  | 'close_microphones'
  | 'open_microphones'
  | 'stop_cameras'
  | 'close_cameras'
  | 'open_cameras'
  | 'close_sharing'
  | 'open_sharing'
  | 'lower_hands'
  | 'take_floor'
  | 'clear_answers'
  | 'end_spotlight';

export type Reaction = React['reaction'];

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
  /** The line of this person carries little. */
  readonly weak: boolean;
  /** Place in the queue of hands, from 1; null while the hand is down. */
  readonly hand: number | null;
  /** A passing reaction, gone by itself. */
  readonly reaction: Reaction | null;
  readonly pinned: boolean;
  readonly spotlit: boolean;
  /** A shared screen that its person has paused: the last picture stands. */
  readonly paused: boolean;
  /** What this page's person can do with this one as a host; empty for everybody else. */
  readonly actions: readonly PersonAction[];
}

/** One message for the empty middle of the top line (never over faces). Words come from the catalogue by key. */
export interface SayView {
  readonly key: string;
  readonly words: Readonly<Record<string, string | number>>;
  readonly urgent: boolean;
  readonly action: { readonly key: string; readonly intent: keyof LessonIntents } | null;
}

/** What can be taken back for some seconds («Тишина в классе»); the toast's words come from the catalogue by key. */
export interface UndoView {
  readonly key: 'quiet' | 'closed_microphones' | 'stopped_cameras';
  readonly count: number;
}

export interface HandView {
  readonly participant: Participant;
  /** Unix seconds, by the server's clock. */
  readonly since: number;
  readonly mine: boolean;
}

export interface ChatLine extends ChatMessage {
  readonly mine: boolean;
  /** One's own that the server has not confirmed yet. */
  readonly sending: boolean;
  readonly mayRemove: boolean;
}

export interface ChatView {
  readonly lines: readonly ChatLine[];
  /** Lines that came since `readChat`. */
  readonly unread: number;
  /** Where a message of this person goes; `off`: the chat is closed. */
  readonly goesTo: 'all' | 'hosts' | 'off';
  /** The server refused the last one; its text, so that nothing is lost. */
  readonly refused: { readonly text: string } | null;
}

/** How the stage is laid out: one grid, or large tiles with a strip. Decided by state/stage.ts, for the table of the look's §3.6. */
export interface StageView {
  readonly mode: 'grid' | 'large';
  /** Keys of the large tiles, at most four; empty in the grid. */
  readonly large: readonly string[];
  /** Keys of all other tiles in their order: pages of the grid, or the strip. */
  readonly others: readonly string[];
  /** Why these are large: what the person may change is only a pin and the mode. */
  readonly because: 'screen' | 'pin' | 'spotlight' | 'speaker' | null;
}

export interface LessonView {
  readonly phase: 'connecting' | 'at_the_door' | 'live' | 'reconnecting' | 'closed';
  readonly closed: ClosedReason | null;
  /** Set in phase `at_the_door`. */
  readonly door: Pick<AtTheDoor, 'host' | 'expected' | 'waiting'> | null;
  readonly room: RoomInfo | null;
  readonly kind: RoomInfo['kind'];
  readonly you: Participant | null;
  /** Cameras of everybody who has a tile and is not hidden by the layout, in the order of the design's §3.5. */
  readonly tiles: readonly TileView[];
  /** Shared screens, the one that began first in front. */
  readonly screens: readonly TileView[];
  readonly stage: StageView;
  readonly layout: Layout;
  readonly people: readonly Participant[];
  readonly speaking: readonly string[];
  readonly hands: readonly HandView[];
  /** The counts of yes and no; null while nobody has answered. */
  readonly answers: { readonly yes: number; readonly no: number } | null;
  readonly chat: ChatView;
  /** At the door; hosts only. */
  readonly waiting: readonly Waiting[];
  readonly microphone: Toggle;
  readonly camera: Toggle;
  readonly sharing: boolean;
  readonly sharingPaused: boolean;
  readonly shareMode: ShareMode;
  readonly canShare: boolean;
  /** Has the powers over this room. */
  readonly host: boolean;
  readonly observer: boolean;
  readonly classActions: readonly ClassAction[];
  /** A host asks this person to turn something on; only a press does it. */
  readonly asked: 'microphone' | 'camera' | null;
  readonly undo: UndoView | null;
  /** True when no adult of the school stays behind if this person leaves, with the adults to whom the room can be handed over. */
  readonly lastAdult: boolean;
  readonly successors: readonly Participant[];
  readonly say: SayView | null;
  readonly saver: Saver;
  /** How the line of this device carries, and whether pictures of others are held back for it. */
  readonly line: Line;
  /** The line or the device carries few tiles at once. */
  readonly fewTiles: boolean;
  /** Others of this person's devices that are in, and whether the lesson is heard on this one. */
  readonly devices: OwnDevices;
}

/** `text`: sharp, up to 5 frames a second. `motion`: up to 30 frames a second. */
export type ShareMode = 'text' | 'motion';

export interface LessonIntents {
  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  setSharing(on: boolean): void;
  setShareMode(mode: ShareMode): void;
  pauseSharing(paused: boolean): void;
  raiseHand(up: boolean): void;
  setAnswer(answer: SetAnswer['answer']): void;
  react(reaction: Reaction): void;
  sendChat(text: string): void;
  removeChat(message: string): void;
  /** What is in the chat has been seen. */
  readChat(): void;
  setLayout(change: Partial<Layout>): void;
  pin(key: string, on: boolean): void;
  act(action: Exclude<PersonAction, 'remove'>, participant: string): void;
  actOnClass(action: ClassAction): void;
  undo(): void;
  setRoom(change: Omit<SetRoom, 'id' | 'type'>): void;
  /** Null: all who are expected. */
  admit(waiting: string | null): void;
  decline(waiting: string): void;
  remove(participant: string, reason: RemoveParticipant['reason']): void;
  /** True when the administrator has it. */
  report(report: Omit<Report, 'id' | 'type'>): Promise<boolean>;
  endLesson(): void;
  /** With `to`, the room is handed over to that adult first. */
  leave(to?: string): void;
  reconnectNow(): void;
  setSaver(saver: Saver): void;
  /** Hear and speak on this device; the other one falls silent. */
  takeSound(): void;
  /** The press that a browser waits for. */
  startSound(): void;
  /** Accepts or puts away what `asked` says. */
  answerAsked(turnOn: boolean): void;
  dismissSay(): void;
  /** The tiles that are on the page with their sizes in device pixels, most wanted first. */
  show(tiles: readonly { readonly key: string; readonly width: number; readonly height: number }[]): void;
}

/** Gives a tile's <video> its picture and takes it away again; made by ui/rtc, used by the tile. */
export type AttachPicture = (key: string, video: HTMLVideoElement) => () => void;
