import { describe, expect, it } from 'vitest';
import { aspectOf, capOf, gridOf, type Size } from './grid';

interface Row {
  readonly viewport: Size;
  readonly stage: Size;
  readonly grids: Readonly<Record<number, string>>;
}

const size = (width: number, height: number): Size => ({ width, height });

// The table of the design's §3.3, as it stands there.
const TABLE: readonly Row[] = [
  {
    viewport: size(1366, 768),
    stage: size(1342, 632),
    grids: {
      1: '1×1 1123×632',
      2: '2×1 667×375',
      3: '2×2 554×312',
      4: '2×2 554×312',
      6: '3×2 442×248',
      9: '3×3 365×205',
    },
  },
  {
    viewport: size(1366, 768),
    stage: size(994, 632),
    grids: {
      1: '1×1 994×559',
      2: '1×2 554×312',
      3: '2×2 493×277',
      4: '2×2 493×277',
      6: '2×3 365×205',
      9: '3×3 326×183',
    },
  },
  {
    viewport: size(1920, 1080),
    stage: size(1896, 944),
    grids: {
      1: '1×1 1678×944',
      2: '2×1 944×531',
      3: '2×2 832×468',
      4: '2×2 832×468',
      6: '3×2 626×352',
      9: '3×3 549×309',
    },
  },
  {
    viewport: size(1024, 768),
    stage: size(1000, 632),
    grids: {
      1: '1×1 1000×632',
      2: '2×1 496×372',
      3: '2×2 496×312',
      4: '2×2 496×312',
      6: '3×2 328×246',
      9: '3×3 328×205',
    },
  },
  {
    viewport: size(360, 780),
    stage: size(344, 644),
    grids: { 1: '1×1 344×458', 2: '1×2 344×318', 3: '1×3 279×209', 4: '2×2 168×224', 6: '2×3 168×209' },
  },
  {
    viewport: size(844, 390),
    stage: size(762, 378),
    grids: {
      1: '1×1 672×378',
      2: '2×1 377×212',
      3: '2×2 328×185',
      4: '2×2 328×185',
      6: '3×2 248×139',
      9: '3×3 214×120',
    },
  },
];

describe('the grid of tiles', () => {
  for (const { viewport, stage, grids } of TABLE) {
    for (const [count, expected] of Object.entries(grids)) {
      it(`places ${count} on a stage of ${stage.width}×${stage.height} as ${expected}`, () => {
        const grid = gridOf(stage, Number(count), aspectOf(viewport));
        expect(grid && `${grid.columns}×${grid.rows} ${grid.tile.width}×${grid.tile.height}`).toBe(expected);
      });
    }
  }

  it('places nobody nowhere', () => {
    expect(gridOf(size(1342, 632), 0, aspectOf(size(1366, 768)))).toBeNull();
    expect(gridOf(size(0, 0), 3, aspectOf(size(1366, 768)))).toBeNull();
  });

  it('shows nine on a page, six on an upright phone, four when the link is weak', () => {
    expect(capOf(size(1366, 768), false)).toBe(9);
    expect(capOf(size(844, 390), false)).toBe(9);
    expect(capOf(size(360, 780), false)).toBe(6);
    expect(capOf(size(1366, 768), true)).toBe(4);
  });
});
