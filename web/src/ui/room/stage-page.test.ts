import { describe, expect, it } from 'vitest';
import type { LessonView } from '../../state/lesson';
import { people, person, tile } from './room.fake';
import { stagePage } from './stage-page';

const desk = { width: 1366, height: 768 };
const phone = { width: 360, height: 780 };
const everybody = people(30);
const screen = tile(person('p0'), { kind: 'screen' });
const keys = everybody.map(({ key }) => key);

type Stage = LessonView['stage'];
const grid: Stage = { mode: 'grid', large: [], others: keys, because: null };
const sharing: Stage = { mode: 'large', large: ['p0:screen'], others: keys, because: 'screen' };

type Room = Parameters<typeof stagePage>[0];
const room = (stage: Stage, change: Partial<LessonView> = {}): Room => ({
  tiles: everybody,
  screens: stage === sharing ? [screen] : [],
  stage,
  host: true,
  fewTiles: false,
  people: everybody.map(({ participant }) => participant),
  ...change,
});

describe('the stage of a page', () => {
  it('shows nine of thirty people, six on a phone, and turns to the last page', () => {
    const first = stagePage(room(grid), { grid: false, page: 0 }, desk);
    expect([first.tiles.length, first.pages]).toEqual([9, 4]);
    expect(stagePage(room(grid), { grid: false, page: 9 }, desk).page).toBe(3);
    expect(stagePage(room(grid), { grid: false, page: 0 }, phone).tiles.length).toBe(6);
    const weak = room(grid, { fewTiles: true });
    expect(stagePage(weak, { grid: false, page: 0 }, desk).tiles.length).toBe(4);
  });

  it('has large tiles and everybody else in one strip', () => {
    const page = stagePage(room(sharing), { grid: false, page: 0 }, desk);
    expect([...page.large]).toEqual(['p0:screen']);
    expect(page.pages).toBe(1);
    expect(page.tiles[0]).toBe(screen);
  });

  it('is the grid with the screen in it, where the person asks for the grid', () => {
    const page = stagePage(room(sharing), { grid: true, page: 0 }, desk);
    expect(page.large.size).toBe(0);
    expect(page.tiles[0]).toBe(screen);
    expect(page.pages).toBe(4);
  });

  it('says that nobody is here to a host who is alone, with or without the own picture', () => {
    const [me] = people(1);
    const own = { people: me ? [me.participant] : [] };
    const alone: Stage = { mode: 'grid', large: [], others: ['p0'], because: null };
    expect(stagePage(room(alone, own), { grid: false, page: 0 }, desk).alone).toBe(true);
    const hidden = room({ ...alone, others: [] }, { ...own, tiles: [] });
    expect(stagePage(hidden, { grid: false, page: 0 }, desk)).toMatchObject({ alone: true, tiles: [] });
    expect(stagePage(room(grid), { grid: false, page: 0 }, desk).alone).toBe(false);
  });
});
