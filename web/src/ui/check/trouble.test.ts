import { describe, expect, it } from 'vitest';
import { troubleOf } from './trouble';

describe('what the device check says', () => {
  it('is nothing when both work, or are off by choice', () => {
    expect(troubleOf('on', 'on')).toBeNull();
    expect(troubleOf('off', 'off')).toBeNull();
  });

  it('waits for the answer to the browser’s question', () => {
    expect(troubleOf('asking', 'asking')).toBe('asking');
  });

  it('is the refusal first, then what another program holds', () => {
    expect(troubleOf('refused', 'missing')).toBe('refused');
    expect(troubleOf('on', 'busy')).toBe('busy');
  });

  it('names what is missing', () => {
    expect(troubleOf('missing', 'missing')).toBe('noDevices');
    expect(troubleOf('on', 'missing')).toBe('noCamera');
    expect(troubleOf('missing', 'on')).toBe('noMicrophone');
  });
});
