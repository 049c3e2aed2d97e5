// What the top line says: one message at a time, the most important first (the design's principle 4). Conditions last as long as
// what they tell of; notices tell of something that happened and pass by themselves. Pure; the catalogue has the words by key.

import type { SayView } from './lesson';

/** Most important first. Leaving, closing the page and losing the network read differently. */
const PRIORITY = [
  'link_lost',
  'muted_by_teacher',
  'no_adult',
  'media_returning',
  'adult_left',
  'not_allowed',
  'observer_in',
  'lost_network',
  'not_back',
  'removed_person',
  'closed_page',
  'left',
  'back',
  'joined',
] as const;
export type SayKey = (typeof PRIORITY)[number];

export const NOTICE_STAYS_MS = 5_000;
const URGENT: ReadonlySet<SayKey> = new Set(['link_lost', 'muted_by_teacher']);
const ACTIONS: Readonly<Partial<Record<SayKey, NonNullable<SayView['action']>>>> = {
  link_lost: { key: 'try_now', intent: 'reconnectNow' },
  muted_by_teacher: { key: 'understood', intent: 'dismissSay' },
};

type Words = SayView['words'];

interface Notice {
  readonly key: SayKey;
  readonly words: Words;
  readonly until: number;
}

export interface Condition {
  readonly key: SayKey;
  readonly words: Words;
}

export interface Said {
  readonly notices: readonly Notice[];
  /** Conditions that the person has read; forgotten when they end. */
  readonly dismissed: ReadonlySet<SayKey>;
}

export const nothingSaid: Said = { notices: [], dismissed: new Set() };

const rank = (key: SayKey): number => PRIORITY.indexOf(key);

/** Tells of something; `name` is replaced by a younger notice about the same person. */
export function notice(said: Said, key: SayKey, words: Words, now: number): Said {
  const others = said.notices.filter(({ until, words: old }) => until > now && old['name'] !== words['name']);
  return { ...said, notices: [...others, { key, words, until: now + NOTICE_STAYS_MS }] };
}

/** What the line says at `now`; `more` counts the others of whom it could say the same. */
export function sayOf(said: Said, conditions: readonly Condition[], now: number): SayView | null {
  const lasting = conditions.filter(({ key }) => !said.dismissed.has(key));
  const passing = said.notices.filter(({ until }) => until > now).reverse();
  const all = [...lasting, ...passing].sort((a, b) => rank(a.key) - rank(b.key));
  const first = all[0];
  if (!first) return null;
  const more = all.filter(({ key }) => key === first.key).length - 1;
  return {
    key: first.key,
    words: { ...first.words, more },
    urgent: URGENT.has(first.key),
    action: ACTIONS[first.key] ?? null,
  };
}

/** The person has read what the line says at the moment. */
export function dismiss(said: Said, conditions: readonly Condition[], now: number): Said {
  const key = sayOf(said, conditions, now)?.key;
  const isCondition = conditions.find((condition) => condition.key === key);
  if (isCondition) return { ...said, dismissed: new Set([...said.dismissed, isCondition.key]) };
  return { ...said, notices: said.notices.filter((passing) => passing.key !== key) };
}

/** A condition that is over is said again when it comes back. */
export function forgetEnded(said: Said, conditions: readonly Condition[]): Said {
  const lasting = new Set(conditions.map(({ key }) => key));
  const kept = [...said.dismissed].filter((key) => lasting.has(key));
  return kept.length === said.dismissed.size ? said : { ...said, dismissed: new Set(kept) };
}

export function passesAt(said: Said, now: number): number | null {
  const ahead = said.notices.map(({ until }) => until).filter((until) => until > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
