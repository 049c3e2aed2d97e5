import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import { undoText } from './undo-text';

describe('what an undo says', () => {
  it('counts pupils at a lesson and people at a meeting', () => {
    expect(undoText({ key: 'quiet', count: 22 }, 'lesson', ru)).toBe('Микрофоны выключены у 22 учеников');
    expect(undoText({ key: 'quiet', count: 1 }, 'lesson', ru)).toBe('Микрофоны выключены у 1 ученика');
    expect(undoText({ key: 'quiet', count: 3 }, 'meeting', ru)).toBe('Микрофоны выключены у 3 человек');
    expect(undoText({ key: 'stopped_cameras', count: 1 }, 'lesson', en)).toBe('Cameras off: 1 person');
  });
});
