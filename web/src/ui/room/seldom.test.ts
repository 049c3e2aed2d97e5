import { describe, expect, it } from 'vitest';
import { newsOf, Seldom, toldOf, type Part } from './seldom';

const hands = (count: number, text = `Подняли руку: ${count}`): Part => ({ about: '', count, text });
const coming = (about: string, text: string): Part => ({ about, count: 1, text });
const nobody: Part = { about: '', count: 0, text: '' };

describe('what happens seldom', () => {
  it('happens at once, and again only after its time', () => {
    const knock = new Seldom(10_000);
    expect([0, 4_000, 9_999, 10_000].map((now) => knock.mayAt(now))).toEqual([true, false, false, true]);
  });

  it('knows how long the next one waits', () => {
    const said = new Seldom(5_000);
    expect(said.waitAt(1_000)).toBe(0);
    said.mayAt(1_000);
    expect(said.waitAt(3_000)).toBe(3_000);
  });
});

describe('what a reader is told', () => {
  it('is news: the first, one more, and another person', () => {
    expect(newsOf([], [nobody, hands(1)])).toEqual([1]);
    expect(newsOf([nobody, hands(1)], [nobody, hands(2)])).toEqual([1]);
    const [anna, boris] = [coming('joined anna', 'Входит Анна'), coming('joined boris', 'Входит Борис')];
    expect(newsOf([anna], [boris])).toEqual([0]);
    expect(newsOf([anna], [anna])).toEqual([]);
  });

  it('is not that there are fewer, or none', () => {
    expect(newsOf([hands(2)], [hands(1)])).toEqual([]);
    expect(newsOf([hands(1)], [nobody])).toEqual([]);
    expect(newsOf([coming('joined anna', 'Входит Анна')], [nobody])).toEqual([]);
  });

  it('is not the same in another language', () => {
    expect(newsOf([hands(2)], [hands(2, 'Hands up: 2')])).toEqual([]);
  });

  it('is in the words of the moment, without what has passed', () => {
    const places = newsOf([nobody, nobody], [hands(3), coming('joined anna', 'Входит Анна')]);
    expect(toldOf([hands(1), nobody], places)).toBe('Подняли руку: 1');
    expect(toldOf([hands(1), coming('joined anna', 'Входит Анна')], places)).toBe(
      'Подняли руку: 1. Входит Анна',
    );
    expect(toldOf([hands(1), coming('joined anna', 'Входит Анна')], [1])).toBe('Входит Анна');
  });
});
