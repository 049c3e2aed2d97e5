// Passing signs at the names: each person's last one, gone by itself after some seconds. Pure.

import type { Reaction } from './lesson';
import type { ReactionSign } from '../protocol/messages';

export const REACTION_STAYS_MS = 5_000;

interface Sign {
  readonly reaction: Reaction;
  readonly until: number;
}

export type Reactions = ReadonlyMap<string, Sign>;

export const noReactions: Reactions = new Map();

export function reacted(reactions: Reactions, signs: readonly ReactionSign[], now: number): Reactions {
  const kept = [...reactions].filter(([, { until }]) => until > now);
  const fresh = signs.map(({ participant, reaction }): [string, Sign] => [
    participant,
    { reaction, until: now + REACTION_STAYS_MS },
  ]);
  return new Map([...kept, ...fresh]);
}

export function reactionOf(reactions: Reactions, participant: string, now: number): Reaction | null {
  const sign = reactions.get(participant);
  return sign && sign.until > now ? sign.reaction : null;
}

export function nextPassing(reactions: Reactions, now: number): number | null {
  const ahead = [...reactions.values()].map(({ until }) => until).filter((until) => until > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
