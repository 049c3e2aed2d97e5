// What every page shares: words, theme, whether keys of the room are on, the server's clock, the path and the API. Made once
// in main.ts and handed down as context; it knows no page and nothing of a room.

import { getContext, setContext } from 'svelte';
import { timeOfDay, timeSpan, type Language } from '../locales/formats';
import { ru, type Catalogue } from '../locales/ru';
import type { Api } from '../protocol/http';
import {
  saveLanguage,
  savedShortcuts,
  savedTheme,
  saveShortcuts,
  saveTheme,
  type Theme,
} from './preferences';

/** Russian comes with the page; another language is fetched by whoever chooses it. */
const catalogues: Record<Language, () => Promise<Catalogue>> = {
  ru: () => Promise.resolve(ru),
  en: () => import('../locales/en').then(({ en }) => en),
};
/** The colour of the browser's own frame: the paper of each theme. */
const FRAMES = { light: '#f6f8f5', dark: '#131816', contrast: '#000000' } as const;
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

export class App {
  language = $state<Language>('ru');
  words = $state.raw<Catalogue>(ru);
  theme = $state<Theme>(savedTheme());
  shortcuts = $state(savedShortcuts());
  path = $state(location.pathname);
  /** The server's time in Unix seconds; ticks once a second. */
  now = $state(Date.now() / 1000);
  zone = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
  private asked: Language = 'ru';
  private ahead = 0;

  constructor(readonly api: Api) {
    systemIsDark.addEventListener('change', () => this.dress());
    addEventListener('popstate', () => (this.path = location.pathname));
    setInterval(() => this.tick(), 1000);
    this.dress();
  }

  /** Where the words do not come, the page goes on in the language that it has. */
  async speak(language: Language): Promise<void> {
    this.asked = language;
    const words = await catalogues[language]().catch(() => null);
    if (words === null || this.asked !== language) return;
    this.words = words;
    this.language = language;
    saveLanguage(language);
    this.dress();
  }

  useShortcuts(on: boolean): void {
    this.shortcuts = on;
    saveShortcuts(on);
  }

  wear(theme: Theme): void {
    this.theme = theme;
    saveTheme(theme);
    this.dress();
  }

  go(path: string): void {
    if (path !== location.pathname) history.pushState(null, '', path);
    this.path = path;
    scrollTo(0, 0);
  }

  /** Sets the page's clock by a document of the server. */
  serverSaid(document: { readonly now: number; readonly zone: string }): void {
    this.ahead = document.now - Date.now() / 1000;
    this.zone = document.zone;
    this.tick();
  }

  time(at: number): string {
    return timeOfDay(at, this);
  }

  span(from: number, to: number): string {
    return timeSpan(from, to, this);
  }

  private tick(): void {
    this.now = Date.now() / 1000 + this.ahead;
  }

  private dress(): void {
    const root = document.documentElement;
    const theme = this.theme === 'system' ? (systemIsDark.matches ? 'dark' : 'light') : this.theme;
    root.lang = this.language;
    root.dataset['theme'] = theme;
    for (const frame of document.querySelectorAll('meta[name=theme-color]'))
      frame.setAttribute('content', FRAMES[theme]);
  }
}

const KEY = Symbol('app');

export const provideApp = (app: App): App => setContext(KEY, app);
export const useApp = (): App => getContext<App>(KEY);
