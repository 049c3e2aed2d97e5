import { describe, expect, it } from 'vitest';
import type { Participant } from '../protocol/messages';
import type { ClassAction, PersonAction } from './lesson';
import { aRoom, person, someSettings } from '../protocol/messages.fake';
import { adultsBeside, classActions, personActions } from './powers';

const teacher = person('teacher', { role: 'teacher' });
const cohost = person('cohost', { role: 'staff', host: true });
const open = { microphone: 'open', camera: 'open', screen: 'open' } as const;
const pupil = (fields: Partial<Participant> = {}) => person('pupil', fields);

type Row = readonly [who: string, person: Participant, actions: readonly PersonAction[]];

const ASKS: readonly PersonAction[] = ['close_microphone', 'ask_microphone', 'close_camera', 'ask_camera'];

const FOR_A_HOST: readonly Row[] = [
  ['a pupil with all off', pupil(), [...ASKS, 'spotlight', 'remove']],
  ['a parent just so', person('parent', { role: 'parent' }), [...ASKS, 'spotlight', 'remove']],
  [
    'a pupil who speaks',
    pupil({ media: { microphone: true } }),
    ['mute', 'close_microphone', 'close_camera', 'ask_camera', 'spotlight', 'remove'],
  ],
  [
    'a pupil on camera with a screen',
    pupil({ media: { camera: true, screen: true } }),
    [
      'close_microphone',
      'ask_microphone',
      'stop_camera',
      'close_camera',
      'stop_screen',
      'spotlight',
      'remove',
    ],
  ],
  ['a raised hand', pupil({ hand: 1 }), ['give_floor', 'lower_hand', ...ASKS, 'spotlight', 'remove']],
  [
    'a closed microphone',
    pupil({ rights: { ...open, microphone: 'closed' } }),
    ['give_floor', 'open_microphone', 'close_camera', 'ask_camera', 'spotlight', 'remove'],
  ],
  [
    'a closed camera',
    pupil({ rights: { ...open, camera: 'closed' } }),
    ['close_microphone', 'ask_microphone', 'open_camera', 'spotlight', 'remove'],
  ],
  [
    'whoever has the floor and speaks',
    pupil({ rights: { ...open, microphone: 'floor' }, media: { microphone: true } }),
    ['take_floor', 'mute', 'close_camera', 'ask_camera', 'spotlight', 'remove'],
  ],
  ['the teacher', person('other', { role: 'teacher' }), ['spotlight']],
  ['staff', person('staff', { role: 'staff' }), ['spotlight', 'make_host']],
  ['an observer', person('director', { role: 'observer' }), ['make_host']],
  ['another co-host', person('second', { role: 'staff', host: true }), ['spotlight', 'end_host']],
];

describe('what a host can do with one person', () => {
  it.each(FOR_A_HOST)('%s', (_who, about, actions) => {
    expect(personActions(about, teacher, [])).toEqual(actions);
    expect(personActions(about, cohost, [])).toEqual(actions);
  });

  it('never is to turn something on for them: that can only be asked', () => {
    const all = FOR_A_HOST.flatMap(([, about]) => personActions(about, teacher, []));
    expect(all.filter((action) => action.startsWith('turn_on'))).toEqual([]);
  });

  it('is to end being large for who is', () => {
    expect(personActions(pupil(), teacher, ['pupil'])).toContain('end_spotlight');
    expect(personActions(pupil(), teacher, ['pupil'])).not.toContain('spotlight');
  });

  it('with oneself is to be large, no more', () => {
    expect(personActions(teacher, teacher, [])).toEqual(['spotlight']);
    expect(personActions(cohost, cohost, [])).toEqual(['spotlight']);
  });

  it.each(FOR_A_HOST)('is nothing for somebody who is no host: %s', (_who, about) => {
    expect(personActions(about, person('me'), [])).toEqual([]);
    expect(personActions(about, person('staff', { role: 'staff' }), [])).toEqual([]);
    expect(personActions(about, null, [])).toEqual([]);
  });
});

const ALWAYS: readonly ClassAction[] = ['close_microphones', 'close_cameras', 'close_sharing'];
const CLOSED = { ...someSettings, microphones: 'closed', cameras: 'closed', sharing: 'closed' } as const;

type ClassRow = readonly [what: string, people: readonly Participant[], more: readonly ClassAction[]];
const OF_CLASS: readonly ClassRow[] = [
  ['nothing is on', [pupil()], []],
  ['somebody speaks', [pupil({ media: { microphone: true } })], ['quiet']],
  ['somebody is on camera', [pupil({ media: { camera: true } })], ['stop_cameras']],
  ['a hand is up', [pupil({ hand: 1 })], ['lower_hands']],
  ['somebody has the floor', [pupil({ rights: { ...open, microphone: 'floor' } })], ['take_floor']],
  ['one microphone is closed', [pupil({ rights: { ...open, microphone: 'closed' } })], ['open_microphones']],
  ['somebody has answered', [pupil({ answer: 'yes' })], ['clear_answers']],
  ['only the teacher speaks', [{ ...teacher, media: { microphone: true, camera: true } }], []],
];

describe('what a host can do with the class', () => {
  it.each(OF_CLASS)('when %s', (_what, people, more) => {
    expect(new Set(classActions(people, teacher, aRoom()))).toEqual(new Set([...ALWAYS, ...more]));
  });

  it('is to open what is closed', () => {
    const room = aRoom({ settings: CLOSED, spotlight: ['pupil'] });
    expect(classActions([pupil()], teacher, room)).toEqual([
      'open_microphones',
      'open_cameras',
      'open_sharing',
      'end_spotlight',
    ]);
  });

  it('is nothing for anybody else', () => {
    expect(classActions([pupil({ media: { microphone: true } })], person('me'), aRoom())).toEqual([]);
  });
});

describe('adults who stay', () => {
  it('are those of the school who are here, whoever leads; parents are not', () => {
    const people = [
      teacher,
      cohost,
      person('director', { role: 'observer' }),
      person('parent', { role: 'parent' }),
      person('away', { role: 'staff', link: 'lost' }),
    ];
    expect(adultsBeside(people, teacher).map(({ id }) => id)).toEqual(['cohost', 'director']);
  });
});
