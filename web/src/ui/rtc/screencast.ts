// How a shared screen is sent: «text» keeps every letter sharp at few frames a second, «motion» keeps up with a film. The mode
// travels with the track as its content hint, so whoever has the track knows it: share.ts sets it, peer.ts fits the sender to it.

import type { ShareMode } from '../../state/lesson';

interface Plan {
  readonly framesPerSecond: number;
  readonly maxBitrate: number;
  readonly keeps: RTCDegradationPreference;
}

export const PLANS: Readonly<Record<ShareMode, Plan>> = {
  text: { framesPerSecond: 5, maxBitrate: 1_500_000, keeps: 'maintain-resolution' },
  motion: { framesPerSecond: 30, maxBitrate: 3_000_000, keeps: 'maintain-framerate' },
};

const modeOf = (track: Pick<MediaStreamTrack, 'contentHint'>): ShareMode =>
  track.contentHint === 'motion' ? 'motion' : 'text';

export const screenEncodings = (): RTCRtpEncodingParameters[] => [
  { maxBitrate: PLANS.text.maxBitrate, maxFramerate: PLANS.text.framesPerSecond },
];

type Parameters = Pick<RTCRtpSendParameters, 'encodings'> & {
  degradationPreference?: RTCDegradationPreference | undefined;
};

/** `null` for nothing to send. Never scaled down: a screen is shown as it is, or with fewer frames. */
export function fitScreen(parameters: Parameters, track: Pick<MediaStreamTrack, 'contentHint'> | null): void {
  const plan = track && PLANS[modeOf(track)];
  if (plan) parameters.degradationPreference = plan.keeps;
  for (const encoding of parameters.encodings) {
    encoding.active = plan !== null;
    if (!plan) continue;
    encoding.maxBitrate = plan.maxBitrate;
    encoding.maxFramerate = plan.framesPerSecond;
    encoding.scaleResolutionDownBy = 1;
  }
}
