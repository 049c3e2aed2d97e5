// Times, dates and names as people read them. Pure: the moment, the school's zone and the language are arguments.

export type Language = 'ru' | 'en';

export const locales: Readonly<Record<Language, string>> = { ru: 'ru-RU', en: 'en-GB' };

export interface Place {
  readonly language: Language;
  readonly zone: string;
}

/** «09:25» in the school's zone. */
export function timeOfDay(at: number, { language, zone }: Place): string {
  return new Intl.DateTimeFormat(locales[language], {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(at * 1000);
}

export function timeSpan(from: number, to: number, place: Place): string {
  return `${timeOfDay(from, place)}–${timeOfDay(to, place)}`;
}

/** «понедельник, 23 ноября» */
export function dayInText(at: number, { language, zone }: Place): string {
  return new Intl.DateTimeFormat(locales[language], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: zone,
  }).format(at * 1000);
}

/** «Понедельник, 23 ноября» */
export function dayTitle(at: number, place: Place): string {
  const { language } = place;
  const title = dayInText(at, place);
  return title.charAt(0).toLocaleUpperCase(language) + title.slice(1);
}

/** Seconds until a moment, never negative. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil(until - now));
}

/** Minutes as people count them down: 61 s are two more minutes, 60 s one. */
export function minutesLeft(until: number, now: number): number {
  return Math.ceil(secondsLeft(until, now) / 60);
}

/** «3:12» below an hour; longer waits are told in words by the catalogue. */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 0…100, how much of the lesson has gone. */
export function percentGone(from: number, to: number, now: number): number {
  if (to <= from) return 100;
  return Math.min(100, Math.max(0, ((now - from) / (to - from)) * 100));
}

/** «МО» for «Марина Сергеевна Орлова»: first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const first = words[0]?.charAt(0) ?? '';
  const last = words.length > 1 ? (words[words.length - 1]?.charAt(0) ?? '') : '';
  return (first + last).toLocaleUpperCase('ru');
}

/** «Александра К.» for a narrow tile; names of staff are first name and patronymic and stay whole. */
export function narrowName(shortName: string, shorten: boolean): string {
  const words = shortName.split(' ');
  const [first, second] = words;
  if (!shorten || first === undefined || second === undefined || words.length > 2) return shortName;
  return `${first} ${second.charAt(0)}.`;
}

/** One of six quiet colours for a face without a picture; the same for the same person everywhere. */
export function faceColour(seed: string): 'c1' | 'c2' | 'c3' | 'c4' | 'c5' | 'c6' {
  const colours = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'] as const;
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return colours[sum % colours.length] ?? 'c1';
}
