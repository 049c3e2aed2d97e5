// The camera with its background blurred: by the browser where it can itself, else here. Each picture is drawn small, goes to
// outline.worker.ts, and comes out sharp where somebody is and blurred elsewhere; before the first mask it is blurred all over. Loaded
// when somebody asks for it; used by devices.ts.

import type { Worked } from '../own-device';
import { MASK } from './mask';
import type { Outline, Picture } from './outline.worker';
import { Pace } from './pace';

/** More is not worth its heat: the sharp part is a face on a tile. */
const LONG_SIDE = 640;
const SHORT_SIDE = 360;
/** Blurred by drawing it so much smaller and large again, which takes no time: by halves, since some browsers make a
 *  point from four of the larger picture, however much larger it is. */
const SMALLER = [2, 4, 8, 16];

type Trouble = 'slow' | 'failed';
type Blurring = MediaTrackCapabilities & MediaTrackSettings & { readonly backgroundBlur?: unknown };

interface Pen {
  readonly canvas: HTMLCanvasElement;
  readonly draw: CanvasRenderingContext2D;
}

function pen(isRead = false): Pen {
  const canvas = document.createElement('canvas');
  const draw = canvas.getContext('2d', { alpha: true, willReadFrequently: isRead });
  if (!draw) throw new Error('no canvas');
  draw.imageSmoothingQuality = 'high';
  return { canvas, draw };
}

function resize({ canvas }: Pen, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function whole({ draw, canvas }: Pen, from: Pen): void {
  draw.drawImage(from.canvas, 0, 0, canvas.width, canvas.height);
}

async function byBrowser(raw: MediaStreamTrack): Promise<Worked | null> {
  const { backgroundBlur: offered } = ('getCapabilities' in raw ? raw.getCapabilities() : {}) as Blurring;
  if (!Array.isArray(offered) || !offered.includes(true)) return null;
  const track = raw.clone();
  const ask = (backgroundBlur: boolean) => track.applyConstraints({ backgroundBlur }).catch(() => undefined);
  await ask(true);
  if ((track.getSettings() as Blurring).backgroundBlur !== true) {
    track.stop();
    return null;
  }
  return { track, stop: () => void ask(false).then(() => track.stop()) };
}

class BlurredCamera {
  readonly track: MediaStreamTrack;
  private readonly source: MediaStreamTrack;
  private readonly video = document.createElement('video');
  private readonly frame = pen();
  private readonly person = pen();
  private readonly mask = pen();
  private readonly small = pen(true);
  private readonly blurs = SMALLER.map(() => pen());
  private readonly out = pen();
  private readonly worker: Worker;
  private readonly pace = new Pace();
  private asked = performance.now();
  private stopped = false;

  constructor(
    raw: MediaStreamTrack,
    private readonly onTrouble: (why: Trouble) => void,
  ) {
    resize(this.small, MASK.width, MASK.height);
    resize(this.mask, MASK.width, MASK.height);
    const { width = LONG_SIDE, height = SHORT_SIDE } = raw.getSettings();
    this.fit(width, height);
    this.out.draw.fillRect(0, 0, this.out.canvas.width, this.out.canvas.height);
    const [track] = this.out.canvas.captureStream().getVideoTracks();
    if (!track) throw new Error('a canvas gives no track here');
    this.track = track;
    this.worker = new Worker(new URL('./outline.worker.ts', import.meta.url), { type: 'module' });
    this.worker.onmessage = ({ data }: MessageEvent<Outline>) => this.answered(data);
    this.worker.onerror = () => this.trouble('failed');
    // The raw track shows nothing while this one is in its place, so the picture is taken from a copy: after everything that
    // some browser cannot do, since nobody stops the copy of a camera that was not made.
    this.source = raw.clone();
    this.source.enabled = true;
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.srcObject = new MediaStream([this.source]);
    this.video.play().catch(() => undefined);
    this.ask();
  }

  stop(): void {
    this.stopped = true;
    this.worker.terminate();
    this.video.srcObject = null;
    this.source.stop();
    this.track.stop();
  }

  /** Where the whole picture lies in the network's: it sees pictures that stand upright with nothing beside them. */
  private get place(): {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  } {
    const { width, height } = this.frame.canvas;
    const scale = Math.min(MASK.width / width, MASK.height / height);
    const [w, h] = [width * scale, height * scale];
    return { x: (MASK.width - w) / 2, y: (MASK.height - h) / 2, width: w, height: h };
  }

  private fit(width: number, height: number): void {
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height), SHORT_SIDE / Math.min(width, height));
    const [w, h] = [2 * Math.round((width * scale) / 2), 2 * Math.round((height * scale) / 2)];
    for (const each of [this.frame, this.person, this.out]) resize(each, w, h);
    this.blurs.forEach((each, n) => {
      const by = SMALLER[n] ?? 1;
      resize(each, Math.max(1, Math.round(w / by)), Math.max(1, Math.round(h / by)));
    });
  }

  /** Takes the camera's picture of this moment; it waits for its mask. */
  private ask(): void {
    const { videoWidth, videoHeight } = this.video;
    if (videoWidth > 0) {
      this.fit(videoWidth, videoHeight);
      const { canvas, draw } = this.frame;
      draw.drawImage(this.video, 0, 0, canvas.width, canvas.height);
      const { x, y, width, height } = this.place;
      this.small.draw.fillRect(0, 0, MASK.width, MASK.height);
      this.small.draw.drawImage(canvas, x, y, width, height);
    }
    const { data: pixels } = this.small.draw.getImageData(0, 0, MASK.width, MASK.height);
    this.asked = performance.now();
    this.worker.postMessage({ pixels } satisfies Picture, [pixels.buffer]);
  }

  private answered(outline: Outline): void {
    if (this.stopped) return;
    if (outline.type === 'failed') {
      this.trouble('failed');
      return;
    }
    if (this.video.videoWidth > 0) this.compose(outline.mask);
    const now = performance.now();
    const isSeen = !document.hidden && outline.mask !== null;
    if (!isSeen) this.pace.forget();
    if (isSeen && this.pace.isTooSlow(now - this.asked, now)) this.trouble('slow');
    else this.ask();
  }

  private compose(mask: Uint8ClampedArray<ArrayBuffer> | null): void {
    const { width, height } = this.out.canvas;
    const blurred = this.blur();
    this.out.draw.drawImage(blurred, 0, 0, width, height);
    if (!mask) return;
    this.mask.draw.putImageData(new ImageData(mask, MASK.width, MASK.height), 0, 0);
    const { draw, canvas } = this.person;
    const place = this.place;
    draw.globalCompositeOperation = 'copy';
    draw.drawImage(this.frame.canvas, 0, 0);
    draw.globalCompositeOperation = 'destination-in';
    draw.drawImage(this.mask.canvas, place.x, place.y, place.width, place.height, 0, 0, width, height);
    this.out.draw.drawImage(canvas, 0, 0);
  }

  /** Down by halves and up again, so that no squares are seen. */
  private blur(): HTMLCanvasElement {
    let from = this.frame;
    for (const to of [...this.blurs, ...this.blurs.slice(0, -1).reverse()]) {
      whole(to, from);
      from = to;
    }
    return from.canvas;
  }

  private trouble(why: Trouble): void {
    if (this.stopped) return;
    this.stop();
    this.onTrouble(why);
  }
}

/** Rejects where the browser can do neither. Shows nothing that is not blurred from the first picture on. */
export async function blurred(raw: MediaStreamTrack, onTrouble: (why: Trouble) => void): Promise<Worked> {
  return (await byBrowser(raw)) ?? new BlurredCamera(raw, onTrouble);
}
