import { describe, expect, it } from 'vitest';
import {
  countdown,
  dayTitle,
  faceColour,
  initialsOf,
  minutesLeft,
  narrowName,
  percentGone,
  secondsLeft,
  timeOfDay,
  timeSpan,
} from './formats';

// 23 November 2026, 06:25 UTC
const MONDAY = Date.UTC(2026, 10, 23, 6, 25) / 1000;
const moscow = { language: 'ru', zone: 'Europe/Moscow' } as const;

describe('times', () => {
  it('are those of the school’s zone, wherever the reader is', () => {
    expect(timeOfDay(MONDAY, moscow)).toBe('09:25');
    expect(timeOfDay(MONDAY, { language: 'en', zone: 'Asia/Vladivostok' })).toBe('16:25');
    expect(timeSpan(MONDAY, MONDAY + 2400, moscow)).toBe('09:25–10:05');
  });

  it('begin at 00, never at 24', () => {
    expect(timeOfDay(Date.UTC(2026, 10, 22, 21, 5) / 1000, moscow)).toBe('00:05');
  });

  it('have a day in words', () => {
    expect(dayTitle(MONDAY, moscow)).toBe('Понедельник, 23 ноября');
    expect(dayTitle(MONDAY, { ...moscow, language: 'en' })).toMatch(/^Monday,? 23 November$/);
  });
});

describe('the way to the bell', () => {
  it('is counted in started seconds and minutes, and never below zero', () => {
    expect(secondsLeft(100, 99.2)).toBe(1);
    expect(secondsLeft(100, 200)).toBe(0);
    expect([minutesLeft(160, 100), minutesLeft(161, 100), minutesLeft(100, 100)]).toEqual([1, 2, 0]);
  });

  it('ticks with two figures of seconds', () => {
    expect([countdown(192), countdown(59), countdown(0)]).toEqual(['3:12', '0:59', '0:00']);
  });

  it('is a share of the lesson', () => {
    expect([
      percentGone(0, 200, 50),
      percentGone(0, 200, -5),
      percentGone(0, 200, 999),
      percentGone(5, 5, 5),
    ]).toEqual([25, 0, 100, 100]);
  });
});

describe('names', () => {
  it('have initials of the first and the last word', () => {
    expect(initialsOf('Марина Сергеевна Орлова')).toBe('МО');
    expect(initialsOf('Артём Белов')).toBe('АБ');
    expect(initialsOf('Иван')).toBe('И');
    expect(initialsOf('')).toBe('');
  });

  it('are shortened on a narrow tile for pupils only', () => {
    expect(narrowName('Александра Константинопольская', true)).toBe('Александра К.');
    expect(narrowName('Марина Сергеевна', false)).toBe('Марина Сергеевна');
    expect(narrowName('Вы', true)).toBe('Вы');
  });

  it('keep their colour', () => {
    expect(faceColour('Артём Белов')).toBe(faceColour('Артём Белов'));
  });
});
