// Messages of the room by their key: state names the message and its words, the catalogue says it. Pure.

import type { Catalogue } from '../../locales/ru';

type Words = Readonly<Record<string, string | number>>;

/** `more`: so many others of whom the same could be said. An unknown key stays silent rather than showing a code. */
export function saidIn(
  catalogue: Catalogue,
  key: string,
  words: Words,
  time: (at: number) => string,
): string {
  const text = (catalogue.say as Readonly<Record<string, string>>)[key] ?? '';
  const name = String(words['name'] ?? '');
  const more = Number(words['more'] ?? 0);
  return text
    .replace('{name}', more > 0 ? catalogue.andMore(name, more) : name)
    .replace('{time}', time(Number(words['stops_at'] ?? 0)));
}
