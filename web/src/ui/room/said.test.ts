import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import type { LessonIntents } from '../../state/lesson';
import { deviceFirst, doSaid, isComing, roleOfSaid, saidIn } from './said';

const time = (at: number): string => `<${at}>`;

describe('messages of the room', () => {
  it('name the person, and how many others did the same', () => {
    expect(saidIn(ru, 'lost_network', { name: 'Егор Зайцев', more: 0 }, time)).toBe(
      'Пропала связь: Егор Зайцев',
    );
    expect(saidIn(ru, 'joined', { name: 'Егор Зайцев', more: 2 }, time)).toBe('Входит Егор Зайцев и ещё 2');
    expect(saidIn(en, 'joined', { name: 'Егор Зайцев', more: 2 }, time)).toBe(
      'Joining: Егор Зайцев and 2 more',
    );
  });

  it('tell the time at which media stop', () => {
    expect(saidIn(ru, 'adult_left', { stops_at: 77, more: 0 }, time)).toContain('в <77> картинка');
  });

  it('show no code for a message that has no words', () => {
    expect(saidIn(ru, 'unheard_of', {}, time)).toBe('');
  });
});

describe('a reader', () => {
  it('is interrupted for a lost link and a closed microphone only', () => {
    expect(['link_lost', 'closed_microphone'].map((key) => roleOfSaid({ key }))).toEqual(['alert', 'alert']);
    expect(['muted_by_teacher', 'locked', 'observer_in'].map((key) => roleOfSaid({ key }))).toEqual([
      'status',
      'status',
      'status',
    ]);
  });

  it('is told of comings and goings elsewhere, seldom', () => {
    expect(['joined', 'left', 'back'].map((key) => roleOfSaid({ key }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(isComing({ key: 'joined' })).toBe(true);
    expect(isComing({ key: 'observer_in' })).toBe(false);
  });
});

describe('what the devices tell', () => {
  const floor = { key: 'floor_given', urgent: false };

  it('stands where the room says nothing, or only who comes and goes', () => {
    expect(deviceFirst({ key: 'plugged' }, null)).toBe(true);
    expect(deviceFirst({ key: 'plugged' }, { key: 'joined', urgent: false })).toBe(true);
    expect(deviceFirst({ key: 'plugged' }, floor)).toBe(false);
    expect(deviceFirst({ key: 'not_given' }, floor)).toBe(false);
  });

  it('stands before all but what is urgent where it changes what is heard or seen', () => {
    const lost = { key: 'link_lost', urgent: true };
    for (const key of ['vanished', 'took_over', 'back', 'blur_slow', 'speaker_gone'] as const) {
      expect(deviceFirst({ key }, floor)).toBe(true);
      expect(deviceFirst({ key }, lost)).toBe(false);
    }
  });
});

describe('the button of a message', () => {
  function pressed(intent: keyof LessonIntents, key = 'a word'): readonly unknown[] {
    const done: unknown[] = [];
    const intents = new Proxy({} as LessonIntents, {
      get:
        (_, name) =>
        (...given: unknown[]) =>
          done.push([name, ...given]),
    });
    doSaid(intents, { key, intent });
    return done;
  }

  it('does what the message offers', () => {
    expect(pressed('raiseHand')).toEqual([['raiseHand', true]]);
    expect(pressed('setMicrophone')).toEqual([['setMicrophone', true]]);
    expect(pressed('reconnectNow')).toEqual([['reconnectNow']]);
    expect(pressed('setSaver', 'only_sound')).toEqual([['setSaver', 'sound']]);
    expect(pressed('setSaver', 'show_pictures')).toEqual([['setSaver', 'all']]);
    expect(pressed('startSound')).toEqual([['startSound']]);
    expect(pressed('takeSound')).toEqual([['takeSound']]);
  });

  it('puts away what needs more than a press', () => {
    expect(pressed('report')).toEqual([['dismissSay']]);
    expect(pressed('dismissSay')).toEqual([['dismissSay']]);
  });
});
