// Asking the browser for camera and microphone, with an outcome for each instead of exceptions. Goes through
// navigator.mediaDevices at the moment of the call and believes nothing about what comes: a page may have put a
// canvas in the camera's place, ids may be empty, one of two may be missing. Used by devices.ts.

export type Kind = 'microphone' | 'camera';
type Denial = 'refused' | 'missing' | 'busy';
export type Captured = MediaStreamTrack | Denial;
export type Chosen = Readonly<Record<Kind, string | null>>;

const PERMISSION: Readonly<Record<Kind, string>> = { microphone: 'microphone', camera: 'camera' };

const DENIAL_OF_ERROR: Readonly<Record<string, Denial>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

const denialOf = (error: unknown): Denial =>
  (error instanceof Error ? DENIAL_OF_ERROR[error.name] : undefined) ?? 'missing';

function constraintsFor(kinds: readonly Kind[], chosen: Chosen): MediaStreamConstraints {
  const device = (kind: Kind) => (chosen[kind] ? { deviceId: { ideal: chosen[kind] } } : {});
  const constraints: MediaStreamConstraints = {};
  if (kinds.includes('microphone')) {
    constraints.audio = {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...device('microphone'),
    };
  }
  if (kinds.includes('camera')) {
    constraints.video = {
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30, max: 30 },
      ...device('camera'),
    };
  }
  return constraints;
}

const isHere = (): boolean => 'mediaDevices' in navigator;

async function ask(kinds: readonly Kind[], chosen: Chosen): Promise<MediaStream | Denial> {
  if (!isHere()) return 'missing';
  try {
    return await navigator.mediaDevices.getUserMedia(constraintsFor(kinds, chosen));
  } catch (error) {
    return denialOf(error);
  }
}

const trackOf = (stream: MediaStream, kind: Kind): Captured =>
  (kind === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks())[0] ?? 'missing';

export async function capture(kind: Kind, chosen: Chosen): Promise<Captured> {
  const stream = await ask([kind], chosen);
  return stream instanceof MediaStream ? trackOf(stream, kind) : stream;
}

/** Without another question to the person: after a refusal only what was granted for good is tried again. */
async function isGranted(kind: Kind): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: PERMISSION[kind] as PermissionName });
    return status.state === 'granted';
  } catch {
    return false;
  }
}

async function alone(kind: Kind, chosen: Chosen, denial: Denial): Promise<Captured> {
  if (denial === 'refused' && !(await isGranted(kind))) return 'refused';
  return capture(kind, chosen);
}

/** Both with one question; where that fails, each by itself, so that one broken device does not take the other along. */
export async function captureBoth(chosen: Chosen): Promise<Readonly<Record<Kind, Captured>>> {
  const stream = await ask(['microphone', 'camera'], chosen);
  if (stream instanceof MediaStream) {
    return { microphone: trackOf(stream, 'microphone'), camera: trackOf(stream, 'camera') };
  }
  return {
    microphone: await alone('microphone', chosen, stream),
    camera: await alone('camera', chosen, stream),
  };
}

export interface Device {
  readonly id: string;
  readonly label: string;
}

export async function listDevices(kind: Kind): Promise<readonly Device[]> {
  if (!isHere()) return [];
  const wanted: MediaDeviceKind = kind === 'camera' ? 'videoinput' : 'audioinput';
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices
    .filter((device) => device.kind === wanted && device.deviceId !== '')
    .map((device) => ({ id: device.deviceId, label: device.label }));
}

/** Calls when devices come or go, until the returned function is called. */
export function watchDevices(onChange: () => void): () => void {
  if (!isHere() || typeof navigator.mediaDevices.addEventListener !== 'function') return () => undefined;
  const { mediaDevices } = navigator;
  mediaDevices.addEventListener('devicechange', onChange);
  return () => mediaDevices.removeEventListener('devicechange', onChange);
}
