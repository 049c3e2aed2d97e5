// What a person wants to be so and a lost connection must not swallow: the hand, the answer, the layout, a message of the
// chat. A wish is said until the server has answered it: again on every connection that comes after, in the order of the
// wishes; too many at once wait for their turn. lesson.ts owns one for each lesson; a younger wish of the same name takes the place of the older.

import type { Ask, Outcome, ReplyTo } from './connection';
import type { Timers } from './timers';

type Answered = Outcome<ReplyTo<Ask['type']>>;
type Answer = (outcome: Answered) => void;

interface Wish {
  readonly ask: Ask;
  readonly answered: Answer;
}

const isSwallowed = (outcome: Answered): boolean =>
  !outcome.ok && (outcome.code === 'gone' || outcome.code === 'silent');

export class Wishes {
  private readonly open = new Map<string, Wish>();

  constructor(
    private readonly request: (ask: Ask) => Promise<Answered>,
    private readonly timers: Timers,
  ) {}

  /** `answered` is called once, unless another wish of this name comes before. */
  wish(name: string, ask: Ask, answered: Answer): void {
    const wish = { ask, answered };
    this.open.delete(name);
    this.open.set(name, wish);
    this.say(name, wish);
  }

  /** Whether the server has yet to answer. */
  has(name: string): boolean {
    return this.open.has(name);
  }

  /** There is a connection again. */
  repeat(): void {
    for (const [name, wish] of this.open) this.say(name, wish);
  }

  private say(name: string, wish: Wish): void {
    void this.request(wish.ask).then((outcome) => {
      if (this.open.get(name) !== wish || isSwallowed(outcome)) return;
      if (!outcome.ok && outcome.code === 'too_many') {
        const wait = (outcome.retryAfter ?? 1) * 1000;
        this.timers.after(wait, () => this.open.get(name) === wish && this.say(name, wish));
        return;
      }
      this.open.delete(name);
      wish.answered(outcome);
    });
  }
}
