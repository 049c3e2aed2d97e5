// Takes noise away from a microphone by RNNoise in an AudioWorklet; both are loaded when somebody asks for it. Used by devices.ts.

import worklet from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';
import plainModule from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import simdModule from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import type { Worked } from './own-device';

/** The rate that RNNoise was trained for. */
const RATE_HZ = 48_000;
const LOOK_EVERY_MS = 20;
const LOOKS = 25;

/** Browsers let a page sound only after a press; until then the microphone goes out as it is. */
async function running(context: AudioContext): Promise<void> {
  const resume = (): void => void context.resume().catch(() => undefined);
  const presses = ['pointerup', 'keydown'];
  for (const press of presses) document.addEventListener(press, resume);
  resume();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (context.state === 'running' || context.state === 'closed') resolve();
    };
    context.addEventListener('statechange', look);
    look();
  });
  for (const press of presses) document.removeEventListener(press, resume);
}

/** The worklet is silent until its model is there: a voice must not fall into that hole. A microphone that is switched off is
 *  silent, too, so nobody waits for long. */
async function sounding(context: AudioContext, node: AudioNode): Promise<void> {
  const analyser = context.createAnalyser();
  node.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  for (let looks = 0; looks < LOOKS && samples.every((sample) => sample === 0); looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    analyser.getFloatTimeDomainData(samples);
  }
  node.disconnect(analyser);
}

/** Rejects where worklets or WebAssembly do not run. */
export async function withoutNoise(raw: MediaStreamTrack): Promise<Worked> {
  const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: 'interactive' });
  try {
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url: plainModule, simdUrl: simdModule }),
      context.audioWorklet.addModule(worklet),
    ]);
    // Where WebAssembly is forbidden the worklet would be silent without a word.
    await WebAssembly.compile(wasmBinary);
    const source = context.createMediaStreamSource(new MediaStream([raw]));
    const suppressor = new RnnoiseWorkletNode(context, { wasmBinary, maxChannels: 1 });
    suppressor.channelCount = 1;
    suppressor.channelCountMode = 'explicit';
    const out = context.createMediaStreamDestination();
    source.connect(suppressor).connect(out);
    await running(context);
    await sounding(context, suppressor);
    const [track] = out.stream.getAudioTracks();
    if (!track) throw new Error('no track comes out');
    context.onstatechange = () => void context.resume().catch(() => undefined);
    return {
      track,
      stop() {
        context.onstatechange = null;
        track.stop();
        suppressor.destroy();
        context.close().catch(() => undefined);
      },
    };
  } catch (error) {
    context.close().catch(() => undefined);
    throw error;
  }
}
