// The queue of raised hands, in the order in which they went up. Pure; the server says since when each is up.

import type { Participant } from '../protocol/messages';
import type { HandView } from './lesson';

type People = Iterable<Participant>;

export function handsOf(people: People, you: string | null): readonly HandView[] {
  return [...people]
    .flatMap((participant) =>
      participant.hand === null
        ? []
        : [{ participant, since: participant.hand, mine: participant.id === you }],
    )
    .sort((a, b) => a.since - b.since);
}

/** Participant → place in the queue, from 1. */
export const placesOf = (hands: readonly HandView[]): ReadonlyMap<string, number> =>
  new Map(hands.map(({ participant }, index) => [participant.id, index + 1]));
