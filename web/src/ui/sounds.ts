// The two small sounds of a room: a knock at the door and a tick for a raised hand, for whoever leads it. Made here; a
// visible message goes with each. The school bell is in bell.ts.

interface Thud {
  readonly at: number;
  readonly hz: number;
  readonly lasts: number;
}

/** Softer than a voice in the room: higher is louder. */
const LOUDNESS = 0.09;
const SOUNDS = {
  knock: [
    { at: 0, hz: 190, lasts: 0.12 },
    { at: 0.19, hz: 175, lasts: 0.14 },
  ],
  tick: [{ at: 0, hz: 880, lasts: 0.09 }],
} as const satisfies Record<string, readonly Thud[]>;

const LASTS_MS = 600;

function play(context: BaseAudioContext, { at, hz, lasts }: Thud): void {
  const begins = context.currentTime + at;
  const tone = new OscillatorNode(context, { type: 'triangle', frequency: hz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(LOUDNESS, begins);
  gain.gain.exponentialRampToValueAtTime(0.0001, begins + lasts);
  tone.connect(gain).connect(context.destination);
  tone.start(begins);
  tone.stop(begins + lasts);
}

/** Silent where the browser lets no page sound before the person touches it. */
export async function sound(name: keyof typeof SOUNDS): Promise<void> {
  // eslint-disable-next-line no-restricted-globals -- a sound of the page, not of the lesson's media
  const context = new AudioContext();
  if (context.state === 'running') {
    for (const thud of SOUNDS[name]) play(context, thud);
    await new Promise((resolve) => setTimeout(resolve, LASTS_MS));
  }
  await context.close();
}
