import { describe, expect, it } from 'vitest';
import {
  nobodySpeaks,
  SPEAKER_STAYS_MS,
  speakerAfter,
  stageOf,
  type Speaker,
  type StageInput,
} from './stage';

const base: StageInput = {
  tiles: ['teacher', 'anna', 'boris', 'vera', 'me'],
  screens: [],
  layout: { mode: 'grid', pins: [] },
  spotlight: [],
  speaker: null,
  you: 'me',
};
const SCREENS = ['anna:screen', 'boris:screen', 'vera:screen'];
const speakerMode = { mode: 'speaker', pins: [] } as const;

type Row = readonly [
  what: string,
  change: Partial<StageInput>,
  large: readonly string[],
  because: string | null,
];

const TABLE: readonly Row[] = [
  ['nothing asks for anything', {}, [], null],
  ['one shared screen', { screens: SCREENS.slice(0, 1) }, ['anna:screen'], 'screen'],
  ['three screens: the first two', { screens: SCREENS }, ['anna:screen', 'boris:screen'], 'screen'],
  [
    'a screen wins over a pin',
    { screens: SCREENS.slice(0, 1), layout: { pins: ['vera'] } },
    ['anna:screen'],
    'screen',
  ],
  ['a pin wins over «крупно всем»', { layout: { pins: ['vera'] }, spotlight: ['anna'] }, ['vera'], 'pin'],
  [
    'several pins: interpreter and speaker',
    { layout: { pins: ['vera', 'teacher'] } },
    ['vera', 'teacher'],
    'pin',
  ],
  ['a pin on somebody who has left is none', { layout: { pins: ['gone'] } }, [], null],
  [
    '«крупно всем» wins over the speaker',
    { spotlight: ['anna', 'boris'], layout: speakerMode, speaker: 'vera' },
    ['anna', 'boris'],
    'spotlight',
  ],
  ['the speaker, in speaker mode only', { layout: speakerMode, speaker: 'vera' }, ['vera'], 'speaker'],
  ['the speaker in a grid changes nothing', { speaker: 'vera' }, [], null],
  ['before anybody has spoken the first tile', { layout: speakerMode }, ['teacher'], 'speaker'],
  ['a speaker who has left', { layout: speakerMode, speaker: 'gone' }, ['teacher'], 'speaker'],
  ['alone in speaker mode', { layout: speakerMode, tiles: ['me'] }, [], null],
];

describe('what is large', () => {
  it.each(TABLE)('%s', (_what, change, large, because) => {
    const stage = stageOf({ ...base, ...change });
    expect(stage).toMatchObject({ large, because, mode: because === null ? 'grid' : 'large' });
  });

  it.each(TABLE)('leaves nobody out and shows nobody twice: %s', (_what, change) => {
    const input = { ...base, ...change };
    const { large, others } = stageOf(input);
    expect([...large, ...others].sort()).toEqual([...input.tiles, ...input.screens].sort());
  });

  it('leaves the grid in its order', () => {
    expect(stageOf(base).others).toEqual(base.tiles);
  });

  it('has a strip of what is pinned, oneself, and the others in their order', () => {
    const stage = stageOf({ ...base, screens: ['anna:screen'], layout: { pins: ['vera'] } });
    expect(stage.others).toEqual(['vera', 'me', 'teacher', 'anna', 'boris']);
  });
});

describe('the place of the speaker', () => {
  const held: Speaker = { id: 'anna', since: 0 };

  it('is taken by the loudest at once when it is free', () => {
    expect(speakerAfter(nobodySpeaks, ['boris', 'anna'], 'me', 10)).toEqual({ id: 'boris', since: 10 });
  });

  it('is kept in silence and while its holder is heard', () => {
    expect(speakerAfter(held, [], 'me', 9_000)).toBe(held);
    expect(speakerAfter(held, ['boris', 'anna'], 'me', 9_000)).toBe(held);
  });

  it('is held for two seconds, so that a short word does not turn the stage over', () => {
    expect(speakerAfter(held, ['boris'], 'me', SPEAKER_STAYS_MS - 1)).toBe(held);
    expect(speakerAfter(held, ['boris'], 'me', SPEAKER_STAYS_MS)).toEqual({
      id: 'boris',
      since: SPEAKER_STAYS_MS,
    });
  });

  it('is never one’s own', () => {
    expect(speakerAfter(nobodySpeaks, ['me'], 'me', 0)).toBe(nobodySpeaks);
    expect(speakerAfter(nobodySpeaks, ['me', 'anna'], 'me', 0).id).toBe('anna');
  });
});
