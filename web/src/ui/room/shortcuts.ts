// Keys of the room (design §8), read by `event.code` so that they work in the Russian layout. Pure.

export type Shortcut = 'microphone' | 'camera' | 'screen' | 'people' | 'fullScreen' | 'escape' | 'keys';

export interface Key {
  readonly code: string;
  readonly key: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const PLAIN: Readonly<Record<string, Shortcut>> = {
  KeyM: 'microphone',
  KeyV: 'camera',
  KeyS: 'screen',
  KeyP: 'people',
  KeyF: 'fullScreen',
  Escape: 'escape',
};

/** What is listed, in the order of the list. */
export const KEYS: readonly { readonly key: string; readonly shortcut: Exclude<Shortcut, 'keys'> }[] = [
  { key: 'M', shortcut: 'microphone' },
  { key: 'V', shortcut: 'camera' },
  { key: 'S', shortcut: 'screen' },
  { key: 'P', shortcut: 'people' },
  { key: 'F', shortcut: 'fullScreen' },
  { key: 'Esc', shortcut: 'escape' },
];

export function shortcutOf(pressed: Key): Shortcut | null {
  if (pressed.repeat || pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  if (pressed.key === '?' || (pressed.code === 'Slash' && pressed.shiftKey)) return 'keys';
  return pressed.shiftKey ? null : (PLAIN[pressed.code] ?? null);
}
