// What the room's page draws, made anew from the room's state; see lesson.ts for the border. Pure.

import type { Participant } from '../protocol/messages';
import type { LessonView, TileView } from './lesson';
import { conditionsOf, type RoomState } from './room';
import { sayOf } from './say';
import { marked } from './speaking';
import { NOTHING } from './tiles';

export const screenKey = (participant: string): string => `${participant}:screen`;

/** On oneself the page shows what this device does, not what the server has heard of it so far. */
function seenByAll(state: RoomState, participant: Participant): Participant {
  if (participant.id !== state.you) return participant;
  const media = {
    ...participant.media,
    microphone: state.microphone === 'on',
    camera: state.camera === 'on',
    screen: state.sharing,
  };
  return { ...participant, media };
}

function tileOf(
  state: RoomState,
  participant: Participant,
  kind: TileView['kind'],
  speaking: boolean,
): TileView {
  const key = kind === 'screen' ? screenKey(participant.id) : participant.id;
  const mine = participant.id === state.you;
  const mayAct = isTeacher(state) && !mine && participant.role !== 'teacher' && kind === 'camera';
  const isOn = (kind === 'screen' ? participant.media.screen : participant.media.camera) ?? false;
  return {
    key,
    participant,
    kind,
    mine,
    picture: isOn && state.pictures.has(key),
    speaking,
    lost: participant.link === 'lost' || (mine && state.link === 'down'),
    canMute: mayAct && participant.media.microphone === true,
    canRemove: mayAct,
  };
}

const own = (state: RoomState): Participant | null =>
  (state.you === null ? undefined : state.participants.get(state.you)) ?? null;

const isTeacher = (state: RoomState): boolean => own(state)?.role === 'teacher';

function phaseOf(state: RoomState): LessonView['phase'] {
  if (state.closed !== null) return 'closed';
  if (state.room === null) return 'connecting';
  return state.link === 'down' ? 'reconnecting' : 'live';
}

const RANK = { teacher: 0, pupil: 1, observer: 2 } as const;

export function viewOf(state: RoomState, now: number): LessonView {
  const everybody = [...state.participants.values()].map((participant) => seenByAll(state, participant));
  const byId = new Map(everybody.map((participant) => [participant.id, participant]));
  const tiled = state.order.flatMap((id) => byId.get(id) ?? []);
  const speaking = marked(state.voices, now);
  const sharer = tiled.find((participant) => participant.media.screen);
  const you = state.you === null ? null : (byId.get(state.you) ?? null);
  return {
    phase: phaseOf(state),
    closed: state.closed,
    room: state.room,
    you,
    tiles: tiled.map((participant) =>
      tileOf(state, participant, 'camera', speaking.includes(participant.id)),
    ),
    screen: sharer ? tileOf(state, sharer, 'screen', false) : null,
    people: [...everybody].sort((a, b) => RANK[a.role] - RANK[b.role]),
    speaking,
    microphone: state.microphone,
    camera: state.camera,
    sharing: state.sharing,
    canShare: state.canShare && you !== null && you.role !== 'observer',
    canEnd: you?.role === 'teacher',
    observer: you?.role === 'observer',
    say: sayOf(state.said, conditionsOf(state), now),
  };
}

/** Tile key → source, for everybody else's pictures that are on: what may be asked for and shown. */
export function sourcesOf(state: RoomState): ReadonlyMap<string, number> {
  const sources = new Map<string, number>();
  for (const { id, media, sources: of } of state.participants.values()) {
    if (id === state.you) continue;
    if (media.camera) sources.set(id, of['camera'] ?? NOTHING);
    if (media.screen) sources.set(screenKey(id), of['screen'] ?? NOTHING);
  }
  return sources;
}
