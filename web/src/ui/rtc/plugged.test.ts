import { describe, expect, it } from 'vitest';
import { listsOf, newcomers, nextOf, type Device } from './plugged';

const device = (id: string, label = id): Device => ({ id, label });
const here = [device('default', 'Как в системе'), device('a'), device('b')];

describe('what is plugged in', () => {
  it('is sorted by what it is for', () => {
    const info = (kind: MediaDeviceKind, deviceId: string) => ({ kind, deviceId, label: deviceId });
    const lists = listsOf([info('audioinput', 'm'), info('videoinput', 'c'), info('audiooutput', 's')]);
    expect(lists).toEqual({ microphone: [device('m')], camera: [device('c')], speaker: [device('s')] });
  });
});

describe('newcomers', () => {
  it('are those that were not there before', () => {
    expect(newcomers(here, [...here, device('c')])).toEqual([device('c')]);
    expect(newcomers(here, here.slice(1))).toEqual([]);
  });

  it('are no stand-ins of the system, and nothing that was only named meanwhile', () => {
    expect(newcomers([device('a')], here)).toEqual([device('b')]);
    expect(newcomers([device('', '')], [device('', ''), device('', '')])).toEqual([]);
    expect(newcomers([device('', '')], [device('x', 'Микрофон')])).toEqual([]);
  });

  it('are the first of their kind, with or without a name', () => {
    expect(newcomers([], [device('', '')])).toEqual([device('', '')]);
  });
});

describe('the next one when a device is pulled out', () => {
  it('is the usual one of its person, else the first that is left', () => {
    expect(nextOf(here.slice(1), 'a', null)).toEqual(device('b'));
    expect(nextOf([...here.slice(1), device('c')], 'a', 'c')).toEqual(device('c'));
  });

  it('is none when none is left', () => {
    expect(nextOf([device('a')], 'a', 'a')).toBeNull();
  });
});
