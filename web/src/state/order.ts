// In which order people stand (the design's §3.5): teacher, raised hands in their order, whoever spoke in the last minute,
// the roster; oneself last on the first page, except that the teacher sees himself first. Pure; state/room.ts keeps the order, the grid's page asks for
// pages of it.

import type { Participant } from '../protocol/messages';

const SPOKE_LATELY_MS = 60_000;
/** An order stays at least this long, so that tiles do not run about. */
export const ORDER_STAYS_MS = 3_000;

export interface OrderInput {
  /** In the order of the roster. */
  readonly people: readonly Participant[];
  readonly you: string | null;
  /** When each was last heard. */
  readonly heardAt: ReadonlyMap<string, number>;
  readonly now: number;
}

const RANK = { teacher: 0, hand: 1, spoke: 2, roster: 3, own: 4 } as const;

function rankOf(person: Participant, { you, heardAt, now }: OrderInput): number {
  if (person.role === 'teacher') return RANK.teacher;
  if (person.id === you) return RANK.own;
  if (person.hand !== null) return RANK.hand;
  const heard = heardAt.get(person.id);
  return heard !== undefined && now - heard <= SPOKE_LATELY_MS ? RANK.spoke : RANK.roster;
}

/** Within a rank: the own tile first among teachers, hands by their time; otherwise the roster's order stays. */
function within(a: Participant, b: Participant, rank: number, you: string | null): number {
  if (rank === RANK.teacher) return Number(b.id === you) - Number(a.id === you);
  return rank === RANK.hand ? (a.hand ?? 0) - (b.hand ?? 0) : 0;
}

/** Ids of those who have a tile: observers have none. Sorting is stable, so the roster's order stays within a rank. */
export function orderOf(input: OrderInput): readonly string[] {
  const ranked = input.people
    .filter((person) => person.role !== 'observer')
    .map((person) => ({ person, rank: rankOf(person, input) }));
  ranked.sort((a, b) => a.rank - b.rank || within(a.person, b.person, a.rank, input.you));
  return ranked.map(({ person }) => person.id);
}

/** The order with those who left taken out and those who came put at its end, oneself staying last. */
export function patchedOrder(
  order: readonly string[],
  current: readonly string[],
  you: string | null,
): readonly string[] {
  const there = new Set(current);
  const kept = order.filter((id) => there.has(id));
  const known = new Set(kept);
  const came = current.filter((id) => !known.has(id));
  const youLast = you !== null && current.at(-1) === you;
  if (!youLast) return [...kept, ...came];
  return [...kept, ...came].filter((id) => id !== you).concat(you);
}

/** Pages of at most `cap`; one's own tile, last of all, moves to the end of the first page. */
export function pagesOf<Tile extends { readonly mine: boolean }>(
  tiles: readonly Tile[],
  cap: number,
): readonly (readonly Tile[])[] {
  if (cap <= 0 || tiles.length === 0) return [];
  const own = tiles.findIndex((tile) => tile.mine);
  const mine = tiles[own];
  const moved = mine && own >= cap ? [...tiles.slice(0, own), ...tiles.slice(own + 1)] : [...tiles];
  if (mine && own >= cap) moved.splice(cap - 1, 0, mine);
  return Array.from({ length: Math.ceil(moved.length / cap) }, (_, page) =>
    moved.slice(page * cap, (page + 1) * cap),
  );
}
