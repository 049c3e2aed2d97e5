import { beforeEach, describe, expect, it } from 'vitest';
import { Devices } from './devices';
import { builtIn, Table } from './devices.fake';
import { OwnMedia, type OwnFacts } from './own-media';
import type { TrackKind } from './peer';

const { microphone, camera } = builtIn;

beforeEach(() => {
  const storage = { getItem: () => null, setItem: () => undefined };
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
});

interface Lesson {
  readonly devices: Devices;
  readonly sent: readonly (readonly [TrackKind, string | null])[];
  readonly facts: readonly OwnFacts[];
}

/** `sent`: each kind with the hint of its track. */
async function inLesson(table: Table): Promise<Lesson> {
  const devices = new Devices(table);
  await devices.start();
  const sent: [TrackKind, string | null][] = [];
  const facts: OwnFacts[] = [];
  new OwnMedia({
    devices,
    send: (kind, track) => {
      sent.push([kind, track?.contentHint ?? null]);
      return Promise.resolve();
    },
    tell: () => Promise.resolve(true),
    onFacts: (own) => facts.push(own),
  });
  return { devices, sent, facts };
}

describe('what goes out of the own microphone', () => {
  it('is sent as music though the browser changes the filters in the same track', async () => {
    const table = new Table(microphone, camera);
    table.changesRunning = true;
    const { devices, sent } = await inLesson(table);
    const before = devices.current.microphone;
    await devices.setMode('music');
    expect(devices.current.microphone).toBe(before);
    expect(sent).toEqual([['microphone', 'music']]);
    await devices.setMode('usual');
    expect(sent.slice(1)).toEqual([['microphone', '']]);
  });

  it('is not sent again where nothing of it has changed', async () => {
    const { devices, sent } = await inLesson(new Table(microphone, camera));
    devices.chooseSpeaker('another');
    expect(sent).toEqual([]);
  });
});

describe('what this device tells of itself', () => {
  it('names a microphone that a call has taken, until it is back', async () => {
    const table = new Table(microphone, camera);
    const { facts } = await inLesson(table);
    table.last('microphone').setMuted(true);
    expect(facts.at(-1)?.held).toEqual({ microphone: true, camera: false });
    table.last('microphone').setMuted(false);
    expect(facts.at(-1)?.held.microphone).toBe(false);
  });
});
