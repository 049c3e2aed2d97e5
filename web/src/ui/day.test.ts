import { describe, expect, it } from 'vitest';
import type { Lesson } from '../protocol/documents';
import { lessonOnBoard, nextBell, opened } from './day';

const lesson = (id: string, change: Partial<Lesson> = {}): Lesson => ({
  id,
  kind: 'lesson',
  number: 2,
  subject: 'Математика',
  topic: 'Дроби',
  class_name: '5А',
  teacher_name: 'Марина Сергеевна Орлова',
  teacher_short_name: 'Марина Сергеевна',
  starts_at: 1000,
  ends_at: 4600,
  when: 'ahead',
  room: 'closed',
  present: 0,
  action: null,
  ...change,
});

describe('the lesson on the board', () => {
  it('is the one that is on', () => {
    const day = [lesson('first', { when: 'done' }), lesson('second', { when: 'now' }), lesson('third')];
    expect(lessonOnBoard(day)?.id).toBe('second');
  });

  it('is the one with something to do, where two are on', () => {
    const day = [lesson('other', { when: 'now' }), lesson('own', { when: 'now', action: 'start' })];
    expect(lessonOnBoard(day)?.id).toBe('own');
  });

  it('is the next one between lessons, and none when the day is over', () => {
    expect(lessonOnBoard([lesson('first', { when: 'done' }), lesson('second')])?.id).toBe('second');
    expect(lessonOnBoard([lesson('first', { when: 'done' })])).toBeNull();
  });
});

describe('the bell', () => {
  const waits = lesson('own', { when: 'now', action: 'wait' });

  it('rings when the lesson that one waits for opens', () => {
    expect(opened(waits, lesson('own', { when: 'now', action: 'join' }))).toBe(true);
  });

  it('is silent for a lesson that was open already, and for another lesson', () => {
    const open = lesson('own', { when: 'now', action: 'join' });
    expect(opened(open, open)).toBe(false);
    expect(opened(null, open)).toBe(false);
    expect(opened(waits, lesson('other', { when: 'now', action: 'join' }))).toBe(false);
  });

  it('comes at the start of a lesson ahead and at the end of one that is on', () => {
    expect(nextBell(waits, 900)).toBe(1000);
    expect(nextBell(waits, 1000)).toBe(4600);
  });
});
