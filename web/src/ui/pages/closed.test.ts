import { describe, expect, it } from 'vitest';
import { ru } from '../../locales/ru';
import type { Refusal } from '../../protocol/documents';
import { closedText } from './closed';

describe('a closed page', () => {
  it('leads a pupil of another class to their own lesson', () => {
    const refusal: Refusal = {
      code: 'wrong_class',
      message: '',
      own_class_name: '5Б',
      own_lesson: {
        id: 'own',
        kind: 'lesson',
        number: 2,
        subject: 'Математика',
        topic: '',
        class_name: '5Б',
        teacher_name: 'Марина Сергеевна Орлова',
        teacher_short_name: 'Марина Сергеевна',
        starts_at: 0,
        ends_at: 1,
        when: 'now',
        room: 'open',
        present: 3,
        action: 'join',
      },
    };
    const text = closedText('wrong_class', ru.closed, refusal);
    expect(text.title).toBe('Это урок другого класса');
    expect(text.lead).toBe('Вы в 5Б. Ваш урок — математика, он уже идёт.');
  });

  it('names both classes to a parent at the meeting of another one', () => {
    const refusal: Refusal = { code: 'wrong_meeting', message: '', own_class_name: '5Б' };
    expect(closedText('wrong_meeting', ru.closed, refusal, { className: '5А' }).lead).toBe(
      'Сюда входят родители 5А. Ваш ребёнок записан в 5Б.',
    );
    expect(closedText('wrong_meeting', ru.closed, null).lead).toBe(ru.closed.wrongMeetingPlain);
  });

  it('speaks of the meeting where it was one', () => {
    expect(closedText('ended', ru.closed, null, { kind: 'meeting' }).title).toBe('Собрание закончилось');
    expect(closedText('ended', ru.closed, null).title).toBe('Урок закончился');
  });

  it('lets whoever was not let in knock again, and no pupil into a meeting', () => {
    expect(closedText('declined', ru.closed, null).enter).toBe('Постучать ещё раз');
    expect(closedText('pupils_not_in_meetings', ru.closed, null).enter).toBeNull();
  });

  it('says who may come in, where nothing is known of the own class', () => {
    expect(closedText('wrong_class', ru.closed, null).lead).toBe(ru.closed.wrongClassPlain);
  });

  it('lets back in whoever left, and nobody whom the teacher removed', () => {
    expect(closedText('left', ru.closed, null).enter).toBe('Вернуться на урок');
    expect(closedText('removed', ru.closed, null).enter).toBeNull();
  });
});
