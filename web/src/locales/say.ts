// The keys of the top line's messages and of their buttons, as state names them.

import type { SayButton, SayKey } from '../state/say';

export type SayWord = SayKey | SayButton;
