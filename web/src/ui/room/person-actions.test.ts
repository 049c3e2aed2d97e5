import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import { menuOf } from './person-actions';
import { person, tile } from './room.fake';

const artyom = person('Артём Белов');
const actionsOf = (change: Parameters<typeof tile>[1]) =>
  menuOf(tile(artyom, change), 'lesson', ru).map(({ action }) => action);

describe('the menu of a person', () => {
  it('keeps the order of the state, then what is for oneself, and what is red last', () => {
    expect(actionsOf({ actions: ['remove', 'mute', 'spotlight'] })).toEqual([
      'mute',
      'spotlight',
      'pin',
      'remove',
    ]);
  });

  it('lets somebody without powers pin and tell the administrator', () => {
    expect(actionsOf({})).toEqual(['pin', 'report']);
    expect(actionsOf({ mine: true, pinned: true })).toEqual(['unpin']);
  });

  it('is empty for an observer whom nobody may do anything with', () => {
    const director = person('Сергей Николаевич', { role: 'observer' });
    expect(menuOf(tile(director), 'lesson', ru)).toEqual([]);
  });

  it('calls a room by its kind and says what an action does', () => {
    const [mute, , remove] = menuOf(tile(artyom, { actions: ['mute', 'remove'] }), 'meeting', ru);
    expect(mute).toMatchObject({ label: 'Выключить микрофон', note: 'включить сможет сам', red: false });
    expect(remove).toMatchObject({ label: 'Удалить с собрания', red: true });
  });

  it('has words for everything in both languages', () => {
    for (const words of [ru, en])
      for (const item of menuOf(tile(artyom), 'lesson', words)) expect(item.label).toBeTruthy();
  });
});
