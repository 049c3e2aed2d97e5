import { describe, expect, it } from 'vitest';
import { handsOf, placesOf } from './hands';
import { person } from '../protocol/messages.fake';

const people = [
  person('anna', { hand: 300 }),
  person('boris'),
  person('vera', { hand: 100 }),
  person('me', { hand: 200 }),
];

describe('the queue of hands', () => {
  it('is in the order in which they went up', () => {
    expect(
      handsOf(people, 'me').map(({ participant, since, mine }) => [participant.id, since, mine]),
    ).toEqual([
      ['vera', 100, false],
      ['me', 200, true],
      ['anna', 300, false],
    ]);
  });

  it('gives everybody in it a place from one', () => {
    expect([...placesOf(handsOf(people, null))]).toEqual([
      ['vera', 1],
      ['me', 2],
      ['anna', 3],
    ]);
  });
});
