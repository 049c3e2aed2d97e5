// People and rooms for tests, with the fields that a test names.

import type { Participant, RoomInfo } from '../protocol/messages';

export const person = (id: string, fields: Partial<Participant> = {}): Participant => ({
  id,
  name: `${id} full`,
  short_name: id,
  initials: id.slice(0, 2),
  role: 'pupil',
  verified: false,
  office: null,
  sources: { microphone: 1, camera: 2, screen: 3, screen_sound: 4 },
  media: { microphone: false, camera: false, screen: false, screen_sound: false },
  mute: 0,
  link: 'here',
  ...fields,
});

export const aRoom = (fields: Partial<RoomInfo> = {}): RoomInfo => ({
  lesson: 'lesson',
  title: 'Математика',
  class_name: '5А',
  ends_at: 0,
  flow: true,
  media_stops_at: null,
  ...fields,
});
