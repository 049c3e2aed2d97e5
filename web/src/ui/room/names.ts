// Accessible names and the order of people in the room. Other people's tools find tiles by these names: each begins
// with the person's full name. Pure.

import { narrowName } from '../../locales/formats';
import type { Catalogue } from '../../locales/ru';
import type { Participant } from '../../protocol/messages';
import type { TileView } from '../../state/lesson';

type Said = readonly (string | false | null)[];

const spoken = (said: Said, between: string): string =>
  said.filter((part) => part !== false && part !== null).join(between);

function roleOf(participant: Participant, words: Catalogue): string | false {
  if (participant.role === 'teacher') return words.tile.teacher;
  return participant.host && words.tile.host;
}

function answerOf({ answer }: Participant, words: Catalogue): string | false {
  if (answer === null) return false;
  return answer === 'yes' ? words.signs.answerYes : words.signs.answerNo;
}

/** What a tile shows beside the name: hand, answer, reaction, that it is large. */
function signsOf(tile: TileView, words: Catalogue): Said {
  return [
    tile.hand !== null && words.signs.hand(tile.hand),
    answerOf(tile.participant, words),
    tile.reaction !== null && words.signs.reaction[tile.reaction],
    tile.pinned && words.signs.pinned,
    tile.spotlit && words.signs.spotlit,
  ];
}

/** «Артём Белов, это вы, микрофон выключен, рука поднята, 2-я в очереди» */
export function tileName(tile: TileView, words: Catalogue): string {
  const { participant, kind, mine, lost } = tile;
  if (kind === 'screen') {
    const paused = tile.paused && words.signs.paused.toLocaleLowerCase();
    return spoken([participant.name, words.tile.screen, paused, tile.pinned && words.signs.pinned], ', ');
  }
  const { microphone, camera } = participant.media;
  const said: Said = [
    participant.name,
    participant.role === 'parent' && participant.about !== '' && participant.about,
    roleOf(participant, words),
    mine && words.tile.you,
    microphone === true ? words.tile.microphoneOn : words.tile.microphoneOff,
    camera !== true && words.tile.cameraOff,
    lost && words.tile.lost,
    tile.weak && !lost && words.links.weak,
    ...signsOf(tile, words),
  ];
  return spoken(said, ', ');
}

/** The name on a tile, whole and for a narrow one: only a pupil's family name is shortened. */
export function shownName(
  tile: TileView,
  words: Catalogue,
): { readonly full: string; readonly narrow: string } {
  const { participant } = tile;
  if (tile.kind === 'screen') {
    const name = words.room.screenOf(participant.short_name);
    return { full: name, narrow: name };
  }
  const full = tile.mine ? words.room.you : participant.short_name;
  return { full, narrow: narrowName(full, participant.role === 'pupil') };
}

export interface People {
  readonly inRoom: readonly Participant[];
  /** The school's leadership at a meeting. */
  readonly staff: readonly Participant[];
  readonly observers: readonly Participant[];
}

/** Teachers first, everybody else as they came; leadership and observers apart. */
export function peopleOf(people: readonly Participant[]): People {
  const of = (role: Participant['role']): readonly Participant[] => people.filter((one) => one.role === role);
  const others = people.filter(({ role }) => role === 'pupil' || role === 'parent');
  return { inRoom: [...of('teacher'), ...others], staff: of('staff'), observers: of('observer') };
}

/** What is said of a person's rights, the most important. */
function rightsNote({ rights }: Participant, words: Catalogue): string | false {
  if (rights.microphone === 'floor') return words.panel.floor;
  if (rights.microphone === 'closed') return words.panel.closed;
  return rights.camera === 'closed' && words.panel.closedCamera;
}

function linkNote({ link }: Participant, words: Catalogue): string | false {
  if (link === 'here') return false;
  return link === 'lost' ? words.tile.lost : words.links.weak;
}

/** The small line under a name in the list; empty where nothing is to be said. */
export function personNote(person: Participant, mine: boolean, speaking: boolean, words: Catalogue): string {
  if (person.role === 'observer') {
    const office = person.office === null ? words.tile.observer : words.roles[person.office];
    return words.panel.observerNote(office);
  }
  const said: Said = [
    mine && words.panel.you,
    person.about !== '' ? person.about : person.role === 'teacher' && words.tile.teacher,
    person.host && person.role !== 'teacher' && words.panel.host,
    linkNote(person, words),
    person.link !== 'lost' && speaking && words.tile.speaking,
    rightsNote(person, words),
    answerOf(person, words),
    person.link !== 'lost' && person.media.camera !== true && words.tile.cameraOff,
  ];
  return spoken(said, ' · ');
}
