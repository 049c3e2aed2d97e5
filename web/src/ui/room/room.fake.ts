// People and tiles as the tests of the room's page need them. Used by tests only.

import type { Participant } from '../../protocol/messages';
import type { TileView } from '../../state/lesson';

export const person = (name: string, change: Partial<Participant> = {}): Participant => ({
  id: name,
  name,
  short_name: name,
  initials: 'АБ',
  about: '',
  role: 'pupil',
  host: false,
  verified: false,
  office: null,
  sources: {},
  media: { microphone: false, camera: true },
  mute: 0,
  rights: { microphone: 'open', camera: 'open', screen: 'open' },
  hand: null,
  answer: null,
  link: 'here',
  ...change,
});

export const tile = (participant: Participant, change: Partial<TileView> = {}): TileView => ({
  key: change.kind === 'screen' ? `${participant.id}:screen` : participant.id,
  participant,
  kind: 'camera',
  mine: false,
  picture: true,
  speaking: false,
  lost: false,
  weak: false,
  hand: null,
  reaction: null,
  pinned: false,
  spotlit: false,
  paused: false,
  actions: [],
  ...change,
});

export const people = (count: number): TileView[] =>
  Array.from({ length: count }, (_, index) => tile(person(`p${index}`)));
