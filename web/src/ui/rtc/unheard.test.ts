import { describe, expect, it } from 'vitest';
import { VoiceAlarm } from './unheard';

const levels = (count: number, level: number): number[] => Array.from({ length: count }, () => level);
const heardAfter = (...parts: readonly number[][]): boolean => {
  const alarm = new VoiceAlarm();
  return (
    parts
      .flat()
      .map((level) => alarm.hear(level))
      .at(-1) === true
  );
};

describe('somebody whose microphone is off', () => {
  it('is known to talk after less than a second of speech', () => {
    expect(heardAfter(levels(3, 0.7))).toBe(false);
    expect(heardAfter(levels(4, 0.7))).toBe(true);
  });

  it('is known to talk although speech has gaps', () => {
    expect(heardAfter(...Array.from({ length: 4 }, () => [0.7, 0.7, 0.2]))).toBe(true);
  });

  it('does not talk when a chair is moved or the room is noisy', () => {
    expect(heardAfter(levels(2, 0.9), levels(20, 0.1))).toBe(false);
    expect(heardAfter(levels(100, 0.4))).toBe(false);
  });

  it('talks until two and a half seconds of silence', () => {
    expect(heardAfter(levels(10, 0.7), levels(11, 0))).toBe(true);
    expect(heardAfter(levels(10, 0.7), levels(12, 0))).toBe(false);
  });
});
