// Which pictures a person who saves asks for: all that are on the page, one, or none. Pure; wanted.ts asks.

import type { Layout } from '../protocol/messages';
import type { Saver } from './lesson';
import { stageOf, type StageInput } from './stage';

export interface Attention extends Pick<StageInput, 'spotlight' | 'speaker' | 'screens'> {
  readonly layout: Pick<Layout, 'pins'>;
}

/** `keys` have a picture that may be asked for, most wanted first. The one is what would be large first where the speaker is. */
export function sparing(saver: Saver, keys: readonly string[], attention: Attention): readonly string[] {
  if (saver === 'all') return keys;
  if (saver === 'sound') return [];
  const isScreen = (key: string): boolean => attention.screens.includes(key);
  const { large } = stageOf({
    ...attention,
    tiles: keys.filter((key) => !isScreen(key)),
    screens: attention.screens.filter((key) => keys.includes(key)),
    layout: { ...attention.layout, mode: 'speaker' },
    you: null,
  });
  return large.slice(0, 1);
}
