// The passing signs that a person can give, in the order of the menu, with their icons. Data only.

import type { Reaction } from '../../state/lesson';
import type { IconName } from '../icons';

export const REACTION_ICONS: Readonly<Record<Reaction, IconName>> = {
  clap: 'party-popper',
  like: 'thumbs-up',
  laugh: 'laugh',
  wow: 'sparkles',
  puzzled: 'circle-question-mark',
};

export const REACTIONS = Object.keys(REACTION_ICONS) as readonly Reaction[];
