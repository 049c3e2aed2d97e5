import { describe, expect, it } from 'vitest';
import { aRoom, person, snapshotOf } from '../protocol/messages.fake';
import { wakesAt, type RoomInput } from './room';
import { after, anna, boris, hears, inRoom, keys, shut, someDevice, teacher, withMedia } from './room.fake';
import { openRoom, type RoomEvent, type RoomState } from './room-state';
import { sourcesOf, viewOf } from './view';

const director = person('director', { role: 'observer', office: 'director', sources: {} });

describe('a room', () => {
  it('is of the kind that the door knew, and an observer has no devices, before the snapshot is there', () => {
    const meeting = openRoom({ ...someDevice, kind: 'meeting', observes: true });
    expect(viewOf(meeting, 0)).toMatchObject({ phase: 'connecting', kind: 'meeting', observer: true });
    expect(viewOf(shut, 0)).toMatchObject({ kind: 'lesson', observer: false });
  });

  it('is «connecting» until the snapshot is there, then live', () => {
    expect(viewOf(shut, 0)).toMatchObject({ phase: 'connecting', tiles: [], you: null, say: null });
    expect(viewOf(inRoom('anna'), 0)).toMatchObject({ phase: 'live', you: { id: 'anna' }, observer: false });
    expect(keys(inRoom('anna'), 0)).toEqual(['teacher', 'boris', 'anna']);
  });

  it('gives everything anew from a snapshot after a long absence', () => {
    const state = after(inRoom('anna'), { type: 'resumed', snapshot: snapshotOf([anna]) }, 9000);
    expect(keys(state, 9000)).toEqual(['anna']);
  });

  it('keeps everything when the missed events follow', () => {
    expect(keys(after(inRoom('anna'), { type: 'resumed', snapshot: null }, 1), 1)).toHaveLength(3);
  });

  it('says that the link is down and marks only the own tile, while pictures and sound go on', () => {
    const view = viewOf(after(inRoom('anna'), { type: 'own', own: { link: 'down' } }, 1), 1);
    expect(view).toMatchObject({ phase: 'live', say: { key: 'link_lost', urgent: true } });
    expect(view.tiles.filter(({ lost }) => lost).map(({ key }) => key)).toEqual(['anna']);
  });

  it('is «reconnecting» while the media are away as well', () => {
    const state = after(inRoom('anna'), { type: 'own', own: { link: 'down', media: 'returning' } }, 1);
    expect(viewOf(state, 1).phase).toBe('reconnecting');
    expect(viewOf(after(state, { type: 'own', own: { media: 'up' } }, 2), 2).phase).toBe('live');
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

describe('the own devices', () => {
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
    expect(view.screens).toMatchObject([{ key: 'boris:screen', kind: 'screen', picture: false }]);
    expect(view.stage).toMatchObject({ large: ['boris:screen'], because: 'screen' });
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

describe('a restart of the server', () => {
  it('is said in place of a lost link, and is over with the first word after it', () => {
    const warned = hears(inRoom('anna'), { type: 'restarting' }, 1);
    const down = after(warned, { type: 'own', own: { link: 'down' } }, 2);
    expect(viewOf(down, 2)).toMatchObject({ phase: 'live', say: { key: 'restarting' } });
    const up = after(down, { type: 'own', own: { link: 'up' } }, 3);
    expect(viewOf(after(up, { type: 'resumed', snapshot: null }, 3), 3).say).toBeNull();
  });
});

describe('the layout', () => {
  it('comes with the seat', () => {
    const joined: RoomInput = {
      type: 'joined',
      you: 'anna',
      snapshot: snapshotOf([teacher, anna, boris]),
      layout: { pins: ['boris'], self_view: false },
    };
    const view = viewOf(after(shut, joined, 1), 1);
    expect(view.layout).toEqual({
      mode: 'grid',
      pins: ['boris'],
      hide_without_camera: false,
      self_view: false,
    });
    expect(view.stage).toMatchObject({ large: ['boris'], because: 'pin', others: ['teacher'] });
  });

  it('hides whoever has no camera on, never oneself', () => {
    const state = inRoom('anna', [teacher, anna, withMedia(boris, { camera: true })]);
    const hiding = after(state, { type: 'layout', change: { hide_without_camera: true } }, 1);
    expect(keys(hiding, 1)).toEqual(['boris', 'anna']);
  });
});

describe('the order of tiles in a room', () => {
  const third = person('third');
  const people = [teacher, anna, boris, third];
  const shown = (state: RoomState, tiles: readonly string[], now: number) =>
    after(state, { type: 'shown', keys: tiles }, now);
  const speaks = (state: RoomState, id: string, now: number) =>
    hears(state, { type: 'speaking', participants: [id] }, now);

  it('puts a raised hand after the teacher at once, when it has stood long enough', () => {
    const state = hears(
      inRoom('anna', people),
      { type: 'participant_changed', seq: 2, participant: { ...third, hand: 5 } },
      9_000,
    );
    expect(keys(state, 9_000)).toEqual(['teacher', 'third', 'boris', 'anna']);
    expect(viewOf(state, 9_000).tiles[1]).toMatchObject({ hand: 1 });
  });

  it('is made anew when the page is turned', () => {
    const first = shown(inRoom('teacher', people), ['teacher', 'anna'], 1_000);
    const heard = speaks(first, 'third', 5_000);
    expect(keys(heard, 5_000)).toEqual(['teacher', 'anna', 'boris', 'third']);
    expect(keys(shown(heard, ['boris', 'third'], 6_000), 6_000)).toEqual([
      'teacher',
      'third',
      'anna',
      'boris',
    ]);
  });

  it('is not made anew because the tiles on the page followed it', () => {
    const first = shown(inRoom('teacher', people), ['teacher', 'anna'], 1_000);
    const turned = shown(speaks(first, 'third', 5_000), ['boris', 'third'], 6_000);
    const spoke = speaks(turned, 'boris', 15_000);
    expect(shown(spoke, ['anna', 'boris'], 16_000).order).toBe(turned.order);
  });
});
