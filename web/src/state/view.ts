// What the room's page draws, made anew from the room's state; see lesson.ts for the border. Pure.

import type { Participant } from '../protocol/messages';
import { chatView } from './chat';
import { handsOf, placesOf } from './hands';
import type { LessonView, TileView } from './lesson';
import { adultsBeside, classActions, personActions } from './powers';
import { reactionOf } from './reactions';
import { conditionsOf } from './room';
import { hasFewTiles, ownOf, type RoomState } from './room-state';
import { sayOf } from './say';
import { marked } from './speaking';
import { stageOf } from './stage';
import { NOTHING } from './tiles';
import { undoView } from './undo';

export const screenKey = (participant: string): string => `${participant}:screen`;

/** On oneself the page shows what this device does, not what the server has heard of it so far; another device of the
 *  same person is known from the server only. */
function seenByAll(state: RoomState, participant: Participant): Participant {
  if (participant.id !== state.you) return participant;
  const elsewhere: Participant['media'] = state.devices.others > 0 ? participant.media : {};
  const media = {
    ...participant.media,
    microphone: state.microphone === 'on' || elsewhere.microphone === true,
    camera: state.camera === 'on' || elsewhere.camera === true,
    screen: state.sharing || elsewhere.screen === true,
    screen_paused: state.sharing ? state.sharingPaused : elsewhere.screen_paused === true,
  };
  return { ...participant, media };
}

interface Drawing {
  readonly state: RoomState;
  readonly you: Participant | null;
  readonly speaking: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, number>;
  readonly now: number;
}

function tileOf(drawing: Drawing, participant: Participant, kind: TileView['kind']): TileView {
  const { state, you } = drawing;
  const isCamera = kind === 'camera';
  const key = isCamera ? participant.id : screenKey(participant.id);
  const mine = participant.id === state.you;
  const isOn = participant.media[kind] === true;
  const spotlight = state.room?.spotlight ?? [];
  return {
    key,
    participant,
    kind,
    mine,
    picture: isOn && state.pictures.has(key),
    lost: participant.link === 'lost' || (mine && state.link === 'down'),
    weak: isCamera && participant.link === 'weak',
    pinned: state.layout.pins.includes(key),
    paused: !isCamera && participant.media.screen_paused === true,
    actions: personActions(participant, you, spotlight),
    ...(isCamera ? signsOf(drawing, participant.id) : NO_SIGNS),
    spotlit: isCamera && spotlight.includes(participant.id),
  };
}

type Signs = Pick<TileView, 'speaking' | 'hand' | 'reaction'>;

/** A shared screen has none. */
const NO_SIGNS: Signs = { speaking: false, hand: null, reaction: null };

const signsOf = ({ state, speaking, places, now }: Drawing, id: string): Signs => ({
  speaking: speaking.has(id),
  hand: places.get(id) ?? null,
  reaction: reactionOf(state.reactions, id, now),
});

/** Pictures and sound go on while only the server of the lesson is away: a line says so then, and nothing is covered. */
function phaseOf(state: RoomState): LessonView['phase'] {
  if (state.closed !== null) return 'closed';
  if (state.room === null) return state.door ? 'at_the_door' : 'connecting';
  return state.link === 'down' && state.media === 'returning' ? 'reconnecting' : 'live';
}

const RANK = { teacher: 0, staff: 1, parent: 2, pupil: 2, observer: 3 } as const;

/** Whoever has a tile on this page: not those that its person hides. */
function hasTile({ layout, you }: RoomState, { id, media }: Participant): boolean {
  if (id === you) return layout.self_view;
  return media.camera === true || !layout.hide_without_camera;
}

function answersOf(people: readonly Participant[]): LessonView['answers'] {
  const count = (answer: 'yes' | 'no'): number => people.filter((person) => person.answer === answer).length;
  const [yes, no] = [count('yes'), count('no')];
  return yes + no === 0 ? null : { yes, no };
}

function leavingOf(
  people: readonly Participant[],
  you: Participant | null,
): Pick<LessonView, 'lastAdult' | 'successors'> {
  const beside = adultsBeside(people, you);
  const leads = you?.host === true;
  return {
    lastAdult: leads && beside.length === 0 && people.some(({ role }) => role === 'pupil'),
    successors: leads ? beside.filter(({ host, role }) => !host && role !== 'teacher') : [],
  };
}

const isObserver = ({ observes }: RoomState, you: Participant | null): boolean =>
  you === null ? observes : you.role === 'observer';

export function viewOf(state: RoomState, now: number): LessonView {
  const everybody = [...state.participants.values()].map((participant) => seenByAll(state, participant));
  const byId = new Map(everybody.map((participant) => [participant.id, participant]));
  const hands = handsOf(everybody, state.you);
  const speaking = marked(state.voices, now);
  const you = state.you === null ? null : (byId.get(state.you) ?? null);
  const drawing = { state, you, speaking: new Set(speaking), places: placesOf(hands), now };
  const named = (ids: readonly string[]): readonly Participant[] => ids.flatMap((id) => byId.get(id) ?? []);
  const tiles = named(state.order)
    .filter((participant) => hasTile(state, participant))
    .map((participant) => tileOf(drawing, participant, 'camera'));
  const screens = named(state.sharers)
    .filter(({ media }) => media.screen)
    .map((participant) => tileOf(drawing, participant, 'screen'));
  const observer = isObserver(state, you);
  return {
    phase: phaseOf(state),
    closed: state.closed,
    door: state.door,
    room: state.room,
    kind: state.room?.kind ?? state.kind,
    you,
    tiles,
    screens,
    stage: stageOf({
      tiles: tiles.map(({ key }) => key),
      screens: screens.filter(({ mine }) => !mine).map(({ key }) => key),
      layout: state.layout,
      spotlight: state.room?.spotlight ?? [],
      speaker: state.speaker.id,
      you: state.you,
    }),
    layout: state.layout,
    people: [...everybody].sort((a, b) => RANK[a.role] - RANK[b.role]),
    speaking,
    hands,
    answers: answersOf(everybody),
    chat: chatView(state.chat, state.room, you),
    waiting: state.waiting,
    ...ownDevices(state),
    canShare: state.canShare && you !== null && !observer && you.rights.screen === 'open',
    host: you?.host === true,
    observer,
    classActions: classActions(everybody, you, state.room),
    asked: state.asked,
    undo: undoView(state.undo, now),
    ...leavingOf(everybody, you),
    saver: state.saver,
    line: state.line,
    fewTiles: hasFewTiles(state),
    devices: state.devices,
    say: sayOf(state.said, conditionsOf(state), now),
  };
}

type OwnDevices = Pick<LessonView, 'microphone' | 'camera' | 'sharing' | 'sharingPaused' | 'shareMode'>;

function ownDevices(state: RoomState): OwnDevices {
  const { microphone, camera, sharing, sharingPaused, shareMode } = state;
  return { microphone, camera, sharing, sharingPaused, shareMode };
}

/** Whether this person's page may see the camera of that one. */
function maySee(state: RoomState, { role }: Participant): boolean {
  return role !== 'pupil' || state.room?.settings.pupils_cameras !== 'hosts' || ownOf(state)?.host === true;
}

/** Tile key → source, for everybody else's pictures that are on: what may be asked for and shown. */
export function sourcesOf(state: RoomState): ReadonlyMap<string, number> {
  const sources = new Map<string, number>();
  for (const participant of state.participants.values()) {
    const { id, media, sources: of } = participant;
    if (id === state.you) continue;
    if (media.camera && maySee(state, participant)) sources.set(id, of['camera'] ?? NOTHING);
    if (media.screen) sources.set(screenKey(id), of['screen'] ?? NOTHING);
  }
  return sources;
}
