// The order and icons of what is done to everybody. Pure; quiet has its own button.

import type { ClassAction } from '../../state/lesson';
import type { IconName } from '../icons';

const ICONS: Readonly<Record<Exclude<ClassAction, 'quiet'>, IconName>> = {
  close_microphones: 'lock',
  open_microphones: 'lock-open',
  take_floor: 'mic-off',
  lower_hands: 'hand',
  stop_cameras: 'video-off',
  close_cameras: 'lock',
  open_cameras: 'lock-open',
  close_sharing: 'monitor',
  open_sharing: 'monitor-up',
  end_spotlight: 'star',
  clear_answers: 'rotate-ccw',
};

export interface ClassItem {
  readonly action: keyof typeof ICONS;
  readonly icon: IconName;
}

/** What can be done at the moment, always in the same order, so that nothing jumps under the finger. */
export function classItems(possible: readonly ClassAction[]): readonly ClassItem[] {
  const order = Object.keys(ICONS) as readonly (keyof typeof ICONS)[];
  return order
    .filter((action) => possible.includes(action))
    .map((action) => ({ action, icon: ICONS[action] }));
}
