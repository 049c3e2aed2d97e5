// What this browser remembers for its person: language, theme, shortcuts, and how much it saves of the line. Nothing about
// people is kept here.

import type { Language } from '../locales/formats';
import type { Saver } from '../state/lesson';
import { read, write } from './memory';

export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE = 'zvonok.language';
const THEME = 'zvonok.theme';
const SHORTCUTS = 'zvonok.shortcuts';
const SAVER = 'zvonok.saver';

/** Russian is the school's language whatever the browser's is; another one is a choice of the person. */
export const savedLanguage = (): Language => (read(LANGUAGE) === 'en' ? 'en' : 'ru');
export const saveLanguage = (language: Language): void => write(LANGUAGE, language);

export function savedTheme(): Theme {
  const saved = read(THEME);
  return THEMES.find((theme) => theme === saved) ?? 'system';
}

export const saveTheme = (theme: Theme): void => write(THEME, theme);

/** Keys of one letter can be switched off (WCAG 2.1.4). */
export const savedShortcuts = (): boolean => read(SHORTCUTS) !== 'off';
export const saveShortcuts = (on: boolean): void => write(SHORTCUTS, on ? 'on' : 'off');

/** Of the device: a tablet in the kitchen saves, the computer of the same person need not. */
export function savedSaver(): Saver {
  const saver = read(SAVER);
  return saver === 'one' || saver === 'sound' ? saver : 'all';
}

export const saveSaver = (saver: Saver): void => write(SAVER, saver);
