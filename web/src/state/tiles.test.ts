import { describe, expect, it } from 'vitest';
import {
  closeSlots,
  mapSlots,
  mayShow,
  NOTHING,
  openSlots,
  slotKey,
  slotsFor,
  sourceChanges,
  sourceDecoded,
  unseenSlots,
  type Slots,
} from './tiles';

const ANNA = 101;
const BORIS = 102;

const mapped = (slots: Slots, connection: number, ...pairs: [string, number][]): Slots =>
  mapSlots(slots, {
    type: 'slots_mapped',
    connection,
    slots: pairs.map(([mid, source]) => ({ mid, source })),
  });

const opened = (connection = 1): Slots => openSlots(new Map(), connection, ['8', '9', '10']);

/** The slot in which `source` may be seen. */
const pictureOf = (slots: Slots, source: number): string | null =>
  slotsFor(slots, source).find((key) => mayShow(slots, key, source)) ?? null;

/** Deterministic numbers 0 ≤ x < n (mulberry32). */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

describe('a tile', () => {
  it('is a blank while only the mapping names its person', () => {
    expect(pictureOf(mapped(opened(), 1, ['8', ANNA]), ANNA)).toBeNull();
  });

  it('is a blank while only the packets name its person', () => {
    expect(pictureOf(sourceDecoded(opened(), '1/8', ANNA), ANNA)).toBeNull();
  });

  it('shows the picture when both do', () => {
    expect(pictureOf(sourceDecoded(mapped(opened(), 1, ['8', ANNA]), '1/8', ANNA), ANNA)).toBe('1/8');
  });

  it('is a blank from the first packet of somebody else, also when the mapping is late', () => {
    const anna = sourceDecoded(mapped(opened(), 1, ['8', ANNA]), '1/8', ANNA);
    const late = sourceDecoded(sourceChanges(anna, '1/8'), '1/8', BORIS);
    expect(pictureOf(sourceChanges(anna, '1/8'), ANNA)).toBeNull();
    expect(pictureOf(late, ANNA)).toBeNull();
    expect(pictureOf(late, BORIS)).toBeNull();
    expect(pictureOf(mapped(late, 1, ['8', BORIS]), BORIS)).toBe('1/8');
  });

  it('is a blank when its slot carries nothing, and for a person without a source', () => {
    const anna = sourceDecoded(mapped(opened(), 1, ['8', ANNA]), '1/8', ANNA);
    expect(pictureOf(mapped(anna, 1, ['8', NOTHING]), ANNA)).toBeNull();
    expect(pictureOf(opened(), NOTHING)).toBeNull();
  });

  it('stays on the older connection until the younger one has decoded its person', () => {
    const old = sourceDecoded(mapped(opened(), 1, ['8', ANNA]), '1/8', ANNA);
    const both = mapped(openSlots(old, 2, ['8', '9']), 2, ['9', ANNA]);
    expect(pictureOf(both, ANNA)).toBe('1/8');
    expect(slotsFor(both, ANNA)).toEqual(['2/9', '1/8']);
    const swapped = sourceDecoded(both, '2/9', ANNA);
    expect(pictureOf(swapped, ANNA)).toBe('2/9');
    expect(pictureOf(closeSlots(swapped, 1), ANNA)).toBe('2/9');
  });

  it('passes over mappings of connections and slots that are not there', () => {
    expect(mapped(opened(), 7, ['8', ANNA])).toEqual(opened());
    expect(mapped(opened(), 1, ['99', ANNA])).toEqual(opened());
  });
});

describe('a picture', () => {
  // The node changes sources and signaling tells of it at any later time and, over two sockets, in any order between
  // slots; the page sees packets first, then frames. `truth` is what the decoder of a slot holds.
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'never stands under a wrong name (order %i)',
    (seed) => {
      const below = numbers(seed + 1);
      const sources = [NOTHING, 101, 102, 103, 104];
      const mids = ['8', '9', '10', '11'];
      const keys = [1, 2].flatMap((connection) => mids.map((mid) => slotKey(connection, mid)));
      const truth = new Map<string, number>();
      const sent = new Map<string, number>();
      const arrived = new Map<string, number>();
      let mappings: { connection: number; mid: string; source: number }[] = [];
      let slots = openSlots(openSlots(new Map(), 1, mids), 2, mids);
      let shown = 0;

      const steps: (() => void)[] = [
        () => {
          const key = keys[below(keys.length)] ?? '';
          const source = sources[below(sources.length)] ?? NOTHING;
          sent.set(key, source);
          mappings.push({ connection: Number(key.split('/')[0]), mid: key.split('/')[1] ?? '', source });
        },
        () => {
          const next = mappings[below(Math.max(1, mappings.length))];
          if (!next) return;
          mappings = mappings.filter((other) => other !== next);
          slots = mapped(slots, next.connection, [next.mid, next.source]);
        },
        () => {
          const key = keys[below(keys.length)] ?? '';
          const source = sent.get(key) ?? NOTHING;
          if (source === NOTHING || arrived.get(key) === source) return;
          arrived.set(key, source);
          slots = sourceChanges(slots, key);
        },
        () => {
          const key = keys[below(keys.length)] ?? '';
          const source = arrived.get(key);
          if (source === undefined) return;
          truth.set(key, source);
          slots = sourceDecoded(slots, key, source);
        },
      ];

      for (let turn = 0; turn < 600; turn += 1) {
        steps[below(steps.length)]?.();
        for (const source of sources) {
          const key = pictureOf(slots, source);
          if (key === null) continue;
          shown += 1;
          expect(truth.get(key)).toBe(source);
        }
      }
      expect(shown).toBeGreaterThan(0);
    },
  );
});

describe('slots in which somebody should be seen and is not', () => {
  it('are those of the connection that are mapped and have decoded nothing of it', () => {
    const both = openSlots(mapped(opened(1), 1, ['8', ANNA]), 2, ['8', '9', '10']);
    const moved = sourceDecoded(mapped(both, 2, ['8', ANNA], ['9', BORIS]), '2/8', ANNA);
    expect(unseenSlots(moved, 2)).toEqual(['2/9']);
    expect(unseenSlots(sourceDecoded(moved, '2/9', BORIS), 2)).toEqual([]);
    expect(unseenSlots(mapped(moved, 2, ['8', BORIS], ['9', NOTHING]), 2)).toEqual(['2/8']);
  });
});
