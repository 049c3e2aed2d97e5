// Asking for camera and microphone, with an outcome for each instead of exceptions. Believes nothing about what comes: a page
// may have put a canvas in the camera's place, ids may be empty, one of two may be missing. Used by devices.ts and own-device.ts.

import type { Hardware, Kind } from './hardware';

/** `usual`: the browser's filters. `clear`: a model takes the noise away. `music`: nothing is filtered. */
export type MicrophoneMode = 'usual' | 'clear' | 'music';

/** Who said no: the browser for this site, its person by closing the question, or the system for the whole browser. */
export type RefusedBy = 'browser' | 'dismissed' | 'system';

export interface Denial {
  readonly denial: 'refused' | 'missing' | 'busy';
  readonly by: RefusedBy | null;
}
export type Captured = MediaStreamTrack | Denial;

export interface Wanted {
  readonly id: string | null;
  readonly mode: MicrophoneMode;
}

export const isDenial = (captured: Captured): captured is Denial => 'denial' in captured;

const missing: Denial = { denial: 'missing', by: null };

const DENIAL_OF_ERROR: Readonly<Record<string, Denial['denial']>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** Chromium says in its message who it was; elsewhere a site that is allowed and refused all the same is the system's. */
async function refusedBy(hardware: Hardware, kinds: readonly Kind[], message: string): Promise<RefusedBy> {
  if (/system/i.test(message)) return 'system';
  if (/dismiss/i.test(message)) return 'dismissed';
  const states = await Promise.all(kinds.map((kind) => hardware.permission(kind)));
  return states.every((state) => state === 'granted') ? 'system' : 'browser';
}

async function denialOf(hardware: Hardware, kinds: readonly Kind[], error: unknown): Promise<Denial> {
  const { name, message } = error instanceof Error ? error : new Error();
  const denial = DENIAL_OF_ERROR[name] ?? 'missing';
  return { denial, by: denial === 'refused' ? await refusedBy(hardware, kinds, message) : null };
}

/** Echo is cancelled by the browser in every mode but music: only it knows what the speaker plays. */
export const filtersOf = (mode: MicrophoneMode) => ({
  echoCancellation: mode !== 'music',
  noiseSuppression: mode === 'usual',
  autoGainControl: mode !== 'music',
});

const PICTURE = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

function constraintsFor(kind: Kind, { id, mode }: Wanted, strict: boolean): MediaTrackConstraints {
  const device = id === null ? {} : { deviceId: strict ? { exact: id } : { ideal: id } };
  return kind === 'camera' ? { ...PICTURE, ...device } : { ...filtersOf(mode), ...device };
}

const trackOf = (stream: MediaStream, kind: Kind): Captured =>
  (kind === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks())[0] ?? missing;

/** The wanted device if it can be had, any other of its kind if not. */
export async function capture(hardware: Hardware, kind: Kind, wanted: Wanted): Promise<Captured> {
  const medium = kind === 'camera' ? 'video' : 'audio';
  const ask = async (strict: boolean) =>
    trackOf(await hardware.ask({ [medium]: constraintsFor(kind, wanted, strict) }), kind);
  try {
    return await ask(true);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'OverconstrainedError' || wanted.id === null) {
      return denialOf(hardware, [kind], error);
    }
  }
  return ask(false).catch((error: unknown) => denialOf(hardware, [kind], error));
}

/** Without another question to the person: after a refusal only what was granted for good is tried again. */
async function alone(hardware: Hardware, kind: Kind, wanted: Wanted, why: Denial): Promise<Captured> {
  if (why.denial === 'refused' && (await hardware.permission(kind)) !== 'granted') return why;
  return capture(hardware, kind, wanted);
}

/** Both with one question; where that fails, each by itself, so that one broken device does not take the other along. */
export async function captureBoth(
  hardware: Hardware,
  wanted: Readonly<Record<Kind, Wanted>>,
): Promise<Readonly<Record<Kind, Captured>>> {
  try {
    const stream = await hardware.ask({
      audio: constraintsFor('microphone', wanted.microphone, false),
      video: constraintsFor('camera', wanted.camera, false),
    });
    return { microphone: trackOf(stream, 'microphone'), camera: trackOf(stream, 'camera') };
  } catch (error) {
    const why = await denialOf(hardware, ['microphone', 'camera'], error);
    return {
      microphone: await alone(hardware, 'microphone', wanted.microphone, why),
      camera: await alone(hardware, 'camera', wanted.camera, why),
    };
  }
}
