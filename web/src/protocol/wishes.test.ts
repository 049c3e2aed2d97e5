import { beforeEach, describe, expect, it } from 'vitest';
import { gone, type Ask, type Outcome } from './connection';
import type { Done } from './messages';
import { settled } from './socket.fake';
import { Wishes } from './wishes';

const hand = (up: boolean): Ask => ({ type: 'raise_hand', up });
const done: Outcome<Done> = { ok: true, reply: { type: 'done', re: 1 } };
const refused: Outcome<Done> = { ok: false, code: 'not_allowed', message: '', retryAfter: null };

let said: { ask: Ask; answer: (outcome: Outcome<Done>) => void }[];
let answers: Outcome<unknown>[];
let wishes: Wishes;
let later: { ms: number; then: () => void }[];

const wish = (name: string, ask: Ask) => wishes.wish(name, ask, (outcome) => answers.push(outcome));

async function answer(nth: number, outcome: Outcome<Done>): Promise<void> {
  said[nth]?.answer(outcome);
  await settled();
}

beforeEach(() => {
  said = [];
  answers = [];
  later = [];
  wishes = new Wishes((ask) => new Promise((resolve) => said.push({ ask, answer: resolve })), {
    after: (ms, then) => {
      later.push({ ms, then });
      return () => undefined;
    },
  });
});

describe('a wish', () => {
  it('is said at once and forgotten when it is answered', async () => {
    wish('hand', hand(true));
    expect(wishes.has('hand')).toBe(true);
    await answer(0, done);
    expect(wishes.has('hand')).toBe(false);
    wishes.repeat();
    expect(said.map(({ ask }) => ask)).toEqual([hand(true)]);
    expect(answers).toEqual([done]);
  });

  it('waits for its turn when the server says that there are too many', async () => {
    wish('chat', hand(true));
    await answer(0, { ok: false, code: 'too_many', message: '', retryAfter: 2 });
    expect(answers).toEqual([]);
    expect(later.map(({ ms }) => ms)).toEqual([2_000]);
    later[0]?.then();
    await answer(1, done);
    expect(answers).toEqual([done]);
  });

  it('is said again on the next connection when the last one has swallowed it', async () => {
    wish('hand', hand(true));
    await answer(0, gone);
    expect(answers).toEqual([]);
    wishes.repeat();
    await answer(1, done);
    expect(said).toHaveLength(2);
    expect(answers).toEqual([done]);
  });

  it('that is refused is not said again', async () => {
    wish('hand', hand(true));
    await answer(0, refused);
    wishes.repeat();
    expect(said).toHaveLength(1);
    expect(answers).toEqual([refused]);
  });

  it('gives way to a younger one of its name', async () => {
    wish('hand', hand(true));
    wish('hand', hand(false));
    await answer(0, refused);
    expect(answers).toEqual([]);
    await answer(1, gone);
    wishes.repeat();
    expect(said.at(-1)?.ask).toEqual(hand(false));
  });

  it('keeps its place in the order of the others', () => {
    wish('chat:1', { type: 'send_chat', key: '1', text: 'a' });
    wish('chat:2', { type: 'send_chat', key: '2', text: 'b' });
    wishes.repeat();
    expect(said.slice(2).map(({ ask }) => 'key' in ask && ask.key)).toEqual(['1', '2']);
  });
});
