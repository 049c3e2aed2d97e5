// What can be taken back for a while. Nothing is turned on for others by that: whose track was cut is asked. Pure.

import type { UndoView } from './lesson';

/** Longer than the toast shows by itself: its person may hold it under the pointer. */
export const UNDO_STAYS_MS = 30_000;

interface Done {
  /** Whose track was cut. */
  readonly participants: readonly string[];
  /** Whose microphone was closed already: it stays so. */
  readonly before: readonly string[];
}

export interface Undo extends UndoView, Done {
  readonly until: number;
}

export const undoable = (key: UndoView['key'], done: Done, now: number): Undo => ({
  key,
  count: done.participants.length,
  ...done,
  until: now + UNDO_STAYS_MS,
});

export const undoView = (undo: Undo | null, now: number): UndoView | null =>
  undo && undo.until > now ? undo : null;
