import { describe, expect, it } from 'vitest';
import { aRoom, person, snapshotOf, someSettings } from '../protocol/messages.fake';
import { someDevice } from './room.fake';
import { step } from './room';
import { openRoom, type RoomState } from './room-state';
import { touchesPictures, wantedTracks } from './wanted';

const people = [
  person('teacher', {
    role: 'teacher',
    sources: { camera: 11, screen: 12 },
    media: { camera: true, screen: true },
  }),
  person('anna', { sources: { camera: 21 }, media: { camera: true } }),
  person('dark', { sources: { camera: 31 }, media: { camera: false } }),
  person('me', { sources: { camera: 41 }, media: { camera: true } }),
];

function inRoom(room = aRoom()): RoomState {
  const shut = openRoom({ ...someDevice, microphone: 'on', camera: 'on', canShare: false });
  const snapshot = snapshotOf(people, { room });
  return step(shut, { type: 'joined', you: 'me', snapshot, layout: {} }, 0);
}

describe('the pictures that a page asks for', () => {
  it('are the first ones at a usual size while nothing is drawn yet', () => {
    const tracks = wantedTracks(inRoom(), null);
    expect(tracks.map(({ source }) => source)).toEqual([12, 11, 21]);
    expect(tracks.every(({ width, height }) => width === 640 && height === 368)).toBe(true);
  });

  it('are those of the tiles on the page, in their order, without one’s own and without cameras that are off', () => {
    const tiles = ['me', 'anna', 'dark', 'gone', 'teacher'].map((key) => ({ key, width: 301, height: 169 }));
    expect(wantedTracks(inRoom(), tiles)).toEqual([
      { source: 21, width: 304, height: 176 },
      { source: 11, width: 304, height: 176 },
    ]);
  });

  it('do not change with each pixel of a window that is being resized', () => {
    const at = (width: number) => wantedTracks(inRoom(), [{ key: 'anna', width, height: 100 }]);
    expect(at(305)).toEqual(at(320));
    expect(at(320)).not.toEqual(at(321));
  });

  it('stay within what the protocol takes', () => {
    const [track] = wantedTracks(inRoom(), [{ key: 'anna', width: 99_999, height: -5 }]);
    expect(track).toEqual({ source: 21, width: 8192, height: 0 });
  });

  it('are none when the page shows none', () => {
    expect(wantedTracks(inRoom(), [])).toEqual([]);
  });

  it('are none while nobody looks at the page: sound comes all the same', () => {
    const shown = [{ key: 'anna', width: 300, height: 200 }];
    expect(wantedTracks(inRoom(), shown, true)).toEqual([]);
    expect(wantedTracks(inRoom(), shown, false)).toHaveLength(1);
  });

  it('are no cameras of pupils where only hosts see those', () => {
    const room = aRoom({ settings: { ...someSettings, pupils_cameras: 'hosts' } });
    expect(wantedTracks(inRoom(room), null).map(({ source }) => source)).toEqual([12, 11]);
  });
});

describe('the pictures of a page', () => {
  const speaks = (state: RoomState): RoomState =>
    step(state, { type: 'event', event: { type: 'speaking', participants: ['anna'] } }, 5_000);

  it('are the same whoever speaks, unless its person saves and asks for one', () => {
    const all = inRoom();
    expect(speaks(all).speaker).not.toBe(all.speaker);
    expect(touchesPictures(all, speaks(all))).toBe(false);
    const one = step(all, { type: 'saver', saver: 'one' }, 1);
    expect(touchesPictures(one, speaks(one))).toBe(true);
  });

  it('change with people and with what the hosts decide', () => {
    const room = inRoom();
    const gone = step(
      room,
      { type: 'event', event: { type: 'participant_left', seq: 2, participant: 'anna', how: 'left' } },
      1,
    );
    expect(touchesPictures(room, gone)).toBe(true);
    expect(touchesPictures(room, room)).toBe(false);
  });
});
