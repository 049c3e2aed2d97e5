// Messages of the room by their key: state names the message and its words, the catalogue says it. Pure.

import type { Catalogue } from '../../locales/ru';
import type { LessonIntents, SayView } from '../../state/lesson';
import type { SayKey } from '../../state/say';
import type { DeviceNotice } from '../rtc/device-notices';

type Words = Readonly<Record<string, string | number>>;

/** `more`: so many others of whom the same could be said. An unknown key stays silent rather than showing a code. */
export function saidIn(
  catalogue: Catalogue,
  key: string,
  words: Words,
  time: (at: number) => string,
): string {
  const text = (catalogue.say as Readonly<Record<string, string>>)[key] ?? '';
  const name = String(words['name'] ?? '');
  const more = Number(words['more'] ?? 0);
  return text
    .replace('{name}', more > 0 ? catalogue.andMore(name, more) : name)
    .replace('{time}', time(Number(words['stops_at'] ?? 0)));
}

/** What a reader is interrupted for; a mute by the teacher is told politely (design §4). */
const ALERTS: readonly string[] = ['link_lost', 'sound_blocked', 'closed_microphone'] satisfies SayKey[];
/** Of these there are thirty at the beginning of a lesson: Announced.svelte tells them, seldom. */
const COMINGS: readonly string[] = ['joined', 'left', 'back', 'lost_network', 'not_back'] satisfies SayKey[];

export const isComing = ({ key }: Pick<SayView, 'key'>): boolean => COMINGS.includes(key);

/** An offer and a refusal that change nothing; all others tell what is heard or seen now, of this person or here. */
const YIELDING: readonly string[] = ['plugged', 'not_given'] satisfies DeviceNotice['key'][];

/** Whether what the devices tell stands in the one line of messages, before what the room says. */
export function deviceFirst(
  notice: Pick<DeviceNotice, 'key'>,
  say: Pick<SayView, 'key' | 'urgent'> | null,
): boolean {
  if (say === null || isComing(say)) return true;
  return !say.urgent && !YIELDING.includes(notice.key);
}

export function roleOfSaid(say: Pick<SayView, 'key'>): 'alert' | 'status' | undefined {
  if (isComing(say)) return undefined;
  return ALERTS.includes(say.key) ? 'alert' : 'status';
}

/** The press on a message's button. What needs more than a press puts the message away. */
export function doSaid(intents: LessonIntents, { key, intent }: NonNullable<SayView['action']>): void {
  const presses: Partial<Record<keyof LessonIntents, () => void>> = {
    reconnectNow: () => intents.reconnectNow(),
    raiseHand: () => intents.raiseHand(true),
    setMicrophone: () => intents.setMicrophone(true),
    setCamera: () => intents.setCamera(true),
    pauseSharing: () => intents.pauseSharing(false),
    undo: () => intents.undo(),
    setSaver: () => intents.setSaver(key === 'only_sound' ? 'sound' : 'all'),
    startSound: () => intents.startSound(),
    takeSound: () => intents.takeSound(),
  };
  (presses[intent] ?? (() => intents.dismissSay()))();
}
