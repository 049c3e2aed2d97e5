// Two soft notes from the chosen speaker, to hear whether it sounds. Made here; used by the device check and the room's dialog.

const NOTES_HZ = [523.25, 659.25];
const NOTE_EVERY_S = 0.35;
const NOTE_LASTS_S = 0.9;
/** Between the bell and a voice. */
const LOUDNESS = 0.2;
const OVER_AFTER_MS = 1_600;

/** At a press, which lets the page sound. `speaker`: null for the system's. */
export async function playChime(speaker: string | null): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  NOTES_HZ.forEach((frequency, n) => {
    const at = context.currentTime + 0.05 + n * NOTE_EVERY_S;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_LASTS_S);
    tone.connect(gain).connect(out);
    tone.start(at);
    tone.stop(at + NOTE_LASTS_S);
  });
  // Through an element, for only elements can be sent to a speaker in every browser that can choose one.
  const player = document.createElement('audio');
  player.srcObject = out.stream;
  if ('setSinkId' in player && speaker) await player.setSinkId(speaker).catch(() => undefined);
  await player.play().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, OVER_AFTER_MS));
  player.srcObject = null;
  await context.close();
}
