// Keys of the room (design §8), read by `event.code` so that they work in the Russian layout. Pure.

export type Shortcut =
  | 'microphone'
  | 'hold'
  | 'camera'
  | 'screen'
  | 'hand'
  | 'people'
  | 'chat'
  | 'layout'
  | 'previousPage'
  | 'nextPage'
  | 'large'
  | 'quiet'
  | 'floor'
  | 'undo'
  | 'fullScreen'
  | 'escape'
  | 'keys';

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
  Space: 'hold',
  KeyV: 'camera',
  KeyS: 'screen',
  KeyH: 'hand',
  KeyP: 'people',
  KeyC: 'chat',
  KeyG: 'layout',
  ArrowLeft: 'previousPage',
  ArrowRight: 'nextPage',
  PageUp: 'previousPage',
  PageDown: 'nextPage',
  KeyF: 'fullScreen',
  Escape: 'escape',
};

const SHIFTED: Readonly<Record<string, Shortcut>> = { KeyM: 'quiet', KeyH: 'floor' };

/** What is listed, in the order of the list. */
export const KEYS: readonly { readonly key: string; readonly shortcut: Exclude<Shortcut, 'keys'> }[] = [
  { key: 'M', shortcut: 'microphone' },
  { key: 'Space', shortcut: 'hold' },
  { key: 'V', shortcut: 'camera' },
  { key: 'S', shortcut: 'screen' },
  { key: 'H', shortcut: 'hand' },
  { key: 'P', shortcut: 'people' },
  { key: 'C', shortcut: 'chat' },
  { key: 'G', shortcut: 'layout' },
  { key: '←', shortcut: 'previousPage' },
  { key: '→', shortcut: 'nextPage' },
  { key: '1…9', shortcut: 'large' },
  { key: 'Shift+M', shortcut: 'quiet' },
  { key: 'Shift+H', shortcut: 'floor' },
  { key: 'Ctrl+Z', shortcut: 'undo' },
  { key: 'F', shortcut: 'fullScreen' },
  { key: 'Esc', shortcut: 'escape' },
];

const DIGIT = /^(?:Digit|Numpad)([1-9])$/;

/** Which tile of the page a digit means, from 0; null for every other key. */
export function tileOfDigit({ code }: Pick<Key, 'code'>): number | null {
  const digit = DIGIT.exec(code)?.[1];
  return digit === undefined ? null : Number(digit) - 1;
}

/** The question mark of whatever layout, and its place in the English one. */
const asksForList = ({ key, code, shiftKey }: Key): boolean => key === '?' || (code === 'Slash' && shiftKey);

export function shortcutOf(pressed: Key): Shortcut | null {
  const { code, shiftKey } = pressed;
  if (pressed.repeat || pressed.altKey) return null;
  if (pressed.ctrlKey || pressed.metaKey) return code === 'KeyZ' && !shiftKey ? 'undo' : null;
  if (asksForList(pressed)) return 'keys';
  if (shiftKey) return SHIFTED[code] ?? null;
  return tileOfDigit(pressed) === null ? (PLAIN[code] ?? null) : 'large';
}

/** Keys that are no letters and stay when the others are switched off (WCAG 2.1.4). */
const ALWAYS: readonly Shortcut[] = ['escape', 'undo', 'previousPage', 'nextPage'];

export const isOn = (shortcut: Shortcut, lettersToo: boolean): boolean =>
  lettersToo || ALWAYS.includes(shortcut);

/** What has the focus when a key comes. */
export type Focused = 'field' | 'control' | 'tile' | 'page';

/** Whoever types means letters, but Esc; a focused control keeps Space and the arrows, a tile the arrows inside the grid. */
export function meant(shortcut: Shortcut | null, focused: Focused): Shortcut | null {
  if (shortcut === null || focused === 'page') return shortcut;
  if (focused === 'field') return shortcut === 'escape' ? shortcut : null;
  const turns = shortcut === 'previousPage' || shortcut === 'nextPage';
  if (turns || (focused === 'control' && shortcut === 'hold')) return null;
  return shortcut;
}
