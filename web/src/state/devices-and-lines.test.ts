import { describe, expect, it } from 'vitest';
import type { Participant } from '../protocol/messages';
import { person } from '../protocol/messages.fake';
import type { RoomInput } from './room';
import { after, anna, boris, hears, inRoom, teacher, withMedia } from './room.fake';
import type { RoomEvent, RoomState } from './room-state';
import { viewOf } from './view';

const manyPeople = [teacher, anna, boris, person('vera'), person('gleb')];

describe('a weak line', () => {
  const line = (quality: 'good' | 'weak', held_back: 'none' | 'fewer' | 'all' = 'none'): RoomEvent => ({
    type: 'your_link',
    quality,
    held_back,
  });
  const said = (state: RoomState) => viewOf(state, 0).say?.key ?? null;

  it('is told to its person step by step, and has few tiles', () => {
    const weak = hears(inRoom('anna'), line('weak', 'fewer'), 0);
    expect([said(weak), viewOf(weak, 0).fewTiles]).toEqual(['weak_line', true]);
    const dark = hears(weak, line('weak', 'all'), 0);
    expect(said(dark)).toBe('sound_only_line');
    const good = hears(dark, line('good'), 0);
    expect([said(good), viewOf(good, 0).fewTiles]).toEqual([null, false]);
  });

  it('says that four are shown where there are more', () => {
    const weak = hears(inRoom('anna', manyPeople), line('weak', 'fewer'), 0);
    expect(said(weak)).toBe('weak_line_four');
  });

  it('says nothing of pictures that its person has switched off', () => {
    const saving = after(hears(inRoom('anna'), line('weak', 'all'), 0), { type: 'saver', saver: 'sound' }, 0);
    expect(said(saving)).toBe('saver_sound');
  });

  it('is a sign on the tile for the others, and no message', () => {
    const changed: RoomEvent = {
      type: 'participant_changed',
      seq: 2,
      participant: { ...boris, link: 'weak' },
    };
    const state = hears(inRoom('teacher'), changed, 0);
    expect(viewOf(state, 0).tiles.find(({ key }) => key === 'boris')?.weak).toBe(true);
    expect(said(state)).toBe(null);
  });
});

describe('a slow device', () => {
  it('shows four at a time and says so, unless there are no more or no pictures at all', () => {
    const slow = (people: readonly Participant[]): RoomState => ({
      ...inRoom('anna', [...people]),
      slowDevice: true,
    });
    const said = (state: RoomState) => viewOf(state, 0).say?.key ?? null;
    expect([said(slow(manyPeople)), viewOf(slow(manyPeople), 0).fewTiles]).toEqual(['four_shown', true]);
    expect(said(slow([teacher, anna, boris]))).toBe(null);
    expect(said(after(slow(manyPeople), { type: 'saver', saver: 'sound' }, 0))).toBe('saver_sound');
  });
});

describe('a browser that plays nothing before a press', () => {
  const blocked: RoomInput = { type: 'own', own: { soundBlocked: true } };
  const silent: RoomEvent = { type: 'this_device', others: 1, sound: false, taken: [] };

  it('asks for one, but not where the lesson is heard on another device', () => {
    const state = after(inRoom('anna'), blocked, 0);
    expect(viewOf(state, 0).say).toMatchObject({
      key: 'sound_blocked',
      urgent: true,
      action: { intent: 'startSound' },
    });
    expect(viewOf(hears(state, silent, 0), 0).say?.key).toBe('sound_elsewhere');
  });
});

describe('two devices of one person', () => {
  const device = (others: number, sound: boolean): RoomEvent => ({
    type: 'this_device',
    others,
    sound,
    taken: [],
  });

  it('are told once where the lesson is heard, and the silent one how to hear it', () => {
    const here = hears(inRoom('anna'), device(1, true), 0);
    expect(viewOf(here, 0).say?.key).toBe('second_device');
    const silent = hears(inRoom('anna'), device(1, false), 0);
    expect(viewOf(silent, 0).say).toMatchObject({ key: 'sound_elsewhere', action: { intent: 'takeSound' } });
    expect(viewOf(hears(silent, device(0, true), 0), 0).say).toBe(null);
  });

  it('do not tell a silent one that nobody hears what another hears', () => {
    const muted: RoomInput = { type: 'own', own: { microphone: 'off', speakingMuted: true } };
    const said = (state: RoomState) => viewOf(state, 0).say?.key;
    expect(said(after(inRoom('anna'), muted, 0))).toBe('speaking_muted');
    expect(said(hears(after(inRoom('anna'), muted, 0), device(1, false), 0))).toBe('sound_elsewhere');
    const sends: RoomEvent = {
      type: 'participant_changed',
      seq: 2,
      participant: withMedia(anna, { microphone: true }),
    };
    const sounding = hears(after(inRoom('anna'), muted, 0), device(1, true), 0);
    expect(said(sounding)).toBe('speaking_muted');
    expect(said(hears(sounding, sends, 0))).not.toBe('speaking_muted');
  });

  it('show what the other one sends as on', () => {
    const sends: RoomEvent = {
      type: 'participant_changed',
      seq: 2,
      participant: withMedia(anna, { camera: true, microphone: true }),
    };
    const alone = hears(after(inRoom('anna'), { type: 'own', own: { microphone: 'off' } }, 0), sends, 0);
    expect(viewOf(alone, 0).you?.media).toMatchObject({ camera: false, microphone: false });
    expect(viewOf(hears(alone, device(1, false), 0), 0).you?.media).toMatchObject({
      camera: true,
      microphone: true,
    });
  });

  it('close a question that was answered on the other one', () => {
    const asked = hears(inRoom('anna'), { type: 'please_turn_on', kind: 'camera', by: 'teacher' }, 0);
    expect(viewOf(asked, 0).asked).toBe('camera');
    const on: RoomEvent = {
      type: 'participant_changed',
      seq: 2,
      participant: withMedia(anna, { camera: true }),
    };
    expect(viewOf(hears(asked, on, 0), 0).asked).toBe(null);
  });
});
