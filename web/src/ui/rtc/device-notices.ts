// What devices tell their person while a page is open: something was pulled out, plugged in, or could not be done. Words are
// `words.devices.notices` of the catalogue, by key. Made by devices.ts; the device check and the room's top line show them.

import type { Kind } from './hardware';
import type { Device } from './plugged';

export type DeviceNotice =
  /** Pulled out, and another one has taken over. */
  | { readonly key: 'took_over'; readonly kind: Kind; readonly gone: string; readonly taken: string }
  /** Pulled out, and there is no other. */
  | { readonly key: 'vanished'; readonly kind: Kind; readonly gone: string }
  /** There again after `vanished`, or the usual one plugged in again: in use. */
  | { readonly key: 'back'; readonly kind: Kind; readonly taken: string }
  /** Plugged in; `devices.choose(kind, device.id)` takes it, nothing else does. */
  | { readonly key: 'plugged'; readonly kind: Kind; readonly device: Device }
  /** Chosen and not to be had; the one before goes on. */
  | { readonly key: 'not_given'; readonly kind: Kind; readonly label: string }
  | { readonly key: 'speaker_gone'; readonly gone: string }
  | { readonly key: 'clear_failed' }
  | { readonly key: 'blur_failed' }
  | { readonly key: 'blur_slow' };
