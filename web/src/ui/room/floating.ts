// The lesson in a small window over other programs: which tile it shows, and how a browser opens such a window. Chromium gives a
// whole page for it, Safari lets a video float, others offer nothing of the kind to a page.

import type { LessonView, TileView } from '../../state/lesson';
import type { Shown } from './placement';

interface DocumentPictureInPicture {
  readonly window: Window | null;
  requestWindow(size: { readonly width: number; readonly height: number }): Promise<Window>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture;
  }
}

const SIZE = { width: 400, height: 225 };

/** What is large; otherwise who speaks, the teacher in silence, and oneself only when alone. Pure. */
export function tileToFloat({
  tiles,
  screens,
  stage,
  speaking,
}: Pick<LessonView, 'tiles' | 'screens' | 'stage' | 'speaking'>): TileView | null {
  const all = [...screens, ...tiles];
  const others = tiles.filter(({ mine }) => !mine);
  const speaks = ({ participant }: TileView): boolean => speaking.includes(participant.id);
  const large = stage.mode === 'large' ? all.find(({ key }) => key === stage.large[0]) : undefined;
  return large ?? others.find(speaks) ?? others[0] ?? tiles[0] ?? null;
}

export const givesPage = (): boolean => window.documentPictureInPicture !== undefined;

export const canFloat = (): boolean => givesPage() || document.pictureInPictureEnabled;

/** A hidden page whose picture floats is looked at all the same. */
export const isFloating = (): boolean =>
  (window.documentPictureInPicture?.window ?? null) !== null || document.pictureInPictureElement !== null;

/** The tile whose video floats by itself. */
export const floatingVideo = (): string | null =>
  document.pictureInPictureElement?.closest<HTMLElement>('.tile')?.dataset['key'] ?? null;

/** What is looked at: the stage, and the tile of a page that floats, in the size that it has at first. Over a hidden stage that tile
 *  is all. Pure. */
export function lookedAt(onStage: readonly Shown[], key: string | null, hidden: boolean): readonly Shown[] {
  if (key === null) return onStage;
  const floats = { key, ...SIZE };
  if (hidden) return [floats];
  return onStage.some((tile) => tile.key === key) ? onStage : [...onStage, floats];
}

/** Only in answer to a press; null where the browser has no such windows or refuses. */
export async function openFloatingPage(): Promise<Window | null> {
  const opened = await window.documentPictureInPicture?.requestWindow(SIZE).catch(() => null);
  if (!opened) return null;
  for (const sheet of document.head.querySelectorAll('link[rel=stylesheet], style'))
    opened.document.head.append(sheet.cloneNode(true));
  Object.assign(opened.document.documentElement.dataset, document.documentElement.dataset);
  opened.document.documentElement.lang = document.documentElement.lang;
  return opened;
}

/** Only in answer to a press: the tile's own video floats, or comes back. */
export async function floatVideo(video: HTMLVideoElement | null): Promise<void> {
  if (document.pictureInPictureElement) await document.exitPictureInPicture();
  else if (video) {
    video.disablePictureInPicture = false;
    await video.requestPictureInPicture().catch(() => undefined);
  }
}
