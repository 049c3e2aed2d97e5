// People and rooms as the server tells of them, for tests, with the fields that a test names.

import type { Participant, RoomInfo, RoomSettings, RoomSnapshot } from './messages';

export const person = (id: string, fields: Partial<Participant> = {}): Participant => ({
  id,
  name: `${id} full`,
  short_name: id,
  initials: id.slice(0, 2),
  about: '',
  role: 'pupil',
  host: fields.role === 'teacher',
  verified: false,
  office: null,
  sources: { microphone: 1, camera: 2, screen: 3, screen_sound: 4 },
  media: { microphone: false, camera: false, screen: false, screen_sound: false },
  mute: 0,
  rights: { microphone: 'open', camera: 'open', screen: 'open' },
  hand: null,
  answer: null,
  link: 'here',
  ...fields,
});

export const someSettings: RoomSettings = {
  door: 'list',
  locked: false,
  microphones: 'open',
  cameras: 'open',
  sharing: 'open',
  chat: 'all',
  pupils_cameras: 'all',
};

export const aRoom = (fields: Partial<RoomInfo> = {}): RoomInfo => ({
  lesson: 'lesson',
  kind: 'lesson',
  title: 'Математика',
  class_name: '5А',
  starts_at: 0,
  ends_at: 0,
  flow: true,
  why_not: null,
  media_stops_at: null,
  settings: someSettings,
  spotlight: [],
  ...fields,
});

export const snapshotOf = (
  participants: readonly Participant[],
  fields: Partial<RoomSnapshot> = {},
): RoomSnapshot => ({ seq: 1, room: aRoom(), participants, chat: [], waiting: [], ...fields });
