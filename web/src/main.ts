// Starts the client: styles, what every page shares, the page itself, and what a phone's home screen asks for.

import { mount } from 'svelte';
import AppPage from './App.svelte';
import { abortedAfter } from './clocks';
import { createApi } from './protocol/http';
import { App } from './ui/app.svelte';
import { serveOffline } from './ui/offline';
import { savedLanguage } from './ui/preferences';
import { watchKeyboard } from './ui/screen-keyboard';
import './ui/styles/index.css';

/** A document is a few kilobytes: later than this no answer comes, and whoever asked is told so. */
const ANSWER_WITHIN_MS = 20_000;

const target = document.getElementById('app');
if (target) {
  const app = new App(
    createApi((path, init) => fetch(path, { ...init, signal: abortedAfter(ANSWER_WITHIN_MS).signal })),
  );
  watchKeyboard();
  void app.speak(savedLanguage()).then(() => {
    mount(AppPage, { target, props: { app } });
    serveOffline();
  });
}
