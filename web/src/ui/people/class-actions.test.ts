import { describe, expect, it } from 'vitest';
import { classItems } from './class-actions';

describe('what is done to everybody', () => {
  it('stands in one order, whatever the state names first', () => {
    const items = classItems(['stop_cameras', 'quiet', 'close_microphones']);
    expect(items.map(({ action }) => action)).toEqual(['close_microphones', 'stop_cameras']);
  });

  it('is nothing where nothing can be done', () => {
    expect(classItems([])).toEqual([]);
  });
});
