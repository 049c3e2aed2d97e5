// What each event of the server changes in the room's state. Pure; room.ts calls it for every event.

import type { Participant, RoomSettings } from '../protocol/messages';
import { removed, said as chatSaid } from './chat';
import type { OwnDevices } from './lesson';
import { isReached } from './powers';
import { reacted } from './reactions';
import { GOOD_LINE, ordered, withSharers, type RoomEvent, type RoomState } from './room-state';
import { notice, unsay, type SayKey } from './say';
import { hear } from './speaking';
import { speakerAfter } from './stage';

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
  return tell(withSharers(ordered(withParticipant(state, participant), now)), key, participant, now);
}

type Told = readonly [SayKey, (before: Participant, after: Participant, state: RoomState) => boolean];

/** What a host does to the person of this page, as that person is told it. */
const DONE_TO_ONESELF: readonly Told[] = [
  [
    'floor_given',
    (before, after) => before.rights.microphone !== 'floor' && after.rights.microphone === 'floor',
  ],
  [
    'floor_taken',
    (before, after) => before.rights.microphone === 'floor' && after.rights.microphone !== 'floor',
  ],
  [
    'closed_microphone',
    (before, after) => before.rights.microphone === 'open' && after.rights.microphone === 'closed',
  ],
  ['closed_camera', (before, after) => before.rights.camera === 'open' && after.rights.camera === 'closed'],
  [
    'stopped_camera',
    (before, after, { camera }) =>
      before.media.camera === true &&
      after.media.camera === false &&
      after.rights.camera === 'open' &&
      camera === 'on',
  ],
  [
    'sharing_stopped',
    (before, after, { sharing }) => before.media.screen === true && after.media.screen === false && sharing,
  ],
];

function doneToOneself(state: RoomState, before: Participant, after: Participant, now: number): RoomState {
  if (after.id !== state.you || !isReached(after)) return state;
  const told = DONE_TO_ONESELF.filter(([, happened]) => happened(before, after, state)).map(([key]) => key);
  const answers = after.rights.microphone !== 'closed' || after.hand !== null;
  const unclosed = answers ? unsay(state.said, 'closed_microphone') : state.said;
  const ended = after.rights.microphone === 'floor' ? unclosed : unsay(unclosed, 'floor_given');
  const asks = told.includes('floor_given') && before.hand === null;
  const said = told.reduce((line, key) => notice(line, key, {}, now), ended);
  return { ...state, said, asked: asks ? 'microphone' : state.asked };
}

/** What a host asked for is on, here or on another device of this person. */
function answeredElsewhere(state: RoomState, { id, media }: Participant): RoomState {
  const { asked } = state;
  return id === state.you && asked !== null && media[asked] === true ? { ...state, asked: null } : state;
}

function changed(state: RoomState, participant: Participant, now: number): RoomState {
  const before = state.participants.get(participant.id);
  const next = withSharers(withParticipant(state, participant));
  if (!before) return ordered(next, now);
  const door = participant.id === state.you && !participant.host ? { ...next, waiting: [] } : next;
  const queue = before.hand === participant.hand ? door : ordered(door, now);
  const own = doneToOneself(answeredElsewhere(queue, participant), before, participant, now);
  const [wasLost, isLost] = [before.link === 'lost', participant.link === 'lost'];
  return wasLost === isLost ? own : tell(own, isLost ? 'lost_network' : 'back', participant, now);
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
  return tell(withSharers(ordered({ ...state, participants }, now)), WAYS_OUT[how], participant, now);
}

function heard(state: RoomState, loudest: readonly string[], now: number): RoomState {
  const heardAt = new Map([...state.heardAt, ...loudest.map((id): [string, number] => [id, now])]);
  const speaker = speakerAfter(state.speaker, loudest, state.you, now);
  return { ...state, voices: hear(state.voices, loudest, now), heardAt, speaker };
}

type RoomNews = readonly [SayKey, leads: boolean, (before: RoomSettings, after: RoomSettings) => boolean];

/** What changes for everybody, told to hosts or to the others. */
const ROOM_NEWS: readonly RoomNews[] = [
  ['chat_off', false, (before, after) => before.chat !== 'off' && after.chat === 'off'],
  ['locked', true, (before, after) => !before.locked && after.locked],
  ['unlocked', true, (before, after) => before.locked && !after.locked],
];

function roomChanged(
  state: RoomState,
  event: Extract<RoomEvent, { type: 'room_changed' }>,
  now: number,
): RoomState {
  const before = state.room?.settings ?? event.room.settings;
  const after = event.room.settings;
  const leads = state.participants.get(state.you ?? '')?.host === true;
  const told = ROOM_NEWS.filter(([, isFor, happened]) => isFor === leads && happened(before, after));
  const said = told.reduce((line, [key]) => notice(line, key, {}, now), state.said);
  return { ...state, room: event.room, said };
}

export function afterEvent(state: RoomState, event: RoomEvent, now: number): RoomState {
  switch (event.type) {
    case 'participant_joined':
      return joined(state, event.participant, now);
    case 'participant_changed':
      return changed(state, event.participant, now);
    case 'participant_left':
      return left(state, event.participant, event.how, now);
    case 'room_changed':
      return roomChanged(state, event, now);
    case 'speaking':
      return heard(state, event.participants, now);
    case 'closed':
      return { ...state, closed: event.reason };
    default:
      return aside(state, event, now);
  }
}

/** Another device of the same person has come: where the lesson is heard is said once. */
function withDevices(state: RoomState, devices: OwnDevices, now: number): RoomState {
  const isFirst = state.devices.others === 0 && devices.others > 0 && devices.sound;
  return { ...state, devices, said: isFirst ? notice(state.said, 'second_device', {}, now) : state.said };
}

/** Events beside the roster: chat, signs, the door, what is asked of oneself. */
function aside(state: RoomState, event: RoomEvent, now: number): RoomState {
  switch (event.type) {
    case 'chat_said':
      return { ...state, chat: chatSaid(state.chat, event.message, state.you) };
    case 'chat_removed':
      return { ...state, chat: removed(state.chat, event.message, event.by) };
    case 'reacted':
      return { ...state, reactions: reacted(state.reactions, event.reactions, now) };
    case 'door_changed':
      return { ...state, waiting: event.waiting };
    case 'at_the_door':
      return { ...state, door: event };
    case 'please_turn_on':
      return { ...state, asked: event.kind };
    case 'restarting':
      return { ...state, restarting: true };
    case 'your_link':
      return { ...state, line: { quality: event.quality, heldBack: event.held_back } };
    case 'this_device':
      return withDevices(state, { others: event.others, sound: event.sound }, now);
    case 'media_reset':
      return { ...state, line: GOOD_LINE };
    default:
      return state;
  }
}
