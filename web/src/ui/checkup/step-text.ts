// What stands under the name of each step of a check, from what was found. Pure.

import type { Language } from '../../locales/formats';
import type { Catalogue } from '../../locales/ru';
import type { Line } from '../../state/line';
import type { Found, StepName } from '../../state/verdict';
import { measured, megabits, milliseconds, percent } from './numbers';

type Words = Catalogue['checkup'];

function lineText(name: 'delay' | 'loss' | 'rate', line: Line, words: Words, language: Language): string {
  const [up, down] = name === 'rate' ? [line.upBps, line.downBps] : [line.lossUp, line.lossDown];
  if (name === 'delay') {
    return line.delayMs === null ? words.unmeasured : words.delay(milliseconds(line.delayMs, language));
  }
  if (up === null && down === null) return words.unmeasured;
  const write = (value: number): string =>
    name === 'rate' ? megabits(value, language) : percent(value, language);
  return words[name](measured(up, write), measured(down, write));
}

export function stepText(name: StepName, found: Found, words: Words, language: Language): string {
  switch (name) {
    case 'camera':
      return words.camera[found.camera];
    case 'microphone':
      return words.microphone[found.microphone];
    case 'speaker':
      return words.speaker[found.speaker];
    case 'server':
      return words.server[found.server];
    case 'udp':
    case 'tcp':
      return words.reach[found[name]];
    default:
      return found.line ? lineText(name, found.line, words, language) : words.unmeasured;
  }
}
