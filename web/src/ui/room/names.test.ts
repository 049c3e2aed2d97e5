import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import type { Participant } from '../../protocol/messages';
import type { TileView } from '../../state/lesson';
import { peopleOf, personNote, tileName } from './names';

const person = (name: string, change: Partial<Participant> = {}): Participant => ({
  id: name,
  name,
  short_name: name,
  initials: 'АБ',
  role: 'pupil',
  verified: false,
  office: null,
  sources: {},
  media: { microphone: false, camera: true },
  mute: 0,
  link: 'here',
  ...change,
});

const tile = (participant: Participant, change: Partial<TileView> = {}): TileView => ({
  key: participant.id,
  participant,
  kind: 'camera',
  mine: false,
  picture: true,
  speaking: false,
  lost: false,
  canMute: false,
  canRemove: false,
  ...change,
});

const artyom = person('Артём Белов');
const teacher = person('Марина Сергеевна Орлова', {
  short_name: 'Марина Сергеевна',
  role: 'teacher',
  media: { microphone: true, camera: true },
});
const director = person('Сергей Николаевич Рябов', { role: 'observer', office: 'director', media: {} });

describe('the name of a tile', () => {
  it('begins with the full name and says the microphone', () => {
    expect(tileName(tile(artyom), ru)).toBe('Артём Белов, микрофон выключен');
    expect(tileName(tile(artyom), en)).toBe('Артём Белов, microphone off');
  });

  it('says who teaches and which one is mine', () => {
    expect(tileName(tile(teacher, { mine: true }), ru)).toBe(
      'Марина Сергеевна Орлова, учитель, это вы, микрофон включён',
    );
  });

  it('says a missing picture and a lost connection', () => {
    const gone = person('Даниил Назаров', { media: {} });
    expect(tileName(tile(gone, { lost: true }), ru)).toBe(
      'Даниил Назаров, микрофон выключен, без камеры, связь пропала',
    );
  });

  it('says a shared screen', () => {
    expect(tileName(tile(teacher, { kind: 'screen' }), ru)).toBe('Марина Сергеевна Орлова, показ экрана');
  });
});

describe('the list of people', () => {
  it('puts the teacher first and observers apart', () => {
    const { inClass, observers } = peopleOf([artyom, director, teacher]);
    expect(inClass.map(({ name }) => name)).toEqual(['Марина Сергеевна Орлова', 'Артём Белов']);
    expect(observers.map(({ name }) => name)).toEqual(['Сергей Николаевич Рябов']);
  });

  it('says the office of an observer, who speaks and who is lost', () => {
    expect(personNote(director, false, false, ru)).toBe('директор, без микрофона и камеры');
    expect(personNote(artyom, false, true, ru)).toBe('говорит');
    expect(personNote(person('Егор Зайцев', { link: 'lost' }), true, true, ru)).toBe('вы · связь пропала');
    expect(personNote(artyom, false, false, ru)).toBe('');
  });
});
