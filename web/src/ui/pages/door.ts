// What stands at the door of a lesson for this person: the device check, the waiting card, or a closed page. Pure.

import type { Lesson, LessonCard } from '../../protocol/documents';
import type { Closed } from './closed';

export type Door =
  | { readonly door: 'check' }
  | { readonly door: 'waiting' }
  | { readonly door: 'signed_out' }
  | { readonly door: 'closed'; readonly reason: Closed };

const closed = (reason: Closed): Door => ({ door: 'closed', reason });

/** A lesson that this person may know of and where they have nothing to press. */
function idleDoor(lesson: Lesson): Door {
  if (lesson.room === 'ended' || lesson.when === 'done') return closed('ended');
  return { door: lesson.room === 'open' ? 'check' : 'waiting' };
}

export function doorOf({ lesson, refusal, room_role }: LessonCard): Door {
  if (refusal?.code === 'signed_out') return { door: 'signed_out' };
  if (refusal && refusal.code !== 'not_open_yet') return closed(refusal.code);
  if (!lesson || room_role === null) return closed('not_allowed');
  if (lesson.action === 'wait' || refusal) return { door: 'waiting' };
  return lesson.action === null ? idleDoor(lesson) : { door: 'check' };
}
