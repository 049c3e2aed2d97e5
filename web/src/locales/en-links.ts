// English words of weak lines and of the data saver. A part of en.ts.

import type { ruLinks } from './ru-links';

export const enLinks: typeof ruLinks = {
  weak: 'weak line',
  saver: 'Pictures of others',
  savers: { all: 'All', one: 'One', sound: 'Sound only' },
};
