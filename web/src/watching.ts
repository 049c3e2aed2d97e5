// What a lesson follows on this device and page while it goes on: the network's hints, whether anybody looks, own devices, voices
// that nobody hears, a second device beside this one. Started by lesson.ts, which turns it into facts of its state.

import type { RoomState } from './state/room-state';
import type { Prepared } from './preparing';
import type { Devices } from './ui/rtc/devices';
import { watchEcho } from './ui/rtc/echo';
import { watchNetwork, type NetworkHints } from './ui/rtc/network';
import { watchUnheard } from './ui/rtc/unheard';

export interface WatchingParts {
  readonly devices: Devices;
  readonly prepared: Pick<Prepared, 'sound'>;
  readonly network: NetworkHints;
  onFacts(own: Partial<Pick<RoomState, 'speakingMuted' | 'echo'>>): void;
  /** The page is looked at, or not any more. */
  onSeen(): void;
  /** Another camera, or the same one with its background blurred. */
  onDevices(): void;
}

/** Until the returned function is called. */
export function watchDevicesAndPage(parts: WatchingParts): () => void {
  const { devices, prepared } = parts;
  const onFacts: WatchingParts['onFacts'] = (own) => parts.onFacts(own);
  const seen = (): void => parts.onSeen();
  document.addEventListener('visibilitychange', seen);
  const ends = [
    watchNetwork(parts.network),
    watchUnheard(devices, (speakingMuted) => onFacts({ speakingMuted })),
    watchEcho(devices, prepared.sound, (echo) => onFacts({ echo })),
    prepared.sound.follow(devices),
    devices.onChange(() => parts.onDevices()),
    () => document.removeEventListener('visibilitychange', seen),
  ];
  return () => {
    for (const end of ends) end();
  };
}
