// Starts the client: styles, what every page shares, and the page itself.

import { mount } from 'svelte';
import AppPage from './App.svelte';
import { createApi } from './protocol/http';
import { App } from './ui/app.svelte';
import './ui/styles/index.css';

const target = document.getElementById('app');
if (target) {
  const app = new App(createApi((path, init) => fetch(path, init)));
  mount(AppPage, { target, props: { app } });
}
