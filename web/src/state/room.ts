// The one function that changes what the page knows of a lesson: (state, input, now) → state. Inputs are events and replies
// of the server and facts of this device. Pure: lesson.ts feeds it and shows view.ts of it; what the server says of people is in
// room-events.ts, the state itself in room-state.ts.

import type { Failed, Layout, RoomSnapshot } from '../protocol/messages';
import { answered, chatFrom, read, sending, type Pending } from './chat';
import { FEW_TILES } from './grid';
import { ORDER_STAYS_MS } from './order';
import { nextPassing } from './reactions';
import { afterEvent } from './room-events';
import {
  hasFewTiles,
  GOOD_LINE,
  isEnough,
  ONLY_DEVICE,
  ordered,
  ownOf,
  shownOnPage,
  USUAL_LAYOUT,
  withSharers,
  type RoomEvent,
  type RoomState,
} from './room-state';
import { dismiss, forgetEnded, notice, passesAt, type Condition } from './say';
import { changesAt } from './speaking';
import type { Undo } from './undo';

/** What this device knows by itself. */
type OwnFacts = Pick<
  RoomState,
  | 'link'
  | 'media'
  | 'microphone'
  | 'camera'
  | 'sharing'
  | 'sharingPaused'
  | 'shareMode'
  | 'speakingMuted'
  | 'soundBlocked'
  | 'echo'
  | 'held'
  | 'pictures'
  | 'closed'
>;

export type RoomInput =
  | { readonly type: 'event'; readonly event: RoomEvent }
  | {
      readonly type: 'joined';
      readonly you: string;
      readonly snapshot: RoomSnapshot;
      readonly layout: Layout;
    }
  | { readonly type: 'resumed'; readonly snapshot: RoomSnapshot | null }
  | { readonly type: 'own'; readonly own: Partial<OwnFacts> }
  | { readonly type: 'layout'; readonly change: Partial<Layout> }
  | { readonly type: 'chat_sent'; readonly pending: Pending }
  | { readonly type: 'chat_answered'; readonly key: string; readonly taken: boolean }
  | { readonly type: 'chat_read' }
  | { readonly type: 'undoable'; readonly undo: Undo | null }
  | { readonly type: 'saver'; readonly saver: RoomState['saver'] }
  | { readonly type: 'asked'; readonly asked: RoomState['asked'] }
  | { readonly type: 'refused'; readonly ask: string; readonly code: Failed['code'] }
  /** A lost connection has taken what was pressed along. */
  | { readonly type: 'swallowed' }
  /** Turned on here although a host has closed it. */
  | { readonly type: 'closed_pressed'; readonly kind: 'microphone' | 'camera' }
  | { readonly type: 'shown'; readonly keys: readonly string[] }
  | { readonly type: 'dismissed' }
  | { readonly type: 'tick' };

/** Another device of this person may be the one that they talk into. */
function talksUnheard(state: RoomState): boolean {
  const isHeardElsewhere = state.devices.others > 0 && ownOf(state)?.media.microphone === true;
  return state.speakingMuted && state.microphone === 'off' && state.devices.sound && !isHeardElsewhere;
}

function lastingOf(state: RoomState): readonly (readonly [Condition, boolean])[] {
  const { room } = state;
  const flows = room?.flow === true;
  return [
    [{ key: 'restarting', words: {} }, state.restarting],
    [{ key: 'link_lost', words: {} }, state.link === 'down' && !state.restarting],
    [{ key: 'sound_blocked', words: {} }, state.soundBlocked && state.devices.sound],
    [{ key: 'muted_by_teacher', words: {} }, state.microphone === 'muted_by_teacher'],
    [{ key: 'two_adults', words: {} }, room?.why_not === 'two_adults'],
    [{ key: 'no_adult', words: {} }, room !== null && !flows && room.why_not !== 'two_adults'],
    [{ key: 'media_returning', words: {} }, flows && state.media === 'returning'],
    [{ key: 'speaking_muted', words: {} }, talksUnheard(state)],
    [{ key: 'share_paused', words: {} }, state.sharing && state.sharingPaused],
    ...deviceConditions(state),
    ...lineConditions(state),
    [
      { key: 'adult_left', words: { stops_at: room?.media_stops_at ?? 0 } },
      flows && room.media_stops_at !== null,
    ],
  ];
}

/** What happens to the sound and the picture of this device outside of the room. */
function deviceConditions({
  held,
  echo,
  microphone,
  camera,
}: RoomState): readonly (readonly [Condition, boolean])[] {
  return [
    [{ key: 'held_microphone', words: {} }, held.microphone && microphone === 'on'],
    [{ key: 'held_camera', words: {} }, held.camera && camera === 'on'],
    [{ key: 'lesson_heard', words: {} }, echo === 'lesson_heard'],
    [{ key: 'voice_returns', words: {} }, echo === 'voice_returns'],
  ];
}

/** There are more people than a page shows at a time. */
function holdsBack(state: RoomState): boolean {
  if (!hasFewTiles(state)) return false;
  return [...state.participants.values()].filter(({ role }) => role !== 'observer').length > FEW_TILES;
}

/** Steps down by which sound is kept on a weak line, and what this person has chosen. */
function lineConditions(state: RoomState): readonly (readonly [Condition, boolean])[] {
  const { line, saver, devices } = state;
  const weak = line.quality === 'weak' && saver !== 'sound';
  const four = saver !== 'sound' && holdsBack(state);
  return [
    [{ key: 'sound_only_line', words: {} }, weak && line.heldBack === 'all'],
    [{ key: 'weak_line_four', words: {} }, weak && line.heldBack !== 'all' && four],
    [{ key: 'weak_line', words: {} }, weak && line.heldBack !== 'all' && !four],
    [{ key: 'saver_sound', words: {} }, saver === 'sound'],
    [{ key: 'four_shown', words: {} }, !weak && four],
    [{ key: 'sound_elsewhere', words: {} }, devices.others > 0 && !devices.sound],
  ];
}

export const conditionsOf = (state: RoomState): readonly Condition[] =>
  lastingOf(state)
    .filter(([, lasts]) => lasts)
    .map(([condition]) => condition)
    .concat(atTheDoor(state));

/** One of each who waits, longest first: the line names the first and counts the others. */
const atTheDoor = (state: RoomState): readonly Condition[] =>
  ownOf(state)?.host === true
    ? state.waiting.map(({ short_name: name }) => ({ key: 'at_the_door', words: { name } }))
    : [];

function refused(state: RoomState, ask: string, code: Failed['code'], now: number): RoomState {
  // Whoever it was about has just left: that is said already.
  if (code === 'not_found') return state;
  const key = code === 'too_many' ? 'too_many' : 'not_allowed';
  return { ...state, said: notice(state.said, key, { ask }, now) };
}

function fromSnapshot(state: RoomState, snapshot: RoomSnapshot, now: number): RoomState {
  const participants = new Map(snapshot.participants.map((participant) => [participant.id, participant]));
  const known = {
    ...state,
    door: null,
    restarting: false,
    room: snapshot.room,
    participants,
    waiting: snapshot.waiting,
    chat: chatFrom(state.chat, snapshot.chat, state.you),
  };
  return withSharers(ordered(known, now));
}

/** Nothing of this is known yet on a seat that was just taken. */
const FRESH = { link: 'up', line: GOOD_LINE, devices: ONLY_DEVICE } as const;

function afterInput(state: RoomState, input: RoomInput, now: number): RoomState {
  switch (input.type) {
    case 'event':
      return afterEvent(state, input.event, now);
    case 'joined': {
      const layout = { ...USUAL_LAYOUT, ...input.layout };
      const seated = { ...state, ...FRESH, you: input.you, layout };
      return fromSnapshot(seated, input.snapshot, now);
    }
    case 'resumed':
      return input.snapshot ? fromSnapshot(state, input.snapshot, now) : { ...state, restarting: false };
    case 'own':
      return { ...state, ...input.own };
    case 'dismissed':
      return { ...state, said: dismiss(state.said, conditionsOf(state), now) };
    case 'tick':
      return state.orderDue && isEnough(state, now) ? ordered(state, now) : state;
    default:
      return afterDeed(state, input, now);
  }
}

type Deed = Exclude<RoomInput, { type: 'event' | 'joined' | 'resumed' | 'own' | 'dismissed' | 'tick' }>;

/** What the person of this page has done or wished for. */
function afterDeed(state: RoomState, input: Deed, now: number): RoomState {
  switch (input.type) {
    case 'refused':
      return refused(state, input.ask, input.code, now);
    case 'swallowed':
      return { ...state, said: notice(state.said, 'swallowed', {}, now) };
    case 'closed_pressed':
      return { ...state, said: notice(state.said, `closed_${input.kind}`, {}, now) };
    case 'shown':
      return shownOnPage(state, input.keys, now);
    case 'layout':
      return { ...state, layout: { ...state.layout, ...input.change } };
    case 'chat_sent':
      return { ...state, chat: sending(state.chat, input.pending) };
    case 'chat_answered':
      return { ...state, chat: answered(state.chat, input.key, input.taken) };
    case 'chat_read':
      return { ...state, chat: read(state.chat) };
    case 'undoable':
      return { ...state, undo: input.undo };
    case 'saver':
      return { ...state, saver: input.saver };
    case 'asked':
      return { ...state, asked: input.asked };
  }
}

/** A closed room stays closed for its first reason. */
export function step(state: RoomState, input: RoomInput, now: number): RoomState {
  if (state.closed !== null) return state;
  const next = afterInput(state, input, now);
  return { ...next, said: forgetEnded(next.said, conditionsOf(next)) };
}

/** Whether the floor has just been given to the person of this page, whose hand was up: raising it was the consent. */
export function floorOpens(before: RoomState, after: RoomState): boolean {
  const was = ownOf(before);
  const is = ownOf(after);
  return (
    was !== null &&
    was.hand !== null &&
    was.rights.microphone !== 'floor' &&
    is?.rights.microphone === 'floor'
  );
}

/** When `viewOf` will say something else without an input; a `tick` is due then. */
export function wakesAt(state: RoomState, now: number): number | null {
  const moments = [
    changesAt(state.voices, now),
    passesAt(state.said, now),
    nextPassing(state.reactions, now),
    state.undo && state.undo.until > now ? state.undo.until : null,
    state.orderDue ? Math.max(now, state.orderedAt + ORDER_STAYS_MS) : null,
  ].filter((moment) => moment !== null);
  return moments.length > 0 ? Math.min(...moments) : null;
}
