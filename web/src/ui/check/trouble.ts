// The one thing to say about camera and microphone, the worst first; null when there is nothing to say. Pure.

import type { Access } from '../rtc/devices';

export type Trouble = 'asking' | 'refused' | 'busy' | 'noDevices' | 'noCamera' | 'noMicrophone';

export function troubleOf(microphone: Access, camera: Access): Trouble | null {
  const both = [microphone, camera];
  if (both.includes('asking')) return 'asking';
  if (both.includes('refused')) return 'refused';
  if (both.includes('busy')) return 'busy';
  if (both.every((access) => access === 'missing')) return 'noDevices';
  if (camera === 'missing') return 'noCamera';
  return microphone === 'missing' ? 'noMicrophone' : null;
}
