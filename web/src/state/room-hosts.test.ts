import { describe, expect, it } from 'vitest';
import type { Participant } from '../protocol/messages';
import { aRoom, person, snapshotOf, someSettings } from '../protocol/messages.fake';
import { floorOpens, type RoomInput } from './room';
import { after, anna, boris, hears, inRoom, shut, teacher, withMedia } from './room.fake';
import type { RoomEvent, RoomState } from './room-state';
import { viewOf } from './view';

describe('what a host may do', () => {
  it('stands at the tiles and for the class; nobody else has any of it', () => {
    const loud = withMedia(anna, { microphone: true });
    const view = (you: string) => viewOf(inRoom(you, [teacher, loud, boris]), 0);
    const actions = (you: string, key: string) => view(you).tiles.find((tile) => tile.key === key)?.actions;
    expect(actions('teacher', 'anna')).toContain('mute');
    expect(actions('teacher', 'boris')).toContain('remove');
    expect(view('teacher')).toMatchObject({
      host: true,
      classActions: expect.arrayContaining(['quiet']) as unknown,
    });
    expect(actions('boris', 'anna')).toEqual([]);
    expect(view('boris')).toMatchObject({ host: false, classActions: [] });
  });

  it('is to leave to another adult; the last one is told so', () => {
    const staff = person('staff', { role: 'staff' });
    expect(viewOf(inRoom('teacher'), 0)).toMatchObject({ lastAdult: true, successors: [] });
    const beside = viewOf(inRoom('teacher', [teacher, anna, staff]), 0);
    expect(beside).toMatchObject({ lastAdult: false, successors: [{ id: 'staff' }] });
    expect(viewOf(inRoom('anna'), 0).lastAdult).toBe(false);
  });
});

const told = (state: RoomState, change: Partial<Participant>, now = 5_000) =>
  hears(state, { type: 'participant_changed', seq: 2, participant: { ...anna, ...change } }, now);
const rights = (change: Partial<Participant['rights']>): Partial<Participant> => ({
  rights: { ...anna.rights, ...change },
});

describe('the floor', () => {
  const raised = told(inRoom('anna'), { hand: 7 }, 1);

  it('opens the own microphone when the own hand was up: raising it was the consent', () => {
    const given = told(raised, rights({ microphone: 'floor' }));
    expect(floorOpens(raised, given)).toBe(true);
    expect(viewOf(given, 5_000)).toMatchObject({ say: { key: 'floor_given' }, asked: null });
  });

  it('only asks when it was not', () => {
    const before = inRoom('anna');
    const given = told(before, rights({ microphone: 'floor' }));
    expect(floorOpens(before, given)).toBe(false);
    expect(viewOf(given, 5_000).asked).toBe('microphone');
  });

  it('opens nothing for the others', () => {
    const mine = inRoom('boris');
    expect(floorOpens(mine, told(mine, rights({ microphone: 'floor' })))).toBe(false);
  });

  it('that is taken is said', () => {
    const given = told(raised, rights({ microphone: 'floor' }), 2);
    expect(viewOf(told(given, rights({ microphone: 'closed' })), 5_000).say?.key).toBe('floor_taken');
  });
});

describe('what hosts close', () => {
  it('is said, with the way to answer, until the hand is up', () => {
    const closed = told(inRoom('anna'), rights({ microphone: 'closed' }));
    expect(viewOf(closed, 5_000).say).toMatchObject({
      key: 'closed_microphone',
      urgent: true,
      action: { intent: 'raiseHand' },
    });
    const up = told(closed, { ...rights({ microphone: 'closed' }), hand: 7 }, 6_000);
    expect(viewOf(up, 6_000).say).toBeNull();
  });

  it('is said again at every press on it', () => {
    const state = after(inRoom('anna'), { type: 'closed_pressed', kind: 'microphone' }, 90_000);
    expect(viewOf(state, 90_000).say?.key).toBe('closed_microphone');
  });

  it('cuts a camera or a screen with a word', () => {
    const shows = told(inRoom('anna'), { media: { camera: true, screen: true } }, 1);
    const on = after(shows, { type: 'own', own: { camera: 'on', sharing: true } }, 2);
    expect(viewOf(told(on, { media: { camera: false, screen: true } }), 5_000).say?.key).toBe(
      'stopped_camera',
    );
    expect(viewOf(told(on, { media: { camera: true, screen: false } }), 5_000).say?.key).toBe(
      'sharing_stopped',
    );
  });

  it('takes the button of sharing away', () => {
    expect(viewOf(told(inRoom('anna'), rights({ screen: 'closed' })), 5_000).canShare).toBe(false);
  });

  it('is told of the room: a closed chat to all but hosts, a locked door to hosts', () => {
    const news = (you: string, settings: Partial<typeof someSettings>) => {
      const room = aRoom({ settings: { ...someSettings, ...settings } });
      return viewOf(hears(inRoom(you), { type: 'room_changed', seq: 2, room }, 1), 1).say?.key;
    };
    expect(news('anna', { chat: 'off' })).toBe('chat_off');
    expect(news('teacher', { chat: 'off' })).toBeUndefined();
    expect(news('teacher', { locked: true })).toBe('locked');
    expect(news('anna', { locked: true })).toBeUndefined();
  });
});

describe('what is refused', () => {
  it.each([
    ['not_allowed', 'not_allowed'],
    ['too_many', 'too_many'],
    ['not_found', undefined],
  ] as const)('by the code %s reads as %s', (code, key) => {
    const state = after(inRoom('teacher'), { type: 'refused', ask: 'restrict', code }, 1);
    expect(viewOf(state, 1).say?.key).toBe(key);
  });

  it('is told apart from what a lost connection has swallowed, which is said once the link is back', () => {
    const down = after(inRoom('teacher'), { type: 'own', own: { link: 'down' } }, 1);
    const pressed = after(down, { type: 'swallowed' }, 2);
    expect(viewOf(pressed, 2).say?.key).toBe('link_lost');
    expect(viewOf(after(pressed, { type: 'own', own: { link: 'up' } }, 3), 3).say?.key).toBe('swallowed');
  });
});

describe('somebody at the door', () => {
  const waiting = (id: string) => ({
    id,
    name: id,
    short_name: id,
    initials: '',
    about: '',
    role: 'parent' as const,
    expected: true,
    since: 1,
  });

  it('sees who is expected, and is in the room when let in', () => {
    const door = hears(shut, { type: 'at_the_door', host: 'Марина', expected: true, waiting: 2 }, 1);
    expect(viewOf(door, 1)).toMatchObject({ phase: 'at_the_door', door: { host: 'Марина', waiting: 2 } });
    const joined: RoomInput = { type: 'joined', you: 'anna', snapshot: snapshotOf([anna]), layout: {} };
    expect(viewOf(after(door, joined, 2), 2)).toMatchObject({ phase: 'live', door: null });
  });

  it('is said to hosts as long as anybody waits', () => {
    const event: RoomEvent = { type: 'door_changed', seq: 2, waiting: [waiting('olga'), waiting('pyotr')] };
    const state = hears(inRoom('teacher'), event, 1);
    expect(viewOf(state, 60_000)).toMatchObject({
      waiting: [{ id: 'olga' }, { id: 'pyotr' }],
      say: { key: 'at_the_door', words: { name: 'olga', more: 1 } },
    });
    expect(viewOf(hears(state, { type: 'door_changed', seq: 3, waiting: [] }, 2), 2).say).toBeNull();
  });
});
