// What this browser remembers about looks: language and theme. Nothing about people is kept here.

import type { Language } from '../locales/formats';

export type Theme = 'system' | 'light' | 'dark';

const LANGUAGE = 'zvonok.language';
const THEME = 'zvonok.theme';

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is closed in some private windows: the page works without a memory
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

/** Russian is the school's language whatever the browser's is; another one is a choice of the person. */
export const savedLanguage = (): Language => (read(LANGUAGE) === 'en' ? 'en' : 'ru');
export const saveLanguage = (language: Language): void => write(LANGUAGE, language);

export function savedTheme(): Theme {
  const theme = read(THEME);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export const saveTheme = (theme: Theme): void => write(THEME, theme);
