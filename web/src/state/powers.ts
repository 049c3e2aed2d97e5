// What a host can do with one person and with everybody but staff, as the menus offer it. The server decides again; nothing here
// turns on anything of somebody else: it can be asked for, and is turned on by its own person only. Pure.

import type { Participant, RoomInfo } from '../protocol/messages';
import type { ClassAction, PersonAction } from './lesson';

/** Powers reach these; staff and observers are told by a word, not by a switch. */
export const isReached = ({ role }: Participant): boolean => role === 'pupil' || role === 'parent';

const isAdultOfSchool = ({ role }: Participant): boolean =>
  role === 'teacher' || role === 'staff' || role === 'observer';

type Rule = readonly [PersonAction, (person: Participant, spotlight: readonly string[]) => boolean];

const REACHED: readonly Rule[] = [
  [
    'give_floor',
    ({ hand, rights }) => rights.microphone !== 'floor' && (hand !== null || rights.microphone === 'closed'),
  ],
  ['take_floor', ({ rights }) => rights.microphone === 'floor'],
  ['lower_hand', ({ hand }) => hand !== null],
  ['mute', ({ media }) => media.microphone === true],
  ['close_microphone', ({ rights }) => rights.microphone === 'open'],
  ['open_microphone', ({ rights }) => rights.microphone === 'closed'],
  ['ask_microphone', ({ media, rights }) => media.microphone !== true && rights.microphone !== 'closed'],
  ['stop_camera', ({ media }) => media.camera === true],
  ['close_camera', ({ rights }) => rights.camera === 'open'],
  ['open_camera', ({ rights }) => rights.camera === 'closed'],
  ['ask_camera', ({ media, rights }) => media.camera !== true && rights.camera === 'open'],
  ['stop_screen', ({ media }) => media.screen === true],
  ['spotlight', ({ id }, spotlight) => !spotlight.includes(id)],
  ['end_spotlight', ({ id }, spotlight) => spotlight.includes(id)],
];

/** In the order of the menu, the red one last. */
export function personActions(
  person: Participant,
  you: Participant | null,
  spotlight: readonly string[],
): readonly PersonAction[] {
  if (!you?.host) return [];
  if (isReached(person)) {
    const fitting = REACHED.filter(([, fits]) => fits(person, spotlight)).map(([action]) => action);
    return [...fitting, 'remove'];
  }
  const shown: PersonAction[] =
    person.role === 'observer' ? [] : [spotlight.includes(person.id) ? 'end_spotlight' : 'spotlight'];
  if (person.role === 'teacher' || person.id === you.id || !isAdultOfSchool(person)) return shown;
  return [...shown, person.host ? 'end_host' : 'make_host'];
}

export function classActions(
  people: readonly Participant[],
  you: Participant | null,
  room: RoomInfo | null,
): readonly ClassAction[] {
  if (!you?.host || !room) return [];
  const reached = people.filter(isReached);
  const { settings } = room;
  const rules: readonly (readonly [ClassAction, boolean])[] = [
    ['quiet', reached.some(({ media }) => media.microphone === true)],
    ['close_microphones', settings.microphones === 'open'],
    [
      'open_microphones',
      settings.microphones === 'closed' || reached.some(({ rights }) => rights.microphone === 'closed'),
    ],
    ['stop_cameras', reached.some(({ media }) => media.camera === true)],
    ['close_cameras', settings.cameras === 'open'],
    [
      'open_cameras',
      settings.cameras === 'closed' || reached.some(({ rights }) => rights.camera === 'closed'),
    ],
    ['close_sharing', settings.sharing === 'open'],
    ['open_sharing', settings.sharing === 'closed'],
    ['lower_hands', reached.some(({ hand }) => hand !== null)],
    ['take_floor', reached.some(({ rights }) => rights.microphone === 'floor')],
    ['clear_answers', people.some(({ answer }) => answer !== null)],
    ['end_spotlight', room.spotlight.length > 0],
  ];
  return rules.filter(([, fits]) => fits).map(([action]) => action);
}

/** Adults of the school who are in; the room can be handed over to those of them who do not lead it yet. */
export function adultsBeside(
  people: readonly Participant[],
  you: Participant | null,
): readonly Participant[] {
  return people.filter(
    (person) => person.id !== you?.id && person.link === 'here' && isAdultOfSchool(person),
  );
}
