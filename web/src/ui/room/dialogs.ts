// Which dialog of the room is open. Data only.

import type { Participant } from '../../protocol/messages';

export type OpenDialog =
  | { readonly kind: 'leave' | 'keys' | 'devices' }
  | { readonly kind: 'remove'; readonly person: Participant }
  | { readonly kind: 'report'; readonly about: string | null };
