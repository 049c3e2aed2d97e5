import { describe, expect, it } from 'vitest';
import { nextPassing, noReactions, reacted, REACTION_STAYS_MS, reactionOf } from './reactions';

const clap = { participant: 'anna', reaction: 'clap' } as const;
const like = { participant: 'anna', reaction: 'like' } as const;

describe('a reaction', () => {
  it('passes by itself after five seconds', () => {
    const signs = reacted(noReactions, [clap], 1_000);
    expect(nextPassing(signs, 1_000)).toBe(1_000 + REACTION_STAYS_MS);
    expect(reactionOf(signs, 'anna', 5_999)).toBe('clap');
    expect(reactionOf(signs, 'anna', 6_000)).toBeNull();
    expect(nextPassing(signs, 6_000)).toBeNull();
  });

  it('gives way to the next of the same person', () => {
    const signs = reacted(reacted(noReactions, [clap], 0), [like], 3_000);
    expect(reactionOf(signs, 'anna', 7_000)).toBe('like');
    expect(reactionOf(signs, 'boris', 7_000)).toBeNull();
  });

  it('that has passed is forgotten', () => {
    expect(reacted(reacted(noReactions, [clap], 0), [], 9_000).size).toBe(0);
  });
});
