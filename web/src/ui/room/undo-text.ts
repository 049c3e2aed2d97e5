// What an undo says that was done. Pure.

import type { Catalogue } from '../../locales/ru';
import type { RoomInfo } from '../../protocol/messages';
import type { UndoView } from '../../state/lesson';

export function undoText({ key, count }: UndoView, kind: RoomInfo['kind'], words: Catalogue): string {
  if (key === 'quiet') return kind === 'meeting' ? words.undo.quietMeeting(count) : words.undo.quiet(count);
  return key === 'stopped_cameras' ? words.undo.stopped_cameras(count) : words.undo[key];
}
