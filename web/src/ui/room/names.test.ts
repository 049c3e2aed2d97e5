import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import { peopleOf, personNote, shownName, tileName } from './names';
import { person, tile } from './room.fake';

const artyom = person('Артём Белов');
const teacher = person('Марина Сергеевна Орлова', {
  short_name: 'Марина Сергеевна',
  role: 'teacher',
  host: true,
  media: { microphone: true, camera: true },
});
const director = person('Сергей Николаевич Рябов', { role: 'observer', office: 'director', media: {} });
const mother = person('Ольга Дроздова', {
  short_name: 'Ольга, мама Полины',
  about: 'мама Полины',
  role: 'parent',
});

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

  it('says whose parent somebody is', () => {
    expect(tileName(tile(mother), ru)).toBe('Ольга Дроздова, мама Полины, микрофон выключен');
  });

  it('says the place of a hand, an answer and a passing reaction', () => {
    const asks = tile(person('Артём Белов', { answer: 'yes' }), { hand: 2, reaction: 'clap' });
    expect(tileName(asks, ru)).toBe(
      'Артём Белов, микрофон выключен, рука поднята, 2-я в очереди, ответ «да», аплодирует',
    );
  });

  it('says a missing picture and a lost connection', () => {
    const gone = person('Даниил Назаров', { media: {} });
    expect(tileName(tile(gone, { lost: true }), ru)).toBe(
      'Даниил Назаров, микрофон выключен, без камеры, связь пропала',
    );
  });

  it('says a shared screen and that it is paused', () => {
    expect(tileName(tile(teacher, { kind: 'screen' }), ru)).toBe('Марина Сергеевна Орлова, показ экрана');
    expect(tileName(tile(teacher, { kind: 'screen', paused: true }), ru)).toBe(
      'Марина Сергеевна Орлова, показ экрана, показ приостановлен',
    );
  });
});

describe('the name on a tile', () => {
  it('shortens the family name of a pupil only', () => {
    expect(shownName(tile(person('Александра Константинопольская')), ru).narrow).toBe('Александра К.');
    expect(shownName(tile(teacher), ru).narrow).toBe('Марина Сергеевна');
    expect(shownName(tile(mother), ru).narrow).toBe('Ольга, мама Полины');
  });
});

describe('the list of people', () => {
  it('puts the teacher first, leadership and observers apart', () => {
    const deputy = person('Ольга Викторовна Дёмина', { role: 'staff' });
    const { inRoom, observers, staff } = peopleOf([artyom, director, deputy, teacher]);
    expect(inRoom.map(({ name }) => name)).toEqual(['Марина Сергеевна Орлова', 'Артём Белов']);
    expect(observers.map(({ name }) => name)).toEqual(['Сергей Николаевич Рябов']);
    expect(staff.map(({ name }) => name)).toEqual(['Ольга Викторовна Дёмина']);
  });

  it('says the office of an observer, who speaks and who is lost', () => {
    expect(personNote(director, false, false, ru)).toBe('директор, без микрофона и камеры');
    expect(personNote(artyom, false, true, ru)).toBe('говорит');
    expect(personNote(person('Егор Зайцев', { link: 'lost' }), true, true, ru)).toBe('вы · связь пропала');
    expect(personNote(artyom, false, false, ru)).toBe('');
  });

  it('says what a host has closed and to whom the floor was given', () => {
    const closed = person('Егор', { rights: { microphone: 'closed', camera: 'open', screen: 'open' } });
    const floor = person('Глеб', { rights: { microphone: 'floor', camera: 'open', screen: 'open' } });
    expect(personNote(closed, false, false, ru)).toBe('микрофон закрыт');
    expect(personNote(floor, false, false, ru)).toBe('дано слово');
    expect(personNote(mother, false, true, ru)).toBe('мама Полины · говорит');
  });
});
