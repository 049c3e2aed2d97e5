import { describe, expect, it } from 'vitest';
import { ru } from '../../locales/ru';
import { isOn, KEYS, meant, shortcutOf, tileOfDigit, type Key } from './shortcuts';

const press = (change: Partial<Key>): Key => ({
  code: '',
  key: '',
  repeat: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...change,
});

describe('keys of the room', () => {
  it('are places of the keyboard, whatever the layout writes', () => {
    expect(shortcutOf(press({ code: 'KeyM', key: 'ь' }))).toBe('microphone');
    expect(shortcutOf(press({ code: 'KeyH', key: 'р' }))).toBe('hand');
    expect(shortcutOf(press({ code: 'KeyG', key: 'п' }))).toBe('layout');
  });

  it('leave the browser its own combinations, but for the one that takes back', () => {
    expect(shortcutOf(press({ code: 'KeyP', key: 'p', ctrlKey: true }))).toBeNull();
    expect(shortcutOf(press({ code: 'KeyF', key: 'f', metaKey: true }))).toBeNull();
    expect(shortcutOf(press({ code: 'KeyZ', key: 'я', ctrlKey: true }))).toBe('undo');
    expect(shortcutOf(press({ code: 'KeyZ', key: 'Z', ctrlKey: true, shiftKey: true }))).toBeNull();
  });

  it('with Shift mean the class', () => {
    expect(shortcutOf(press({ code: 'KeyM', key: 'M', shiftKey: true }))).toBe('quiet');
    expect(shortcutOf(press({ code: 'KeyH', key: 'H', shiftKey: true }))).toBe('floor');
    expect(shortcutOf(press({ code: 'KeyV', key: 'V', shiftKey: true }))).toBeNull();
  });

  it('make the tile of a digit large', () => {
    expect(shortcutOf(press({ code: 'Digit3', key: '3' }))).toBe('large');
    expect(tileOfDigit({ code: 'Digit3' })).toBe(2);
    expect(tileOfDigit({ code: 'Numpad9' })).toBe(8);
    expect(shortcutOf(press({ code: 'Digit0', key: '0' }))).toBeNull();
  });

  it('do not repeat while a key is held', () => {
    expect(shortcutOf(press({ code: 'KeyM', key: 'm', repeat: true }))).toBeNull();
    expect(shortcutOf(press({ code: 'Space', key: ' ', repeat: true }))).toBeNull();
  });

  it('show their list by the question mark of either layout', () => {
    expect(shortcutOf(press({ code: 'Digit7', key: '?', shiftKey: true }))).toBe('keys');
    expect(shortcutOf(press({ code: 'Slash', key: ',', shiftKey: true }))).toBe('keys');
  });

  it('are letters while one types, and leave focused controls their Space and arrows', () => {
    expect(meant('microphone', 'field')).toBeNull();
    expect(meant('escape', 'field')).toBe('escape');
    expect(meant('hold', 'control')).toBeNull();
    expect(meant('hold', 'tile')).toBe('hold');
    expect(meant('nextPage', 'tile')).toBeNull();
    expect(meant('nextPage', 'page')).toBe('nextPage');
    expect(meant('hand', 'control')).toBe('hand');
  });

  it('of one letter can be switched off, the others stay', () => {
    const off = (code: string, change: Partial<Key> = {}): boolean => {
      const shortcut = shortcutOf(press({ code, ...change }));
      return shortcut !== null && !isOn(shortcut, false);
    };
    const letters = ['KeyM', 'Space', 'KeyV', 'KeyS', 'KeyH', 'KeyP', 'KeyC', 'KeyG', 'KeyF', 'Digit1'];
    expect(letters.filter((code) => !off(code))).toEqual([]);
    expect(['KeyM', 'KeyH', 'Slash'].filter((code) => !off(code, { shiftKey: true }))).toEqual([]);
    expect(['Escape', 'ArrowLeft', 'PageDown'].filter((code) => off(code))).toEqual([]);
    expect(off('KeyZ', { ctrlKey: true })).toBe(false);
    expect(isOn('microphone', true)).toBe(true);
  });

  it('are all listed with words', () => {
    for (const { shortcut } of KEYS) expect(ru.keys[shortcut]).toBeTruthy();
  });
});
