// What is sent when a line is checked: a moving noisy picture and a tone, made here, so that a check needs no camera, fills
// the line whatever a camera sees, and nothing of the person leaves their device.

export interface TestMedia {
  readonly picture: MediaStreamTrack;
  readonly tone: MediaStreamTrack;
  stop(): void;
}

/** Enough for 1.5 Mbit/s of VP8, little enough for a weak computer to make once and to show four times. */
const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_SECOND = 20;
/** More is more bits per picture. */
const NOISE = 0.35;
const GRAIN = 128;

/** Any that a sampling theorem likes; nobody hears it. */
const TONE_HZ = 440;

function grain(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = GRAIN;
  const context = canvas.getContext('2d');
  const pixels = context?.createImageData(GRAIN, GRAIN);
  if (!context || !pixels) return canvas;
  for (let index = 0; index < pixels.data.length; index += 4) {
    const grey = Math.random() * 255;
    pixels.data.set([grey, grey, grey, 255], index);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

function draw(context: CanvasRenderingContext2D, noise: HTMLCanvasElement, frame: number): void {
  context.globalAlpha = 1;
  context.fillStyle = `hsl(${(frame * 3) % 360} 40% 50%)`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.globalAlpha = NOISE;
  const shift = -Math.floor(Math.random() * GRAIN);
  for (let x = shift; x < WIDTH; x += GRAIN) {
    for (let y = shift; y < HEIGHT; y += GRAIN) context.drawImage(noise, x, y);
  }
}

function movingPicture(): { readonly picture: MediaStreamTrack | undefined; readonly stop: () => void } {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  const noise = grain();
  const [picture] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  let frame = 0;
  const next = (): void => {
    if (context) draw(context, noise, frame);
    frame += 1;
  };
  next();
  const timer = setInterval(next, 1000 / FRAMES_PER_SECOND);
  const stop = (): void => {
    clearInterval(timer);
    picture?.stop();
  };
  return { picture, stop };
}

function steadyTone(audio: AudioContext): MediaStreamTrack | undefined {
  const out = new MediaStreamAudioDestinationNode(audio);
  const oscillator = new OscillatorNode(audio, { frequency: TONE_HZ });
  oscillator.connect(new GainNode(audio, { gain: 0.1 })).connect(out);
  oscillator.start();
  audio.resume().catch(() => undefined);
  return out.stream.getAudioTracks()[0];
}

/** Browsers have no sound without any output, and only so many of these at a time. */
function openAudio(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}

/** Made within a press: before one browsers give no sound. Null where this browser cannot make them. */
export function makeTestMedia(): TestMedia | null {
  const audio = 'captureStream' in HTMLCanvasElement.prototype ? openAudio() : null;
  if (!audio) return null;
  const { picture, stop } = movingPicture();
  const tone = steadyTone(audio);
  const close = (): void => {
    stop();
    tone?.stop();
    audio.close().catch(() => undefined);
  };
  if (picture && tone) return { picture, tone, stop: close };
  close();
  return null;
}
