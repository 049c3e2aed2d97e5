import { describe, expect, it } from 'vitest';
import { fitScreen, screenEncodings } from './screencast';

function fitted(contentHint: string | null) {
  const parameters: Parameters<typeof fitScreen>[0] = { encodings: screenEncodings() };
  fitScreen(parameters, contentHint === null ? null : { contentHint });
  return { ...parameters.encodings[0], keeps: parameters.degradationPreference };
}

describe('a shared screen', () => {
  it('of text is sharp and has five frames a second at most', () => {
    expect(fitted('text')).toMatchObject({
      active: true,
      maxFramerate: 5,
      scaleResolutionDownBy: 1,
      keeps: 'maintain-resolution',
    });
  });

  it('in motion has up to thirty frames a second and more bits', () => {
    expect(fitted('motion')).toMatchObject({ active: true, maxFramerate: 30, keeps: 'maintain-framerate' });
    expect(fitted('motion').maxBitrate).toBeGreaterThan(fitted('text').maxBitrate ?? Infinity);
  });

  it('is text before anybody has said what it is', () => {
    expect(fitted('')).toEqual(fitted('text'));
  });

  it('that is paused sends nothing', () => {
    expect(fitted(null)).toMatchObject({ active: false });
  });
});
