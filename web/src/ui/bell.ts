// The school bell: two soft strikes, made here and played once for those who wait. A visible message goes with it.

const STRIKES_AT_S = [0, 0.45];
const STRIKE_LASTS_S = 0.75;
/** Partials of a small brass bell: ratio to the fundamental and share of the loudness. */
const PARTIALS = [
  { ratio: 1, share: 1 },
  { ratio: 2.76, share: 0.45 },
  { ratio: 5.4, share: 0.2 },
] as const;
const FUNDAMENTAL_HZ = 660;
/** About −18 LUFS for the whole sound: higher is louder, and three rooms of one flat hear it. */
const LOUDNESS = 0.11;

function strike(context: BaseAudioContext, at: number): void {
  for (const { ratio, share } of PARTIALS) {
    const tone = new OscillatorNode(context, { frequency: FUNDAMENTAL_HZ * ratio });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(LOUDNESS * share, at);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + STRIKE_LASTS_S / Math.sqrt(ratio));
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + STRIKE_LASTS_S);
  }
}

/** Silent where the browser lets no page sound before the person touches it. */
export async function ringBell(): Promise<void> {
  // eslint-disable-next-line no-restricted-globals -- a sound of the page, not of the lesson's media
  const context = new AudioContext();
  if (context.state === 'running') {
    for (const at of STRIKES_AT_S) strike(context, context.currentTime + at);
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  await context.close();
}
