import { describe, expect, it } from 'vitest';
import { changesAt, hear, marked, silence } from './speaking';

describe('the mark of a speaker', () => {
  it('appears after 150 ms of voice', () => {
    const voices = hear(silence, ['anna'], 1000);
    expect(marked(voices, 1149)).toEqual([]);
    expect(changesAt(voices, 1000)).toBe(1150);
    expect(marked(voices, 1150)).toEqual(['anna']);
    expect(changesAt(voices, 1150)).toBeNull();
  });

  it('stays 600 ms after the voice', () => {
    const voices = hear(hear(silence, ['anna'], 0), [], 500);
    expect(marked(voices, 1099)).toEqual(['anna']);
    expect(changesAt(voices, 500)).toBe(1100);
    expect(marked(voices, 1100)).toEqual([]);
  });

  it('does not flicker when the voice pauses', () => {
    const voices = hear(hear(hear(silence, ['anna'], 0), [], 500), ['anna'], 900);
    expect(marked(voices, 901)).toEqual(['anna']);
  });

  it('is not given for a cough', () => {
    const voices = hear(hear(silence, ['anna'], 0), [], 100);
    expect(marked(voices, 300)).toEqual([]);
  });

  it('names the loudest first and who has just fallen silent last', () => {
    const voices = hear(hear(silence, ['anna', 'boris'], 0), ['vera', 'boris'], 400);
    expect(marked(voices, 600)).toEqual(['vera', 'boris', 'anna']);
  });

  it('forgets who is long silent', () => {
    const voices = hear(hear(hear(silence, ['anna'], 0), [], 500), [], 1200);
    expect(voices.of.size).toBe(0);
  });
});
