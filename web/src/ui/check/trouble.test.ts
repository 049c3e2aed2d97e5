import { describe, expect, it } from 'vitest';
import type { Access } from '../rtc/devices';
import { hasNeither, troubleOf, type Trouble } from './trouble';

const nothingHeld = { microphone: false, camera: false };
const of = (microphone: Access, camera: Access): Trouble | null =>
  troubleOf({ microphone, camera, held: nothingHeld });

describe('what the device check says', () => {
  it('is nothing when both work, or are off by choice', () => {
    expect(of('on', 'on')).toBeNull();
    expect(of('off', 'off')).toBeNull();
  });

  it('waits for the answer to the browser’s question', () => {
    expect(of('asking', 'asking')).toEqual({ key: 'asking' });
  });

  it('is the refusal first, of what was refused', () => {
    expect(of('refused', 'refused')).toEqual({ key: 'refused', which: 'both' });
    expect(of('on', 'refused')).toEqual({ key: 'refused', which: 'camera' });
    expect(of('refused', 'missing')).toEqual({ key: 'refused', which: 'microphone' });
  });

  it('is then what another program holds, then what was pulled out', () => {
    expect(of('vanished', 'busy')).toEqual({ key: 'busy', which: 'camera' });
    expect(of('vanished', 'on')).toEqual({ key: 'vanished', which: 'microphone' });
  });

  it('is what the system has taken for a while', () => {
    const held = { microphone: true, camera: false };
    expect(troubleOf({ microphone: 'on', camera: 'on', held })).toEqual({ key: 'held', which: 'microphone' });
  });

  it('names what is missing', () => {
    expect(of('missing', 'missing')).toEqual({ key: 'noDevices' });
    expect(of('on', 'missing')).toEqual({ key: 'noCamera' });
    expect(of('missing', 'on')).toEqual({ key: 'noMicrophone' });
  });
});

describe('camera and microphone together', () => {
  it('are not to be had where each is refused or missing', () => {
    expect(hasNeither({ microphone: 'refused', camera: 'refused' })).toBe(true);
    expect(hasNeither({ microphone: 'missing', camera: 'refused' })).toBe(true);
  });

  it('are where one works, waits, or is off by choice', () => {
    for (const microphone of ['on', 'asking', 'off', 'busy'] as const) {
      expect(hasNeither({ microphone, camera: 'refused' })).toBe(false);
    }
  });
});
