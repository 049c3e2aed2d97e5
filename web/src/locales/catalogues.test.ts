import { describe, expect, it } from 'vitest';
import { en } from './en';
import { enForm, ruForm } from './plural';
import { ru } from './ru';

type Words = Readonly<Record<string, unknown>>;

/** Every word with its path; functions are called with stand-ins, so that their texts are looked at too. */
function wordsOf(words: Words, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, word]): [string, string][] => {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof word === 'string') return [[at, word]];
    if (typeof word === 'function') return [[at, String((word as (...args: unknown[]) => unknown)(3, 2))]];
    return wordsOf(word as Words, at);
  });
}

const paths = (words: Words): string[] => wordsOf(words).map(([path]) => path);

describe('the catalogues', () => {
  it('have the same words in both languages', () => {
    expect(paths(en)).toEqual(expect.arrayContaining(paths(ru)));
    expect(paths(ru)).toEqual(expect.arrayContaining(paths(en)));
  });

  it.each([
    ['Russian', ru],
    ['English', en],
  ])('leave no word empty in %s', (_, catalogue) => {
    expect(wordsOf(catalogue).filter(([, word]) => word.trim() === '')).toEqual([]);
  });

  it('leave no Russian letter in English', () => {
    expect(wordsOf(en).filter(([, word]) => /[а-яё]/i.test(word))).toEqual([]);
  });

  it('raise the voice only to a small pupil', () => {
    const loud = wordsOf(ru).filter(([, word]) => word.includes('!'));
    expect(loud.map(([path]) => path)).toEqual(['home.greetingYoung']);
  });

  it('keep the names by which people and tools find the controls', () => {
    expect([ru.home.start, ru.check.start, ru.home.join, ru.check.join]).toEqual([
      'Начать урок',
      'Начать урок',
      'Войти в урок',
      'Войти',
    ]);
    for (const name of Object.values(ru.room.microphoneNames)) expect(name).toMatch(/^Микрофон/);
    for (const name of Object.values(ru.room.cameraNames)) expect(name).toMatch(/^Камера/);
    expect([ru.room.shareName, ru.kinds.lesson.people, ru.room.leave, ru.kinds.lesson.end]).toEqual([
      'Показать экран',
      'Класс',
      'Выйти',
      'Завершить урок',
    ]);
    expect([ru.leaving.forAll, ru.kinds.lesson.remove]).toEqual(['Завершить для всех', 'Удалить с урока']);
  });
});

describe('counted words', () => {
  it('take the Russian form of their number', () => {
    const forms = { one: 'ученик', few: 'ученика', many: 'учеников' };
    expect([1, 2, 5, 11, 21, 22, 25, 101, 111].map((count) => ruForm(count, forms))).toEqual([
      'ученик',
      'ученика',
      'учеников',
      'учеников',
      'ученик',
      'ученика',
      'учеников',
      'ученик',
      'учеников',
    ]);
  });

  it('take the English form of their number', () => {
    const forms = { one: 'pupil', other: 'pupils' };
    expect([0, 1, 2, 21, 101].map((count) => enForm(count, forms))).toEqual([
      'pupils',
      'pupil',
      'pupils',
      'pupils',
      'pupils',
    ]);
  });

  it('count lessons by their place in the day', () => {
    expect(ru.home.lessonNumber(2)).toBe('2-й урок');
    expect([1, 2, 3, 4, 11].map((n) => en.home.lessonNumber(n))).toEqual([
      '1st lesson',
      '2nd lesson',
      '3rd lesson',
      '4th lesson',
      '11th lesson',
    ]);
  });
});
