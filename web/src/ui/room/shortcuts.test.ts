import { describe, expect, it } from 'vitest';
import { shortcutOf, type Key } from './shortcuts';

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
    expect(shortcutOf(press({ code: 'KeyV', key: 'v' }))).toBe('camera');
  });

  it('leave the browser its own combinations', () => {
    expect(shortcutOf(press({ code: 'KeyP', key: 'p', ctrlKey: true }))).toBeNull();
    expect(shortcutOf(press({ code: 'KeyF', key: 'f', metaKey: true }))).toBeNull();
    expect(shortcutOf(press({ code: 'KeyM', key: 'M', shiftKey: true }))).toBeNull();
  });

  it('do not repeat while a key is held', () => {
    expect(shortcutOf(press({ code: 'KeyM', key: 'm', repeat: true }))).toBeNull();
  });

  it('show their list by the question mark of either layout', () => {
    expect(shortcutOf(press({ code: 'Digit7', key: '?', shiftKey: true }))).toBe('keys');
    expect(shortcutOf(press({ code: 'Slash', key: ',', shiftKey: true }))).toBe('keys');
  });
});
