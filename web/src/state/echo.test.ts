import { describe, expect, it } from 'vitest';
import { EchoWatch, LEVELS_PER_S, type Echo } from './echo';

/** The same numbers on every run (a linear congruential generator). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Loudness of somebody who talks: syllables of a fifth of a second that rise and fall, and pauses between words. */
function speech(seed: number, seconds: number): number[] {
  const random = dice(seed);
  const levels: number[] = [];
  while (levels.length < seconds * LEVELS_PER_S) {
    const syllables = 1 + Math.floor(random() * 5);
    for (let n = 0; n < syllables; n += 1) {
      const length = 2 + Math.floor(random() * 4);
      const height = 0.55 + random() * 0.4;
      for (let step = 0; step < length; step += 1) {
        levels.push(height * (0.6 + 0.4 * Math.sin((Math.PI * (step + 0.5)) / length)));
      }
    }
    for (let pause = Math.floor(1 + random() * 8); pause > 0; pause -= 1) levels.push(0.05);
  }
  return levels.slice(0, seconds * LEVELS_PER_S);
}

const silent = (seconds: number): number[] => Array.from({ length: seconds * LEVELS_PER_S }, () => 0.03);

const late = (levels: readonly number[], seconds: number): number[] =>
  [...silent(seconds), ...levels].slice(0, levels.length);

/** Through the air: quieter, with the noise of the room, each level measured a little off. */
function throughTheAir(levels: readonly number[], share: number, seed = 9): number[] {
  const random = dice(seed);
  return levels.map((level) => Math.max(level * share, 0.08) + (random() - 0.5) * 0.08);
}

const loudest = (...series: readonly (readonly number[])[]): number[] =>
  (series[0] ?? []).map((_, n) => Math.max(...series.map((levels) => levels[n] ?? 0)));

function heardIn(microphone: readonly number[], lesson: readonly number[]): (Echo | null)[] {
  const watch = new EchoWatch();
  return microphone.map((level, n) => watch.hear(level, lesson[n] ?? 0));
}

const ever = (heard: readonly (Echo | null)[]): readonly (Echo | null)[] => [
  ...new Set(heard.filter((echo) => echo !== null)),
];

describe('a second device beside this one', () => {
  it.each([0.1, 0.2, 0.35, 0.6, 1, 1.5])('is heard when it plays the lesson %s s late', (lag) => {
    const lesson = speech(1, 30);
    const heard = heardIn(throughTheAir(late(lesson, lag), 0.75), lesson);
    expect(ever(heard)).toEqual(['lesson_heard']);
    expect(heard.findIndex((echo) => echo !== null)).toBeLessThan(15 * LEVELS_PER_S);
  });

  it.each([0.3, 0.8])('is heard when it sends the own voice back %s s late', (lag) => {
    const own = speech(2, 30);
    expect(ever(heardIn(throughTheAir(own, 1), late(own, lag)))).toEqual(['voice_returns']);
  });

  it('is heard although its sound is much quieter than a voice', () => {
    const lesson = speech(3, 40);
    expect(ever(heardIn(throughTheAir(late(lesson, 0.4), 0.55), lesson))).toEqual(['lesson_heard']);
  });

  it('is no longer heard some seconds after it was muted', () => {
    const [before, after] = [speech(4, 20), speech(5, 30)];
    const microphone = [...throughTheAir(late(before, 0.4), 0.75), ...throughTheAir(silent(30), 1)];
    const heard = heardIn(microphone, [...before, ...after]);
    expect(heard[20 * LEVELS_PER_S]).toBe('lesson_heard');
    expect(heard.at(-1)).toBeNull();
  });
});

describe('nothing of a second device', () => {
  it('is there with headphones or an echo canceller', () => {
    expect(ever(heardIn(throughTheAir(silent(60), 1), speech(1, 60)))).toEqual([]);
  });

  it('is there while two talk at once', () => {
    for (let seed = 10; seed < 16; seed += 1) {
      expect(ever(heardIn(throughTheAir(speech(seed, 60), 1), speech(seed + 100, 60)))).toEqual([]);
    }
  });

  it.each([1, 2, 4])('is there while two take turns of %s s', (turn) => {
    for (let seed = 10; seed < 15; seed += 1) {
      const isMine = (n: number): boolean => Math.floor(n / (turn * LEVELS_PER_S)) % 2 === 1;
      const mine = speech(seed, 60).map((level, n) => (isMine(n) ? level : 0.05));
      const theirs = speech(seed + 100, 60).map((level, n) => (isMine(n) ? 0.05 : level));
      expect(ever(heardIn(throughTheAir(mine, 1), theirs))).toEqual([]);
    }
  });

  it('is there when the own speaker leaks into the microphone at once', () => {
    const lesson = speech(6, 60);
    expect(ever(heardIn(throughTheAir(lesson, 0.6), lesson))).toEqual([]);
  });

  it('is there while everybody is silent', () => {
    expect(ever(heardIn(throughTheAir(silent(60), 1, 3), throughTheAir(silent(60), 1, 4)))).toEqual([]);
  });

  it('is there while this person talks over a lesson that only hums', () => {
    const hum = Array.from({ length: 60 * LEVELS_PER_S }, (_, n) => 0.5 + 0.02 * Math.sin(n));
    expect(ever(heardIn(loudest(throughTheAir(speech(7, 60), 1), silent(60)), hum))).toEqual([]);
  });
});
