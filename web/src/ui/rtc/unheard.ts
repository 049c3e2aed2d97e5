// Whether this person talks while the own microphone is off, so that the page can say «Вас не слышно». The silenced track
// is measured through a copy that is heard by nobody and leaves this page never. Firefox is spared: there a live copy would
// keep the light of a microphone on that its person has switched off. Used by lesson.ts.

import type { Devices } from './devices';
import { meterLevel } from './level';

/** Loudness of speech near a microphone; steps and chairs are below it or short. */
const VOICE = 0.5;
const VOICE_LASTS = 4;
const OF_LAST = 7;
/** Looks without a voice after which nobody talks any more: a pause in a sentence is shorter. */
const SILENCE_LASTS = 12;
const LOOK_EVERY_MS = 200;

export class VoiceAlarm {
  private recent: boolean[] = [];
  private silent = 0;
  private rings = false;

  /** Five times a second. True from a second of speech on, until some seconds after it. */
  hear(level: number): boolean {
    const isVoice = level >= VOICE;
    this.recent = [...this.recent, isVoice].slice(-OF_LAST);
    this.silent = isVoice ? 0 : this.silent + 1;
    if (this.recent.filter(Boolean).length >= VOICE_LASTS) this.rings = true;
    else if (this.silent >= SILENCE_LASTS) this.rings = false;
    return this.rings;
  }
}

const keepsLightOn = (): boolean => navigator.userAgent.includes('Firefox/');

/** Until the returned function is called. */
export function watchUnheard(devices: Devices, onChange: (talks: boolean) => void): () => void {
  if (keepsLightOn()) return () => undefined;
  let measured: MediaStreamTrack | null = null;
  let stop: () => void = () => undefined;
  let said = false;
  const say = (talks: boolean) => {
    if (talks === said) return;
    said = talks;
    onChange(talks);
  };
  const follow = () => {
    const track = devices.silenced;
    if (track === measured) return;
    stop();
    stop = () => undefined;
    measured = track;
    say(false);
    if (!track) return;
    const copy = track.clone();
    copy.enabled = true;
    const alarm = new VoiceAlarm();
    const unmeter = meterLevel(copy, (level) => say(alarm.hear(level)), LOOK_EVERY_MS);
    stop = () => {
      unmeter();
      copy.stop();
    };
  };
  follow();
  const unlisten = devices.onChange(follow);
  return () => {
    unlisten();
    stop();
  };
}
