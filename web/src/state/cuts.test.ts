import { describe, expect, it } from 'vitest';
import type { Participant } from '../protocol/messages';
import { cutsOf } from './cuts';
import { person } from '../protocol/messages.fake';

const card = (media: Participant['media'], rights: Partial<Participant['rights']> = {}): Participant =>
  person('anna', { media, rights: { microphone: 'open', camera: 'open', screen: 'open', ...rights } });
const shown = card({ camera: true, screen: true });
const kept = (of: Participant, unanswered = false) => ({ card: of, unanswered });

describe('what a host has done to the own tracks', () => {
  it('is nothing while the room has what this page has said', () => {
    expect(cutsOf(null, card({}))).toEqual({ closed: [], off: [] });
    expect(cutsOf(kept(shown), shown)).toEqual({ closed: [], off: [] });
  });

  it('is a cut when a camera or a screen was on and is off', () => {
    expect(cutsOf(kept(shown), card({ screen: true })).off).toEqual(['camera']);
    expect(cutsOf(kept(shown), card({ camera: true })).off).toEqual(['screen']);
  });

  it('is no cut while the answer to the own press is on its way', () => {
    expect(cutsOf(kept(shown, true), card({})).off).toEqual([]);
  });

  it('leaves microphones to the numbered mutes', () => {
    expect(cutsOf(kept(card({ microphone: true })), card({})).off).toEqual([]);
  });

  it('keeps off what is closed, also for somebody who comes', () => {
    const closed = card({}, { microphone: 'closed', camera: 'closed', screen: 'closed' });
    expect(cutsOf(null, closed)).toEqual({
      closed: ['microphone', 'camera', 'screen'],
      off: ['microphone', 'camera', 'screen'],
    });
  });

  it('lets whoever has the floor speak', () => {
    expect(cutsOf(null, card({}, { microphone: 'floor' })).closed).toEqual([]);
  });
});
