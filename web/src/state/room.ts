// Everything that the page knows of a lesson, and the one function that changes it: (state, input, now) → state. Inputs are
// events and replies of the server and facts of this device. Pure: lesson.ts feeds it and shows view.ts of it.

import type { Participant, RoomInfo, RoomSnapshot, ServerMessage } from '../protocol/messages';
import type { ClosedReason, Toggle } from './lesson';
import { ORDER_STAYS_MS, orderOf, patchedOrder } from './order';
import {
  dismiss,
  forgetEnded,
  nothingSaid,
  notice,
  passesAt,
  type Condition,
  type Said,
  type SayKey,
} from './say';
import { changesAt, hear, silence, type Voices } from './speaking';

export type RoomEvent = Exclude<ServerMessage, { readonly re: number }>;
export interface RoomState {
  readonly link: 'connecting' | 'up' | 'down';
  /** `returning` while the media are on their way back after a restart of the node or a change of the network. */
  readonly media: 'up' | 'returning';
  readonly closed: ClosedReason | null;
  readonly room: RoomInfo | null;
  readonly you: string | null;
  /** In the order of the roster. */
  readonly participants: ReadonlyMap<string, Participant>;
  readonly order: readonly string[];
  readonly orderedAt: number;
  readonly orderDue: boolean;
  readonly voices: Voices;
  readonly heardAt: ReadonlyMap<string, number>;
  /** Keys of the tiles whose picture may be seen. */
  readonly pictures: ReadonlySet<string>;
  readonly microphone: Toggle;
  readonly camera: Toggle;
  readonly sharing: boolean;
  readonly canShare: boolean;
  readonly said: Said;
}

/** What this device knows by itself. */
type OwnFacts = Pick<
  RoomState,
  'link' | 'media' | 'microphone' | 'camera' | 'sharing' | 'pictures' | 'closed'
>;

export type RoomInput =
  | { readonly type: 'event'; readonly event: RoomEvent }
  | { readonly type: 'joined'; readonly you: string; readonly snapshot: RoomSnapshot }
  | { readonly type: 'resumed'; readonly snapshot: RoomSnapshot | null }
  | { readonly type: 'own'; readonly own: Partial<OwnFacts> }
  | { readonly type: 'refused'; readonly ask: string }
  | { readonly type: 'dismissed' }
  | { readonly type: 'tick' };

export function openRoom(own: { microphone: Toggle; camera: Toggle; canShare: boolean }): RoomState {
  return {
    link: 'connecting',
    media: 'up',
    closed: null,
    room: null,
    you: null,
    participants: new Map(),
    order: [],
    orderedAt: -Infinity,
    orderDue: false,
    voices: silence,
    heardAt: new Map(),
    pictures: new Set(),
    sharing: false,
    said: nothingSaid,
    ...own,
  };
}

export function conditionsOf(state: RoomState): readonly Condition[] {
  const { room } = state;
  const found: Condition[] = [];
  if (state.link === 'down') found.push({ key: 'link_lost', words: {} });
  if (state.microphone === 'muted_by_teacher') found.push({ key: 'muted_by_teacher', words: {} });
  if (room && !room.flow) found.push({ key: 'no_adult', words: {} });
  if (room?.flow && state.media === 'returning') found.push({ key: 'media_returning', words: {} });
  if (room?.flow && room.media_stops_at !== null) {
    found.push({ key: 'adult_left', words: { stops_at: room.media_stops_at } });
  }
  return found;
}

const isEnough = (state: RoomState, now: number): boolean => now - state.orderedAt >= ORDER_STAYS_MS;

function ordered(state: RoomState, now: number): RoomState {
  const { participants, you, heardAt } = state;
  const order = orderOf({ people: [...participants.values()], you, heardAt, now });
  if (isEnough(state, now)) return { ...state, order, orderedAt: now, orderDue: false };
  return { ...state, order: patchedOrder(state.order, order, you), orderDue: true };
}

function fromSnapshot(state: RoomState, snapshot: RoomSnapshot, now: number): RoomState {
  const participants = new Map(snapshot.participants.map((participant) => [participant.id, participant]));
  return ordered({ ...state, room: snapshot.room, participants }, now);
}

function tell(state: RoomState, key: SayKey, participant: Participant, now: number): RoomState {
  if (participant.id === state.you) return state;
  return { ...state, said: notice(state.said, key, { name: participant.short_name }, now) };
}

const withParticipant = (state: RoomState, participant: Participant): RoomState => ({
  ...state,
  participants: new Map(state.participants).set(participant.id, participant),
});

function joined(state: RoomState, participant: Participant, now: number): RoomState {
  const key = participant.role === 'observer' ? 'observer_in' : 'joined';
  return tell(ordered(withParticipant(state, participant), now), key, participant, now);
}

function changed(state: RoomState, participant: Participant, now: number): RoomState {
  const before = state.participants.get(participant.id);
  const next = withParticipant(state, participant);
  if (!before || before.link === participant.link) return next;
  return tell(next, participant.link === 'lost' ? 'lost_network' : 'back', participant, now);
}

const WAYS_OUT = {
  left: 'left',
  closed: 'closed_page',
  lost: 'not_back',
  removed: 'removed_person',
} as const;

function left(state: RoomState, id: string, how: keyof typeof WAYS_OUT, now: number): RoomState {
  const participant = state.participants.get(id);
  if (!participant) return state;
  const participants = new Map(state.participants);
  participants.delete(id);
  return tell(ordered({ ...state, participants }, now), WAYS_OUT[how], participant, now);
}

function heard(state: RoomState, loudest: readonly string[], now: number): RoomState {
  const heardAt = new Map([...state.heardAt, ...loudest.map((id): [string, number] => [id, now])]);
  return { ...state, voices: hear(state.voices, loudest, now), heardAt };
}

function afterEvent(state: RoomState, event: RoomEvent, now: number): RoomState {
  switch (event.type) {
    case 'participant_joined':
      return joined(state, event.participant, now);
    case 'participant_changed':
      return changed(state, event.participant, now);
    case 'participant_left':
      return left(state, event.participant, event.how, now);
    case 'room_changed':
      return { ...state, room: event.room };
    case 'speaking':
      return heard(state, event.participants, now);
    case 'closed':
      return { ...state, closed: event.reason };
    default:
      return state;
  }
}

function afterInput(state: RoomState, input: RoomInput, now: number): RoomState {
  switch (input.type) {
    case 'event':
      return afterEvent(state, input.event, now);
    case 'joined':
      return fromSnapshot({ ...state, link: 'up', you: input.you }, input.snapshot, now);
    case 'resumed':
      return input.snapshot ? fromSnapshot(state, input.snapshot, now) : state;
    case 'own':
      return { ...state, ...input.own };
    case 'refused':
      return { ...state, said: notice(state.said, 'not_allowed', { ask: input.ask }, now) };
    case 'dismissed':
      return { ...state, said: dismiss(state.said, conditionsOf(state), now) };
    case 'tick':
      return state.orderDue && isEnough(state, now) ? ordered(state, now) : state;
  }
}

/** A closed room stays closed for its first reason. */
/** The number of the teacher's mute that is in force for the person of this page, 0 for none. */
export const muteOf = ({ you, participants }: RoomState): number =>
  (you === null ? undefined : participants.get(you))?.mute ?? 0;

export function step(state: RoomState, input: RoomInput, now: number): RoomState {
  if (state.closed !== null) return state;
  const next = afterInput(state, input, now);
  return { ...next, said: forgetEnded(next.said, conditionsOf(next)) };
}

/** When `viewOf` will say something else without an input; a `tick` is due then. */
export function wakesAt(state: RoomState, now: number): number | null {
  const moments = [
    changesAt(state.voices, now),
    passesAt(state.said, now),
    state.orderDue ? Math.max(now, state.orderedAt + ORDER_STAYS_MS) : null,
  ].filter((moment) => moment !== null);
  return moments.length > 0 ? Math.min(...moments) : null;
}
