// Accessible names and the order of people in the room. Other people's tools find tiles by these names: each begins
// with the person's full name. Pure.

import type { Catalogue } from '../../locales/ru';
import type { Participant } from '../../protocol/messages';
import type { TileView } from '../../state/lesson';

/** «Артём Белов, это вы, микрофон выключен, без камеры» */
export function tileName(tile: TileView, words: Catalogue): string {
  const { participant, kind, mine, lost } = tile;
  if (kind === 'screen') return `${participant.name}, ${words.tile.screen}`;
  const { microphone, camera } = participant.media;
  const said = [
    participant.name,
    participant.role === 'teacher' && words.tile.teacher,
    mine && words.tile.you,
    microphone === true ? words.tile.microphoneOn : words.tile.microphoneOff,
    camera !== true && words.tile.cameraOff,
    lost && words.tile.lost,
  ];
  return said.filter((part) => part !== false).join(', ');
}

export interface People {
  readonly inClass: readonly Participant[];
  readonly observers: readonly Participant[];
}

/** Teachers first, everybody else as they came; observers apart. */
export function peopleOf(people: readonly Participant[]): People {
  const inClass = people.filter(({ role }) => role !== 'observer');
  return {
    inClass: [
      ...inClass.filter(({ role }) => role === 'teacher'),
      ...inClass.filter(({ role }) => role !== 'teacher'),
    ],
    observers: people.filter(({ role }) => role === 'observer'),
  };
}

/** The small line under a name in the list; empty where nothing is to be said. */
export function personNote(person: Participant, mine: boolean, speaking: boolean, words: Catalogue): string {
  if (person.role === 'observer') {
    return words.people.observerNote(
      person.office === null ? words.tile.observer : words.roles[person.office],
    );
  }
  const said = [
    mine && words.people.you,
    person.role === 'teacher' && words.tile.teacher,
    person.link === 'lost' ? words.tile.lost : speaking && words.tile.speaking,
    person.link === 'here' && person.media.camera !== true && words.tile.cameraOff,
  ];
  return said.filter((part) => part !== false).join(' · ');
}
