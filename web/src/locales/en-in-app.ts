// English words for whoever opened a link inside a messenger. A part of en.ts.

import type { Catalogue } from './ru';

const inside = (app: string | null) => (app === null ? 'inside an app' : `inside ${app}`);

export const enInApp: Catalogue['inApp'] = {
  title: (app) => `This page is open ${inside(app)}.`,
  lead: (browser) => `There is no camera or microphone here. Open the lesson in ${browser}.`,
  steps: (browser) => ['Copy the link.', `Open ${browser}.`, 'Paste the link into the address bar and join.'],
  open: 'Open in a browser',
  hint: (app, browser) => `You are ${inside(app)}. If picture or sound is lost, open the link in ${browser}.`,
};
