// A shared screen: asked for by getDisplayMedia at the person's press, with its sound where the browser has any, and sent
// in one of two ways that can be changed while it is shown. Used by own-media.ts.

import type { ShareMode } from '../../state/lesson';
import { PLANS } from './screencast';

export interface SharedScreen {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | null;
  setMode(mode: ShareMode): Promise<void>;
  stop(): void;
}

const constraintsOf = (mode: ShareMode): MediaTrackConstraints => {
  const { framesPerSecond } = PLANS[mode];
  return { frameRate: { ideal: framesPerSecond, max: framesPerSecond } };
};

/** What browsers offer beyond the standard's types; those that do not know a field pass over it. */
type Wanted = DisplayMediaStreamOptions & {
  readonly systemAudio?: 'include';
  readonly surfaceSwitching?: 'include';
};

/** Captured at the rate of motion from the start: a source that was opened for less does not become faster later. */
const WANTED: Wanted = {
  video: constraintsOf('motion'),
  // The sound of a film is no voice: what helps a voice spoils it.
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  systemAudio: 'include',
  surfaceSwitching: 'include',
};

/** A source that cannot change its rate goes on with it: the sender's limit holds all the same. */
async function setMode(picture: MediaStreamTrack, mode: ShareMode): Promise<void> {
  picture.contentHint = mode;
  await picture.applyConstraints(constraintsOf(mode)).catch(() => undefined);
}

export const canShareScreen = (): boolean =>
  'mediaDevices' in navigator && typeof navigator.mediaDevices.getDisplayMedia === 'function';

/** null when the person chose nothing, or the browser refuses. `onEnded`: stopped by the browser's own bar. */
export async function shareScreen(mode: ShareMode, onEnded: () => void): Promise<SharedScreen | null> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia(WANTED);
  } catch {
    return null;
  }
  const picture = stream.getVideoTracks()[0];
  if (!picture) return null;
  await setMode(picture, mode);
  picture.onended = onEnded;
  return {
    picture,
    sound: stream.getAudioTracks()[0] ?? null,
    setMode: (next) => setMode(picture, next),
    stop() {
      picture.onended = null;
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
