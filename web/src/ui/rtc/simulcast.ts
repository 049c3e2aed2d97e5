// Which layers of a camera are sent, by the size of its picture. Chromium takes the number of layers from the size by
// itself (640×360: two, and it leaves out the largest), so each layer says its own size (`scaleResolutionDownTo`);
// browsers that do not know that field take the factor. Small pictures are sent in fewer layers, the largest ones.

interface LayerPlan {
  readonly rid: string;
  readonly divisor: number;
  readonly bitrate: number;
  /** The layer is sent for pictures at least so wide. */
  readonly fromWidth: number;
}

const LAYERS: readonly LayerPlan[] = [
  { rid: 'q', divisor: 4, bitrate: 120_000, fromWidth: 640 },
  { rid: 'h', divisor: 2, bitrate: 400_000, fromWidth: 480 },
  { rid: 'f', divisor: 1, bitrate: 1_500_000, fromWidth: 0 },
];
const USUAL = { width: 1280, height: 720 };

type SizedEncoding = RTCRtpEncodingParameters & {
  scaleResolutionDownTo?: { maxWidth: number; maxHeight: number };
};

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

const sizeAt = (picture: { width: number; height: number }, divisor: number) => ({
  maxWidth: even(picture.width / divisor),
  maxHeight: even(picture.height / divisor),
});

export const cameraEncodings = (): RTCRtpEncodingParameters[] =>
  LAYERS.map(({ rid, divisor, bitrate }): SizedEncoding => ({
    rid,
    maxBitrate: bitrate,
    scaleResolutionDownBy: divisor,
    scaleResolutionDownTo: sizeAt(USUAL, divisor),
  }));

/** What an encoding is for this track; `null` for nothing to send. */
export function fitEncoding(encoding: RTCRtpEncodingParameters, track: MediaStreamTrack | null): void {
  const plan = LAYERS.find(({ rid }) => rid === encoding.rid);
  encoding.active = track !== null;
  if (!plan || !track) return;
  const { width = USUAL.width, height = USUAL.height } = track.getSettings();
  encoding.active = Math.max(width, height) >= plan.fromWidth;
  (encoding as SizedEncoding).scaleResolutionDownTo = sizeAt({ width, height }, plan.divisor);
}
