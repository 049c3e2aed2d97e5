import { describe, expect, it } from 'vitest';
import { aRoom, person } from './person.fake';
import { openRoom, step, type RoomState } from './room';
import { wantedTracks } from './wanted';

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

function inRoom(): RoomState {
  const shut = openRoom({ microphone: 'on', camera: 'on', canShare: false });
  return step(
    shut,
    { type: 'joined', you: 'me', snapshot: { seq: 1, room: aRoom(), participants: people } },
    0,
  );
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
});
