// A person of the list as something that a menu can be opened for, with or without a tile. Pure.

import type { Participant } from '../../protocol/messages';
import type { LessonView, TileView } from '../../state/lesson';
import { personActions } from '../../state/powers';
import type { MenuSubject } from '../room/person-actions';

/** Whoever has no tile at the moment (hidden by the layout, or an observer) is reached by the list all the same. */
export function subjectOf(
  participant: Participant,
  tile: TileView | undefined,
  { layout, you, room }: Pick<LessonView, 'layout' | 'you' | 'room'>,
): MenuSubject {
  if (tile) return tile;
  return {
    key: participant.id,
    kind: 'camera',
    pinned: layout.pins?.includes(participant.id) ?? false,
    mine: participant.id === you?.id,
    actions: personActions(participant, you, room?.spotlight ?? []),
    participant,
  };
}
