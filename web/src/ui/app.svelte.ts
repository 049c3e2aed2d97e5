// What every page shares: words, theme, the server's clock, the path and the API. Made once in main.ts and handed
// down as context; it knows no page and nothing of a room.

import { getContext, setContext } from 'svelte';
import { en } from '../locales/en';
import { timeOfDay, timeSpan, type Language } from '../locales/formats';
import { ru, type Catalogue } from '../locales/ru';
import type { Api } from '../protocol/http';
import { saveLanguage, savedLanguage, savedTheme, saveTheme, type Theme } from './preferences';

const catalogues: Record<Language, Catalogue> = { ru, en };
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

export class App {
  language = $state<Language>(savedLanguage());
  theme = $state<Theme>(savedTheme());
  path = $state(location.pathname);
  /** The server's time in Unix seconds; ticks once a second. */
  now = $state(Date.now() / 1000);
  zone = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
  readonly words: Catalogue = $derived(catalogues[this.language]);
  private ahead = 0;

  constructor(readonly api: Api) {
    systemIsDark.addEventListener('change', () => this.dress());
    addEventListener('popstate', () => (this.path = location.pathname));
    setInterval(() => this.tick(), 1000);
    this.dress();
  }

  speak(language: Language): void {
    this.language = language;
    saveLanguage(language);
    this.dress();
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
    root.lang = this.language;
    root.dataset['theme'] = this.theme === 'system' ? (systemIsDark.matches ? 'dark' : 'light') : this.theme;
  }
}

const KEY = Symbol('app');

export const provideApp = (app: App): App => setContext(KEY, app);
export const useApp = (): App => getContext<App>(KEY);
