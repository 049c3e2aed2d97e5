import { describe, expect, it } from 'vitest';
import type { Lesson, LessonCard, Refusal } from '../../protocol/documents';
import { doorOf } from './door';

const lesson = (change: Partial<Lesson>): Lesson => ({
  id: 'q7',
  kind: 'lesson',
  number: 2,
  subject: 'Математика',
  topic: '',
  class_name: '5А',
  teacher_name: 'Марина Сергеевна Орлова',
  teacher_short_name: 'Марина Сергеевна',
  starts_at: 0,
  ends_at: 3600,
  when: 'now',
  room: 'closed',
  present: 0,
  action: null,
  ...change,
});

const card = (change: Partial<LessonCard>): LessonCard => ({
  now: 100,
  zone: 'Europe/Moscow',
  lesson: lesson({}),
  here: [],
  room_role: 'pupil',
  refusal: null,
  ...change,
});

const refusal = (code: Refusal['code']): Refusal => ({ code, message: '' });

describe('the door of a lesson', () => {
  it('is the device check for the teacher, whether the lesson is open, closed or ended in its hour', () => {
    for (const room of ['open', 'closed', 'ended'] as const) {
      expect(doorOf(card({ room_role: 'teacher', lesson: lesson({ room, action: 'start' }) }))).toEqual({
        door: 'check',
      });
    }
  });

  it('is the waiting card for a pupil until the teacher is in, then the check', () => {
    expect(doorOf(card({ lesson: lesson({ action: 'wait' }) })).door).toBe('waiting');
    expect(doorOf(card({ lesson: lesson({ room: 'open', action: 'join' }) })).door).toBe('check');
  });

  it('takes «not open yet» for waiting, not for a refusal', () => {
    expect(doorOf(card({ refusal: refusal('not_open_yet') })).door).toBe('waiting');
  });

  it.each(['wrong_class', 'parents_not_in_lessons', 'removed', 'ended'] as const)(
    'is closed for %s',
    (code) => {
      expect(doorOf(card({ lesson: null, room_role: null, refusal: refusal(code) }))).toEqual({
        door: 'closed',
        reason: code,
      });
    },
  );

  it('is closed after the end for whoever cannot start it again', () => {
    expect(doorOf(card({ lesson: lesson({ room: 'ended' }) }))).toEqual({ door: 'closed', reason: 'ended' });
  });
});
