// Which layers of a camera are sent, by the size of its picture. Chromium takes the number of layers from the size by
// itself (640×360: two, and it leaves out the largest), so each layer says its own size (`scaleResolutionDownTo`);
// browsers that do not know that field take the factor. Small pictures are sent in fewer layers, the largest ones.

interface LayerPlan {
  readonly rid: string;
  readonly divisor: number;
  /** The layer is sent for pictures at least so wide. */
  readonly fromWidth: number;
}

const LAYERS: readonly LayerPlan[] = [
  { rid: 'q', divisor: 4, fromWidth: 640 },
  { rid: 'h', divisor: 2, fromWidth: 480 },
  { rid: 'f', divisor: 1, fromWidth: 0 },
];
/** 120 kbit/s at 320×180, 400 at 640×360, 1500 from 1280×720 on. */
const BITS_PER_PIXEL = 1.75;
const LEAST_BITRATE = 120_000;
const MOST_BITRATE = 1_500_000;
/** Over a thin line (uplink.ts): one small picture, a few frames of it a second, and a voice that is still easy to follow. */
const THIN = { camera: 24_000, framerate: 8, voice: 16_000 };
const USUAL = { width: 1280, height: 720 };

type SizedEncoding = RTCRtpEncodingParameters & {
  scaleResolutionDownTo?: { maxWidth: number; maxHeight: number };
};

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

const sizeAt = (picture: { width: number; height: number }, divisor: number) => ({
  maxWidth: even(picture.width / divisor),
  maxHeight: even(picture.height / divisor),
});

const bitrateOf = ({ maxWidth, maxHeight }: { maxWidth: number; maxHeight: number }): number =>
  Math.round(Math.min(MOST_BITRATE, Math.max(LEAST_BITRATE, maxWidth * maxHeight * BITS_PER_PIXEL)));

export const cameraEncodings = (): RTCRtpEncodingParameters[] =>
  LAYERS.map(({ rid, divisor }): SizedEncoding => {
    const size = sizeAt(USUAL, divisor);
    return { rid, maxBitrate: bitrateOf(size), scaleResolutionDownBy: divisor, scaleResolutionDownTo: size };
  });

const isSent = (plan: LayerPlan, longestSide: number): boolean => longestSide >= plan.fromWidth;

/** What an encoding is for this track; `null` for nothing to send. */
export function fitEncoding(
  encoding: RTCRtpEncodingParameters,
  track: MediaStreamTrack | null,
  isThin = false,
): void {
  const plan = LAYERS.find(({ rid }) => rid === encoding.rid);
  encoding.active = track !== null;
  if (!plan || !track) return;
  const { width = USUAL.width, height = USUAL.height } = track.getSettings();
  const longestSide = Math.max(width, height);
  encoding.active = isThin
    ? plan === LAYERS.find((each) => isSent(each, longestSide))
    : isSent(plan, longestSide);
  const size = sizeAt({ width, height }, plan.divisor);
  encoding.maxBitrate = isThin ? THIN.camera : bitrateOf(size);
  if (isThin) encoding.maxFramerate = THIN.framerate;
  else delete encoding.maxFramerate;
  (encoding as SizedEncoding).scaleResolutionDownTo = size;
}

/** Opus chooses for speech; an instrument needs more than that. */
const MUSIC_BITRATE = 96_000;

export function fitVoice(
  encoding: RTCRtpEncodingParameters,
  track: MediaStreamTrack | null,
  isThin: boolean,
): void {
  encoding.active = track !== null;
  if (isThin) encoding.maxBitrate = THIN.voice;
  else if (track?.contentHint === 'music') encoding.maxBitrate = MUSIC_BITRATE;
  else delete encoding.maxBitrate;
}
