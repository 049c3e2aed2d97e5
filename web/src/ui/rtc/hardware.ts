// What a browser says about cameras, microphones and speakers, behind one small face: asking, listing, permissions, and when to look
// again. Goes through navigator at the moment of the call. Used by devices.ts; its tests put devices.fake.ts in this place.

export type Kind = 'microphone' | 'camera';

export interface Hardware {
  /** Throws as the browser does. */
  ask(constraints: MediaStreamConstraints): Promise<MediaStream>;
  list(): Promise<readonly MediaDeviceInfo[]>;
  /** null where the browser does not tell. */
  permission(kind: Kind): Promise<PermissionState | null>;
  /** Until the returned function is called. `onWake`: the page is looked at again, maybe after a sleep. */
  watch(on: { devices(): void; permission(): void; wake(): void }): () => void;
  readonly choosesSpeakers: boolean;
}

const KINDS: readonly Kind[] = ['microphone', 'camera'];

const isHere = (): boolean => 'mediaDevices' in navigator;

async function permissionOf(kind: Kind): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: kind });
  } catch {
    return null;
  }
}

export const browserHardware: Hardware = {
  async ask(constraints) {
    // Pages that came over plain http have no devices at all.
    if (!isHere()) throw new DOMException('no devices here', 'NotFoundError');
    return navigator.mediaDevices.getUserMedia(constraints);
  },

  async list() {
    return isHere() ? navigator.mediaDevices.enumerateDevices().catch(() => []) : [];
  },

  permission: async (kind) => (await permissionOf(kind))?.state ?? null,

  watch(on) {
    const watching = new AbortController();
    const { signal } = watching;
    const seen = (): void => {
      if (!document.hidden) on.wake();
    };
    document.addEventListener('visibilitychange', seen, { signal });
    window.addEventListener('focus', seen, { signal });
    if (isHere()) navigator.mediaDevices.addEventListener('devicechange', () => on.devices(), { signal });
    for (const kind of KINDS) {
      void permissionOf(kind).then((status) =>
        status?.addEventListener('change', () => on.permission(), { signal }),
      );
    }
    return () => watching.abort();
  },

  get choosesSpeakers() {
    return 'setSinkId' in HTMLMediaElement.prototype;
  },
};
