// The state of a device at the check, in the words of the room's toggles. Pure.

import type { Toggle } from '../../state/lesson';
import type { Access } from '../rtc/devices';

export function nameOf(access: Access): Toggle {
  if (access === 'asking') return 'off';
  return access === 'busy' || access === 'vanished' ? 'missing' : access;
}
