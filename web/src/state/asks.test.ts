import { describe, expect, it } from 'vitest';
import { askOfClass, askOfPerson, asksOfUndo, UNDONE } from './asks';
import { UNDO_STAYS_MS, undoable, undoView } from './undo';

describe('a press of a host', () => {
  it('asks, and never turns on', () => {
    expect(askOfPerson('ask_microphone', 'anna', [])).toEqual({
      type: 'ask_to_turn_on',
      participants: ['anna'],
      kind: 'microphone',
    });
    expect(askOfPerson('open_camera', 'anna', [])).toMatchObject({ type: 'restrict', how: 'open' });
  });

  it('keeps the others large when one more is, four at most, the oldest gone first', () => {
    expect(askOfPerson('spotlight', 'e', ['a', 'b', 'c', 'd'])).toMatchObject({
      participants: ['b', 'c', 'd', 'e'],
    });
    expect(askOfPerson('end_spotlight', 'b', ['a', 'b'])).toMatchObject({ participants: ['a'] });
  });

  it('makes quiet by one request for everybody', () => {
    expect(askOfClass('quiet')).toEqual({
      type: 'restrict',
      participant: null,
      kind: 'microphone',
      how: 'off',
    });
  });
});

describe('taking back', () => {
  it('«quiet» asks those who were cut to turn their microphones on', () => {
    expect(asksOfUndo(undoable('quiet', { participants: ['anna', 'boris'], before: [] }, 0))).toEqual([
      { type: 'ask_to_turn_on', participants: ['anna', 'boris'], kind: 'microphone' },
    ]);
  });

  it('closed microphones opens them, and asks those who spoke', () => {
    expect(
      asksOfUndo(undoable('closed_microphones', { participants: ['anna'], before: [] }, 0)),
    ).toMatchObject([
      { type: 'restrict', participant: null, kind: 'microphone', how: 'open' },
      { type: 'ask_to_turn_on', participants: ['anna'] },
    ]);
    expect(asksOfUndo(undoable('closed_microphones', { participants: [], before: [] }, 0))).toHaveLength(1);
  });

  it('does not open the microphone that was closed by name before', () => {
    const asks = asksOfUndo(undoable('closed_microphones', { participants: [], before: ['egor'] }, 0));
    expect(asks.at(-1)).toMatchObject({ type: 'restrict', participant: 'egor', how: 'closed' });
  });

  it('stopped cameras asks for cameras', () => {
    expect(asksOfUndo(undoable('stopped_cameras', { participants: ['anna'], before: [] }, 0))).toMatchObject([
      { kind: 'camera' },
    ]);
  });

  it('is offered for what cuts, for a while', () => {
    expect(UNDONE).toMatchObject({ quiet: 'quiet', close_microphones: 'closed_microphones' });
    expect(UNDONE.lower_hands).toBeUndefined();
    const undo = undoable('quiet', { participants: ['anna'], before: [] }, 1_000);
    expect(undoView(undo, 1_000 + UNDO_STAYS_MS - 1)).toMatchObject({ key: 'quiet', count: 1 });
    expect(undoView(undo, 1_000 + UNDO_STAYS_MS)).toBeNull();
  });
});
