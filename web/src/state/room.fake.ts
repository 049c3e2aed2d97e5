// A lesson of three for the tests of room.ts: a teacher, Anna and Boris, and the moves that those tests make.

import type { Participant } from '../protocol/messages';
import { person, snapshotOf } from '../protocol/messages.fake';
import { step, type RoomInput } from './room';
import { openRoom, type RoomEvent, type RoomState } from './room-state';
import { viewOf } from './view';

export const someDevice = {
  kind: 'lesson',
  observes: false,
  microphone: 'on',
  camera: 'on',
  held: { microphone: false, camera: false },
  canShare: true,
  saver: 'all',
  slowDevice: false,
} as const;

export const teacher = person('teacher', { role: 'teacher', verified: true });
export const anna = person('anna', { sources: { camera: 21, screen: 22 } });
export const boris = person('boris', { sources: { camera: 31, screen: 32 } });

export const shut = openRoom({ ...someDevice, microphone: 'on', camera: 'off', canShare: true });

export function inRoom(
  you: string,
  people: readonly Participant[] = [teacher, anna, boris],
  now = 0,
): RoomState {
  return step(shut, { type: 'joined', you, snapshot: snapshotOf(people), layout: {} }, now);
}

export const after = (state: RoomState, input: RoomInput, now: number) => step(state, input, now);
export const hears = (state: RoomState, event: RoomEvent, now: number) =>
  step(state, { type: 'event', event }, now);
export const withMedia = (who: Participant, media: Participant['media']): Participant => ({ ...who, media });
export const keys = (state: RoomState, now: number) => viewOf(state, now).tiles.map(({ key }) => key);
