// What the top line says: one message at a time, the most important first (the design's principle 4). Conditions last as long as
// what they tell of; notices tell of something that happened and pass by themselves. Pure; the catalogue has the words by key.

import type { SayView } from './lesson';

/** Most important first. Leaving, closing the page and losing the network read differently. */
const PRIORITY = [
  'link_lost',
  'restarting',
  'sound_blocked',
  'closed_microphone',
  'muted_by_teacher',
  'two_adults',
  'no_adult',
  'media_returning',
  'held_microphone',
  'voice_returns',
  'lesson_heard',
  'adult_left',
  'swallowed',
  'not_allowed',
  'too_many',
  'floor_given',
  'floor_taken',
  'closed_camera',
  'stopped_camera',
  'sharing_stopped',
  'speaking_muted',
  'at_the_door',
  'share_paused',
  'held_camera',
  'sound_only_line',
  'weak_line_four',
  'weak_line',
  'sound_elsewhere',
  'saver_sound',
  'four_shown',
  'second_device',
  'chat_off',
  'locked',
  'unlocked',
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
/** Words on the buttons of messages. */
export type SayButton =
  | 'try_now'
  | 'understood'
  | 'raise'
  | 'turn_on'
  | 'go_on'
  | 'only_sound'
  | 'show_pictures'
  | 'hear_here'
  | 'start_sound';

/** Longer than the pause between two announcements to a reader (ui/room/Announced.svelte), so that none passes unheard. */
export const NOTICE_STAYS_MS = 6_000;
/** What asks for a press stays until it can be read and pressed. */
const LONG_NOTICE_STAYS_MS = 15_000;
const LONG: ReadonlySet<SayKey> = new Set(['closed_microphone', 'floor_given', 'swallowed']);
const URGENT: ReadonlySet<SayKey> = new Set([
  'link_lost',
  'sound_blocked',
  'muted_by_teacher',
  'closed_microphone',
]);
type Action = NonNullable<SayView['action']> & { readonly key: SayButton };
const ACTIONS: Readonly<Partial<Record<SayKey, Action>>> = {
  link_lost: { key: 'try_now', intent: 'reconnectNow' },
  muted_by_teacher: { key: 'understood', intent: 'dismissSay' },
  closed_microphone: { key: 'raise', intent: 'raiseHand' },
  speaking_muted: { key: 'turn_on', intent: 'setMicrophone' },
  share_paused: { key: 'go_on', intent: 'pauseSharing' },
  weak_line_four: { key: 'only_sound', intent: 'setSaver' },
  weak_line: { key: 'only_sound', intent: 'setSaver' },
  saver_sound: { key: 'show_pictures', intent: 'setSaver' },
  sound_blocked: { key: 'start_sound', intent: 'startSound' },
  sound_elsewhere: { key: 'hear_here', intent: 'takeSound' },
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

/** Tells of something; it takes the place of an older notice about the same person, or of the same thing. */
export function notice(said: Said, key: SayKey, words: Words, now: number): Said {
  const isReplaced = (old: Notice): boolean =>
    words['name'] === undefined ? old.key === key : old.words['name'] === words['name'];
  const others = said.notices.filter((old) => old.until > now && !isReplaced(old));
  const until = now + (LONG.has(key) ? LONG_NOTICE_STAYS_MS : NOTICE_STAYS_MS);
  return { ...said, notices: [...others, { key, words, until }] };
}

/** What is no longer so is not said any longer. */
export function unsay(said: Said, key: SayKey): Said {
  const notices = said.notices.filter((passing) => passing.key !== key);
  return notices.length === said.notices.length ? said : { ...said, notices };
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
