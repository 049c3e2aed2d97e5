// A shared screen: asked for by getDisplayMedia at the person's press, with its sound where the browser has any. Used by media.ts.

export interface SharedScreen {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | null;
  stop(): void;
}

const FRAMES_PER_SECOND = 15;

export const canShareScreen = (): boolean =>
  'mediaDevices' in navigator && typeof navigator.mediaDevices.getDisplayMedia === 'function';

/** null when the person chose nothing, or the browser refuses. `onEnded`: stopped by the browser's own bar. */
export async function shareScreen(onEnded: () => void): Promise<SharedScreen | null> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: FRAMES_PER_SECOND, max: FRAMES_PER_SECOND } },
      audio: true,
    });
  } catch {
    return null;
  }
  const picture = stream.getVideoTracks()[0];
  if (!picture) return null;
  picture.contentHint = 'detail';
  picture.onended = onEnded;
  return {
    picture,
    sound: stream.getAudioTracks()[0] ?? null,
    stop() {
      picture.onended = null;
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
