// Which lesson of the day stands on the board, and what a row of the diary says. Pure; used by the home pages.

import type { Lesson } from '../protocol/documents';

/** The lesson that is on (the one with something to do first), else the next one; null when the day is over. */
export function lessonOnBoard(lessons: readonly Lesson[]): Lesson | null {
  const going = lessons.filter((lesson) => lesson.when === 'now');
  const toDo = going.find((lesson) => lesson.action !== null && lesson.room !== 'ended');
  return toDo ?? going[0] ?? lessons.find((lesson) => lesson.when === 'ahead') ?? null;
}

/** True where the lesson opened between two looks at the day: the moment at which the bell rings for who waits. */
export function opened(before: Lesson | null, after: Lesson | null): boolean {
  return before?.id === after?.id && before?.action === 'wait' && after?.action === 'join';
}

/** The bell that comes next: the first of a lesson ahead, the last of one that is on. */
export function nextBell(lesson: Lesson, now: number): number {
  return now < lesson.starts_at ? lesson.starts_at : lesson.ends_at;
}
