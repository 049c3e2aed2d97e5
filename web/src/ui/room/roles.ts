// Small questions about the person of this page. Pure.

import type { LessonView } from '../../state/lesson';

/** Pupils and parents raise hands; whoever leads or looks after the room speaks without. */
export const takesPart = ({ you, host }: Pick<LessonView, 'you' | 'host'>): boolean =>
  !host && (you?.role === 'pupil' || you?.role === 'parent');
