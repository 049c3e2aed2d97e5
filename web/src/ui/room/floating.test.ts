import { describe, expect, it } from 'vitest';
import type { LessonView } from '../../state/lesson';
import { lookedAt, tileToFloat } from './floating';
import { person, tile } from './room.fake';

type View = Parameters<typeof tileToFloat>[0];

const [anna, boris, me] = ['anna', 'boris', 'me'].map((name) => tile(person(name), { mine: name === 'me' }));
const grid: LessonView['stage'] = { mode: 'grid', large: [], others: [], because: null };
const view = (change: Partial<View>): View => ({
  tiles: [anna, boris, me].flatMap((one) => one ?? []),
  screens: [],
  stage: grid,
  speaking: [],
  ...change,
});

describe('the window over other programs', () => {
  it('shows what is large before who speaks', () => {
    const stage = { ...grid, mode: 'large' as const, large: ['boris'] };
    expect(tileToFloat(view({ stage, speaking: ['anna'] }))?.key).toBe('boris');
  });

  it('shows who speaks, never oneself', () => {
    expect(tileToFloat(view({ speaking: ['me', 'boris'] }))?.key).toBe('boris');
  });

  it('shows the first, who is the teacher, in silence', () => {
    expect(tileToFloat(view({}))?.key).toBe('anna');
  });

  it('shows oneself when nobody else is here', () => {
    expect(tileToFloat(view({ tiles: me ? [me] : [] }))?.key).toBe('me');
  });

  it('asks for its picture beside those of the stage, and once', () => {
    const stage = [{ key: 'anna', width: 320, height: 180 }];
    expect(lookedAt(stage, 'boris', false).map(({ key }) => key)).toEqual(['anna', 'boris']);
    expect(lookedAt(stage, 'anna', false)).toBe(stage);
    expect(lookedAt(stage, null, false)).toBe(stage);
  });

  it('is all that is looked at while its page is hidden', () => {
    const stage = ['anna', 'boris'].map((key) => ({ key, width: 320, height: 180 }));
    expect(lookedAt(stage, 'boris', true).map(({ key }) => key)).toEqual(['boris']);
  });

  it('keeps the stage of a hidden page where a video floats by itself', () => {
    const stage = [{ key: 'anna', width: 320, height: 180 }];
    expect(lookedAt(stage, null, true)).toBe(stage);
  });
});
