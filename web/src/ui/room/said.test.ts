import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import { saidIn } from './said';

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
