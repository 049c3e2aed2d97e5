// Lets something through at most once in a while, and remembers that more came meanwhile. Pure: the moment is passed in. Used
// for sounds and for what a reader is told, whose news it finds.

export class Seldom {
  private last = -Infinity;

  constructor(private readonly everyMs: number) {}

  /** True where it may happen at `now`; then the next one has to wait. */
  mayAt(now: number): boolean {
    if (now - this.last < this.everyMs) return false;
    this.happened(now);
    return true;
  }

  /** For who has waited: browsers' timers may ring a moment too early. */
  happened(now: number): void {
    this.last = now;
  }

  /** How long what comes at `now` has to wait; 0 where it may happen at once. */
  waitAt(now: number): number {
    return Math.max(0, this.last + this.everyMs - now);
  }
}

/** One thing that can be told. It is told by its place in the list, so that its words are those of the moment of telling. */
export interface Part {
  /** What it is of, where one thing takes the place of another; in no language. */
  readonly about: string;
  /** 0: there is nothing to tell. */
  readonly count: number;
  readonly text: string;
}

/** Places of the parts that are news: there are more than before, or it is another thing. */
export const newsOf = (before: readonly Part[], now: readonly Part[]): readonly number[] =>
  now.flatMap(({ about, count }, place) => {
    const old = before[place];
    const isMore = count > (old?.count ?? 0) || about !== old?.about;
    return count > 0 && isMore ? [place] : [];
  });

/** The words of these places as they are now; what has passed meanwhile is not told. */
export const toldOf = (parts: readonly Part[], places: readonly number[]): string =>
  parts
    .filter(({ count }, place) => count > 0 && places.includes(place))
    .map(({ text }) => text)
    .join('. ');
