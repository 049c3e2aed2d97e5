import { describe, expect, it } from 'vitest';
import type { Participant } from '../protocol/messages';
import { aRoom, person } from './person.fake';
import { muteOf, openRoom, step, wakesAt, type RoomEvent, type RoomInput, type RoomState } from './room';
import { sourcesOf, viewOf } from './view';

const teacher = person('teacher', { role: 'teacher', verified: true });
const anna = person('anna', { sources: { camera: 21, screen: 22 } });
const boris = person('boris', { sources: { camera: 31, screen: 32 } });
const director = person('director', { role: 'observer', office: 'director', sources: {} });

const shut = openRoom({ microphone: 'on', camera: 'off', canShare: true });

function inRoom(you: string, people: readonly Participant[] = [teacher, anna, boris], now = 0): RoomState {
  return step(shut, { type: 'joined', you, snapshot: { seq: 1, room: aRoom(), participants: people } }, now);
}

const after = (state: RoomState, input: RoomInput, now: number) => step(state, input, now);
const hears = (state: RoomState, event: RoomEvent, now: number) => step(state, { type: 'event', event }, now);
const withMedia = (who: Participant, media: Participant['media']): Participant => ({ ...who, media });
const keys = (state: RoomState, now: number) => viewOf(state, now).tiles.map(({ key }) => key);

describe('a room', () => {
  it('is «connecting» until the snapshot is there, then live', () => {
    expect(viewOf(shut, 0)).toMatchObject({ phase: 'connecting', tiles: [], you: null, say: null });
    expect(viewOf(inRoom('anna'), 0)).toMatchObject({ phase: 'live', you: { id: 'anna' }, observer: false });
    expect(keys(inRoom('anna'), 0)).toEqual(['teacher', 'boris', 'anna']);
  });

  it('gives everything anew from a snapshot after a long absence', () => {
    const state = after(
      inRoom('anna'),
      { type: 'resumed', snapshot: { seq: 9, room: aRoom(), participants: [anna] } },
      9000,
    );
    expect(keys(state, 9000)).toEqual(['anna']);
  });

  it('keeps everything when the missed events follow', () => {
    expect(keys(after(inRoom('anna'), { type: 'resumed', snapshot: null }, 1), 1)).toHaveLength(3);
  });

  it('is «reconnecting» while the link is down, says so, and marks only the own tile', () => {
    const view = viewOf(after(inRoom('anna'), { type: 'own', own: { link: 'down' } }, 1), 1);
    expect(view).toMatchObject({ phase: 'reconnecting', say: { key: 'link_lost', urgent: true } });
    expect(view.tiles.filter(({ lost }) => lost).map(({ key }) => key)).toEqual(['anna']);
  });

  it('stays closed for its first reason', () => {
    const ended = hears(inRoom('anna'), { type: 'closed', reason: 'ended' }, 1);
    const state = after(ended, { type: 'own', own: { closed: 'lost' } }, 2);
    expect(viewOf(state, 2)).toMatchObject({ phase: 'closed', closed: 'ended' });
  });
});

describe('people who come and go', () => {
  it.each([
    ['left', 'left'],
    ['closed', 'closed_page'],
    ['lost', 'not_back'],
    ['removed', 'removed_person'],
  ] as const)('are told apart: «%s» reads as %s', (how, key) => {
    const state = hears(
      inRoom('anna'),
      { type: 'participant_left', seq: 2, participant: 'boris', how },
      5000,
    );
    expect(viewOf(state, 5000).say).toMatchObject({ key, words: { name: 'boris' } });
    expect(keys(state, 5000)).toEqual(['teacher', 'anna']);
  });

  it('that lose the network stay in their tile, marked, and come back', () => {
    const gone = hears(
      inRoom('anna'),
      { type: 'participant_changed', seq: 2, participant: { ...boris, link: 'lost' } },
      1,
    );
    expect(viewOf(gone, 1).say?.key).toBe('lost_network');
    expect(viewOf(gone, 1).tiles.find(({ key }) => key === 'boris')?.lost).toBe(true);
    const back = hears(gone, { type: 'participant_changed', seq: 3, participant: boris }, 2);
    expect(viewOf(back, 2).say?.key).toBe('back');
  });

  it('as observers are said once and have no tile, but stand in the list', () => {
    const state = hears(inRoom('anna'), { type: 'participant_joined', seq: 2, participant: director }, 5000);
    expect(viewOf(state, 5000).say).toMatchObject({ key: 'observer_in', words: { name: 'director' } });
    expect(keys(state, 5000)).not.toContain('director');
    expect(viewOf(state, 5000).people.at(-1)?.id).toBe('director');
    expect(viewOf(inRoom('director', [teacher, director]), 0)).toMatchObject({
      observer: true,
      canShare: false,
    });
  });

  it('do not make tiles run about: the order changes at most every three seconds', () => {
    const late = person('late');
    let state = inRoom('anna', [teacher, anna, boris, late], 0);
    state = hears(state, { type: 'speaking', participants: ['late'] }, 500);
    state = hears(state, { type: 'participant_joined', seq: 2, participant: person('newest') }, 1000);
    expect(keys(state, 1000)).toEqual(['teacher', 'boris', 'late', 'newest', 'anna']);
    expect(wakesAt(state, 1000)).toBeLessThanOrEqual(3000);
    state = after(state, { type: 'tick' }, 3000);
    expect(keys(state, 3000)).toEqual(['teacher', 'late', 'boris', 'newest', 'anna']);
  });

  it('that only speak do not change the order', () => {
    const state = hears(inRoom('teacher'), { type: 'speaking', participants: ['boris'] }, 10_000);
    expect(keys(after(state, { type: 'tick' }, 20_000), 20_000)).toEqual(['teacher', 'anna', 'boris']);
  });
});

describe('the mark of a speaker in a room', () => {
  it('comes and goes without further events', () => {
    const state = hears(inRoom('anna'), { type: 'speaking', participants: ['boris'] }, 100);
    expect(viewOf(state, 100).speaking).toEqual([]);
    expect(wakesAt(state, 100)).toBe(250);
    expect(viewOf(state, 250).speaking).toEqual(['boris']);
    expect(viewOf(state, 250).tiles.find(({ key }) => key === 'boris')?.speaking).toBe(true);
  });
});

describe('what a teacher may do', () => {
  const loud = withMedia(anna, { microphone: true });
  const tiles = (you: string) => viewOf(inRoom(you, [teacher, loud, boris]), 0).tiles;
  const of = (you: string, key: string) => tiles(you).find((tile) => tile.key === key);

  it('is to remove pupils and to mute those whose microphone is on', () => {
    expect(of('teacher', 'anna')).toMatchObject({ canMute: true, canRemove: true });
    expect(of('teacher', 'boris')).toMatchObject({ canMute: false, canRemove: true });
    expect(of('teacher', 'teacher')).toMatchObject({ canMute: false, canRemove: false });
    expect(viewOf(inRoom('teacher'), 0).canEnd).toBe(true);
  });

  it('is not what a pupil may do', () => {
    expect(tiles('boris').some((tile) => tile.canMute || tile.canRemove)).toBe(false);
    expect(viewOf(inRoom('anna'), 0).canEnd).toBe(false);
  });
});

describe('the own devices', () => {
  it('are under the mute that the room knows of, however the news came', () => {
    const anna = { ...person('anna'), mute: 3 };
    expect(muteOf(inRoom('anna'))).toBe(0);
    const told = hears(inRoom('anna'), { type: 'participant_changed', seq: 9, participant: anna }, 1);
    expect(muteOf(told)).toBe(3);
  });

  it('are shown as they are here, whatever the server has heard of them', () => {
    const state = inRoom('anna');
    expect(viewOf(state, 0).you?.media).toMatchObject({ microphone: true, camera: false });
    const on = after(state, { type: 'own', own: { camera: 'on' } }, 1);
    expect(viewOf(on, 1)).toMatchObject({ camera: 'on', you: { media: { camera: true } } });
  });

  it('are closed by the teacher with words that stay until they are read or the microphone is on again', () => {
    const muted = after(inRoom('anna'), { type: 'own', own: { microphone: 'muted_by_teacher' } }, 1);
    expect(viewOf(muted, 100_000)).toMatchObject({
      microphone: 'muted_by_teacher',
      say: { key: 'muted_by_teacher' },
    });
    expect(viewOf(after(muted, { type: 'dismissed' }, 2), 2).say).toBeNull();
    const on = after(muted, { type: 'own', own: { microphone: 'on' } }, 3);
    expect(viewOf(on, 3).say).toBeNull();
    const again = after(on, { type: 'own', own: { microphone: 'muted_by_teacher' } }, 4);
    expect(viewOf(again, 4).say?.key).toBe('muted_by_teacher');
  });
});

describe('pictures', () => {
  const cameras = [
    teacher,
    withMedia(anna, { camera: true }),
    withMedia(boris, { camera: true, screen: true }),
  ];

  it('are seen only where the person shows one and it may be seen', () => {
    const state = after(
      inRoom('teacher', cameras),
      { type: 'own', own: { pictures: new Set(['anna', 'teacher']) } },
      1,
    );
    const pictures = viewOf(state, 1).tiles.map(({ key, picture }) => [key, picture]);
    expect(pictures).toEqual([
      ['teacher', false],
      ['anna', true],
      ['boris', false],
    ]);
  });

  it('of a screen stand in a tile of their own, beside the camera', () => {
    const view = viewOf(inRoom('anna', cameras), 0);
    expect(view.screen).toMatchObject({ key: 'boris:screen', kind: 'screen', picture: false });
    expect(view.tiles.map(({ key }) => key)).toContain('boris');
  });

  it('are asked for by the source of whoever shows one, never one’s own', () => {
    expect([...sourcesOf(inRoom('anna', cameras))]).toEqual([
      ['boris', 31],
      ['boris:screen', 32],
    ]);
  });
});

describe('media without an adult', () => {
  it('are said to be away, or to stop soon', () => {
    const changed = (room: RoomEvent & { type: 'room_changed' }) =>
      viewOf(hears(inRoom('anna'), room, 1), 1).say;
    expect(changed({ type: 'room_changed', seq: 2, room: aRoom({ flow: false }) })?.key).toBe('no_adult');
    const soon = changed({ type: 'room_changed', seq: 2, room: aRoom({ media_stops_at: 1700 }) });
    expect(soon).toMatchObject({ key: 'adult_left', words: { stops_at: 1700 } });
  });

  it('that are on their way back are said to be so', () => {
    const state = after(inRoom('anna'), { type: 'own', own: { media: 'returning' } }, 1);
    expect(viewOf(state, 1).say?.key).toBe('media_returning');
    expect(viewOf(after(state, { type: 'own', own: { media: 'up' } }, 2), 2).say).toBeNull();
  });
});
