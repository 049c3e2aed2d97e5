// Everything that the page knows of a lesson, as data, and the two moves that keep its orders. Pure; room.ts changes it.

import type { AtTheDoor, Layout, Participant, RoomInfo, ServerMessage, Waiting } from '../protocol/messages';
import { emptyChat, type Chat } from './chat';
import type { Echo } from './echo';
import type { ClosedReason, Line, OwnDevices, Saver, ShareMode, Toggle } from './lesson';
import { ORDER_STAYS_MS, orderOf, patchedOrder } from './order';
import { noReactions, type Reactions } from './reactions';
import { nothingSaid, type Said } from './say';
import { silence, type Voices } from './speaking';
import { nobodySpeaks, type Speaker } from './stage';
import type { Undo } from './undo';

export type RoomEvent = Exclude<ServerMessage, { readonly re: number }>;

export interface RoomState {
  readonly link: 'connecting' | 'up' | 'down';
  /** The server has said that it restarts, and is not back. */
  readonly restarting: boolean;
  /** `returning` while the media are on their way back after a restart of the node or a change of the network. */
  readonly media: 'up' | 'returning';
  readonly closed: ClosedReason | null;
  readonly door: AtTheDoor | null;
  readonly room: RoomInfo | null;
  /** Of the room and of this person, as the door knew them: what holds until the room is here. */
  readonly kind: RoomInfo['kind'];
  readonly observes: boolean;
  readonly you: string | null;
  /** In the order of the roster. */
  readonly participants: ReadonlyMap<string, Participant>;
  readonly order: readonly string[];
  readonly orderedAt: number;
  readonly orderDue: boolean;
  /** Keys of the tiles on the page, and the order in which they were placed there; null before the first. */
  readonly onPage: { readonly keys: readonly string[]; readonly order: readonly string[] } | null;
  /** Who shares a screen, in the order in which they began. */
  readonly sharers: readonly string[];
  readonly voices: Voices;
  readonly heardAt: ReadonlyMap<string, number>;
  readonly speaker: Speaker;
  readonly reactions: Reactions;
  readonly chat: Chat;
  readonly waiting: readonly Waiting[];
  readonly layout: Required<Layout>;
  readonly asked: 'microphone' | 'camera' | null;
  readonly undo: Undo | null;
  /** Keys of the tiles whose picture may be seen. */
  readonly pictures: ReadonlySet<string>;
  readonly microphone: Toggle;
  readonly camera: Toggle;
  readonly sharing: boolean;
  readonly sharingPaused: boolean;
  readonly shareMode: ShareMode;
  /** This person talks while the own microphone is off. */
  readonly speakingMuted: boolean;
  /** The browser plays nothing before its person has pressed something. */
  readonly soundBlocked: boolean;
  /** A second device beside this one has the lesson, too. */
  readonly echo: Echo | null;
  /** On, but the system has taken it for a while: a phone call. */
  readonly held: { readonly microphone: boolean; readonly camera: boolean };
  readonly canShare: boolean;
  readonly saver: Saver;
  /** The device is too slow for many pictures at once. */
  readonly slowDevice: boolean;
  readonly line: Line;
  readonly devices: OwnDevices;
  readonly said: Said;
}

export const USUAL_LAYOUT: Required<Layout> = {
  mode: 'grid',
  pins: [],
  hide_without_camera: false,
  self_view: true,
};

export const GOOD_LINE: Line = { quality: 'good', heldBack: 'none' };
export const ONLY_DEVICE: OwnDevices = { others: 0, sound: true };

type Beginning = Pick<
  RoomState,
  'kind' | 'observes' | 'microphone' | 'camera' | 'held' | 'canShare' | 'saver' | 'slowDevice'
>;

export function openRoom(own: Beginning): RoomState {
  return {
    link: 'connecting',
    restarting: false,
    media: 'up',
    closed: null,
    door: null,
    room: null,
    you: null,
    participants: new Map(),
    order: [],
    orderedAt: -Infinity,
    orderDue: false,
    onPage: null,
    sharers: [],
    voices: silence,
    heardAt: new Map(),
    speaker: nobodySpeaks,
    reactions: noReactions,
    chat: emptyChat,
    waiting: [],
    layout: USUAL_LAYOUT,
    asked: null,
    undo: null,
    pictures: new Set(),
    sharing: false,
    sharingPaused: false,
    shareMode: 'text',
    speakingMuted: false,
    soundBlocked: false,
    echo: null,
    line: GOOD_LINE,
    devices: ONLY_DEVICE,
    said: nothingSaid,
    ...own,
  };
}

/** Nine pictures are too many for this device or its line. */
export const hasFewTiles = ({ slowDevice, line }: RoomState): boolean =>
  slowDevice || line.quality === 'weak';

export const ownOf = ({ you, participants }: RoomState): Participant | null =>
  (you === null ? undefined : participants.get(you)) ?? null;

export const isEnough = (state: RoomState, now: number): boolean => now - state.orderedAt >= ORDER_STAYS_MS;

/** The order of tiles anew, but never more often than every three seconds: until then people only come and go. */
export function ordered(state: RoomState, now: number): RoomState {
  const { participants, you, heardAt } = state;
  const order = orderOf({ people: [...participants.values()], you, heardAt, now });
  if (isEnough(state, now)) return { ...state, order, orderedAt: now, orderDue: false };
  return { ...state, order: patchedOrder(state.order, order, you), orderDue: true };
}

/** Who shares at the moment, those who began first in front. */
export function withSharers(state: RoomState): RoomState {
  const sharing = [...state.participants.values()].filter(({ media }) => media.screen).map(({ id }) => id);
  const kept = state.sharers.filter((id) => sharing.includes(id));
  const sharers = [...kept, ...sharing.filter((id) => !kept.includes(id))];
  return sharers.length === state.sharers.length && kept.length === sharers.length
    ? state
    : { ...state, sharers };
}

/** Other tiles in the same order: the page was turned, and the order may be made anew. Where the order has changed
 *  since, the tiles only follow it. */
export function shownOnPage(state: RoomState, keys: readonly string[], now: number): RoomState {
  const { onPage, order } = state;
  const next = { ...state, onPage: { keys, order } };
  if (onPage?.order !== order) return next;
  const before = new Set(onPage.keys);
  const isTurned = keys.length !== before.size || keys.some((key) => !before.has(key));
  return isTurned ? ordered(next, now) : next;
}
