// How loud a sound is, 0…1: of a microphone for the device check, the level line and unheard.ts; of the lesson for echo.ts.

const EVERY_MS = 100;
/** Loudness below this is the noise of a room; a voice near the microphone reaches about −10 dB. */
const FLOOR_DB = -60;
const CEILING_DB = -10;

/** 0…1 as people hear it, of the mean square of samples in −1…1. */
export function loudnessOf(power: number): number {
  const db = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

const powerOf = (samples: Float32Array): number =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;

/** Measures until the returned function is called. */
export function meterLevel(
  track: MediaStreamTrack,
  onLevel: (level: number) => void,
  everyMs = EVERY_MS,
): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (context.state === 'suspended') context.resume().catch(() => undefined);
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudnessOf(powerOf(samples)));
  }, everyMs);
  return () => {
    clearInterval(timer);
    source.disconnect();
    context.close().catch(() => undefined);
  };
}
