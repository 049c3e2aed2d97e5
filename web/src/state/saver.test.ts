import { describe, expect, it } from 'vitest';
import { sparing, type Attention } from './saver';

const keys = ['teacher', 'anna', 'anna:screen', 'boris'];
const attention = (fields: Partial<Attention> = {}): Attention => ({
  layout: { pins: [] },
  spotlight: [],
  speaker: null,
  screens: [],
  ...fields,
});

describe('the data saver', () => {
  it('asks for everything on the page, or for nothing but sound', () => {
    expect(sparing('all', keys, attention())).toEqual(keys);
    expect(sparing('sound', keys, attention())).toEqual([]);
  });

  it.each([
    ['a shared screen before all', { screens: ['anna:screen'], layout: { pins: ['boris'] } }, 'anna:screen'],
    ['what is pinned here', { layout: { pins: ['boris'] }, spotlight: ['anna'] }, 'boris'],
    [
      'of two that are pinned the one that was first',
      { layout: { pins: ['gone', 'boris', 'anna'] } },
      'boris',
    ],
    ['what the teacher shows large', { spotlight: ['anna'], speaker: 'boris' }, 'anna'],
    ['whoever spoke last', { speaker: 'boris' }, 'boris'],
    ['the first, where nobody speaks', {}, 'teacher'],
    ['the first, where the speaker is on another page', { speaker: 'vera' }, 'teacher'],
  ])('with one picture takes %s', (_, fields, key) => {
    expect(sparing('one', keys, attention(fields))).toEqual([key]);
  });

  it('has no picture where none is on', () => {
    expect(sparing('one', [], attention())).toEqual([]);
  });
});
