import { describe, expect, it } from 'vitest';
import { cameraEncodings, fitEncoding } from './simulcast';

// What fitEncoding asks of a track: the size of its picture.
const trackOf = (width: number, height: number) =>
  ({ getSettings: () => ({ width, height }) }) as unknown as MediaStreamTrack;

function layersOf(track: MediaStreamTrack | null, isThin = false): string[] {
  const encodings = cameraEncodings();
  for (const encoding of encodings) fitEncoding(encoding, track, isThin);
  return encodings
    .filter(({ active }) => active)
    .map((encoding) => {
      const { maxWidth, maxHeight } = (
        encoding as { scaleResolutionDownTo: { maxWidth: number; maxHeight: number } }
      ).scaleResolutionDownTo;
      return `${encoding.rid} ${maxWidth}×${maxHeight} ${(encoding.maxBitrate ?? 0) / 1000}k`;
    });
}

describe('the layers of a camera', () => {
  it('are three at 720p', () => {
    expect(layersOf(trackOf(1280, 720))).toEqual(['q 320×180 120k', 'h 640×360 403.2k', 'f 1280×720 1500k']);
  });

  it('are three at 640×360 too, where Chromium by itself would send two', () => {
    expect(layersOf(trackOf(640, 360))).toEqual(['q 160×90 120k', 'h 320×180 120k', 'f 640×360 403.2k']);
  });

  it('are fewer for a small picture, and the full size is always one of them', () => {
    expect(layersOf(trackOf(480, 270))).toEqual(['h 240×136 120k', 'f 480×270 226.8k']);
    expect(layersOf(trackOf(320, 180))).toEqual(['f 320×180 120k']);
  });

  it('are the smallest one alone, at few frames, over a thin line, and all of them again afterwards', () => {
    expect(layersOf(trackOf(1280, 720), true)).toEqual(['q 320×180 24k']);
    expect(layersOf(trackOf(320, 180), true)).toEqual(['f 320×180 24k']);
    const encoding: RTCRtpEncodingParameters = { rid: 'q' };
    fitEncoding(encoding, trackOf(1280, 720), true);
    expect(encoding.maxFramerate).toBe(8);
    fitEncoding(encoding, trackOf(1280, 720));
    expect(encoding.maxFramerate).toBeUndefined();
  });

  it('are none without a camera, so that no browser goes on sending the last picture', () => {
    expect(layersOf(null)).toEqual([]);
  });
});
