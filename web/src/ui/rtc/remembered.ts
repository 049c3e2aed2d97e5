// What the person chose for the devices last, kept in the browser: which ones, how each microphone is filtered, whether the background
// is blurred. A browser that keeps nothing is fine.

import { read, write } from '../memory';
import type { MicrophoneMode } from './capture';

export type Chooseable = 'microphone' | 'camera' | 'speaker';

const MODES_KEY = 'zvonok.microphone-modes';
const BLUR_KEY = 'zvonok.blur';
/** More microphones than a person has: the list must not grow for ever. */
const MODES_KEPT = 12;
const MODES: readonly string[] = ['usual', 'clear', 'music'] satisfies MicrophoneMode[];

const keyOf = (kind: Chooseable): string => `zvonok.${kind}`;

export const rememberedDevice = (kind: Chooseable): string | null => read(keyOf(kind));
export const rememberDevice = (kind: Chooseable, id: string): void => write(keyOf(kind), id);

export const rememberedBlur = (): boolean => read(BLUR_KEY) === 'on';
export const rememberBlur = (on: boolean): void => write(BLUR_KEY, on ? 'on' : 'off');

const isMode = (value: unknown): value is MicrophoneMode => MODES.includes(value as string);

function modes(): readonly (readonly [string, MicrophoneMode])[] {
  try {
    const kept: unknown = JSON.parse(read(MODES_KEY) ?? '{}');
    return Object.entries(kept as object).flatMap(([id, mode]) =>
      isMode(mode) ? [[id, mode] as const] : [],
    );
  } catch {
    return [];
  }
}

export const rememberedMode = (microphone: string): MicrophoneMode =>
  modes().find(([id]) => id === microphone)?.[1] ?? 'usual';

export function rememberMode(microphone: string, mode: MicrophoneMode): void {
  const others = modes().filter(([id]) => id !== microphone);
  const kept = [...others, [microphone, mode] as const].slice(-MODES_KEPT);
  write(MODES_KEY, JSON.stringify(Object.fromEntries(kept)));
}
