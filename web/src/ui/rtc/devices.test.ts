import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Devices, type DeviceNotice } from './devices';
import { builtIn, earpiece, headset, settled, Table, webcam } from './devices.fake';

const { microphone, camera } = builtIn;

class Storage {
  private readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): unknown => this.kept.set(key, value);
}

beforeEach(() => {
  Object.defineProperty(globalThis, 'localStorage', { value: new Storage(), configurable: true });
});

interface Desk {
  readonly devices: Devices;
  readonly notices: DeviceNotice[];
}

function sitDown(table: Table): Desk {
  const devices = new Devices(table);
  const notices: DeviceNotice[] = [];
  devices.onNotice((notice) => notices.push(notice));
  return { devices, notices };
}

async function started(table: Table): Promise<Desk> {
  const desk = sitDown(table);
  await desk.devices.start();
  return desk;
}

describe('asking for devices', () => {
  it('asks for both with one question', async () => {
    const table = new Table(microphone, camera);
    const { devices } = await started(table);
    expect(table.questions).toBe(1);
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'on' });
    expect(devices.view.chosen).toMatchObject({ microphone: 'mic-1', camera: 'cam-1' });
  });

  it('keeps the microphone when there is no camera', async () => {
    const { devices } = await started(new Table(microphone));
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'missing' });
  });

  it('says busy when another program holds the camera, and takes it when it is free', async () => {
    const table = new Table(microphone, camera);
    table.fails.video = ['NotReadableError'];
    const { devices } = await started(table);
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'busy' });
    delete table.fails.video;
    const before = table.last('microphone');
    await devices.again();
    expect(devices.view.camera).toBe('on');
    expect(devices.current.microphone).toBe(before);
  });

  it('takes any device when the remembered one is not there', async () => {
    localStorage.setItem('zvonok.microphone', 'mic-of-long-ago');
    const { devices } = await started(new Table(microphone, camera));
    expect(devices.view.chosen.microphone).toBe('mic-1');
  });

  it('asks for nothing for whoever only listens', async () => {
    const table = new Table(microphone, camera);
    const { devices } = sitDown(table);
    devices.startWithout();
    await settled();
    expect(table.questions).toBe(0);
    expect(devices.view).toMatchObject({ microphone: 'off', camera: 'off' });
  });

  it('lets go what was given to a question that nobody waits for any more', async () => {
    const table = new Table(microphone, camera);
    const answer = table.holdQuestion();
    const { devices } = sitDown(table);
    const starting = devices.start();
    devices.startWithout();
    answer();
    await starting;
    expect(devices.view).toMatchObject({ microphone: 'off', camera: 'off' });
    expect(table.given.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  });
});

describe('a refusal', () => {
  async function refused(message: string, permission: PermissionState): Promise<[Table, Devices]> {
    const table = new Table(microphone, camera);
    table.fails.audio = table.fails.video = ['NotAllowedError', message];
    table.permissions.microphone = table.permissions.camera = permission;
    return [table, (await started(table)).devices];
  }

  it.each([
    ['Permission denied', 'denied', 'browser'],
    ['Permission dismissed', 'prompt', 'dismissed'],
    ['Permission denied by system', 'granted', 'system'],
    ['The request is not allowed by the user agent', 'granted', 'system'],
  ] as const)('«%s» with the site %s is of the %s', async (message, permission, by) => {
    const [, devices] = await refused(message, permission);
    expect(devices.view).toMatchObject({ microphone: 'refused', camera: 'refused', refusedBy: by });
  });

  it('is checked again by itself when the site is allowed', async () => {
    const [table, devices] = await refused('Permission denied', 'denied');
    delete table.fails.audio;
    delete table.fails.video;
    await table.allow('microphone');
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'refused' });
    await table.allow('camera');
    expect(devices.view).toMatchObject({ camera: 'on', refusedBy: null });
  });

  it('that is over turns nothing on that was switched off meanwhile', async () => {
    const [table, devices] = await refused('Permission denied', 'denied');
    delete table.fails.audio;
    delete table.fails.video;
    for (const kind of ['microphone', 'camera'] as const) {
      devices.turnOff(kind);
      await table.allow(kind);
    }
    expect(devices.view).toMatchObject({ microphone: 'off', camera: 'off', refusedBy: null });
    expect(devices.current).toEqual({ microphone: null, camera: null });
    expect(table.last('camera').readyState).toBe('ended');
  });

  it('of the system is checked again when its person is back at the page', async () => {
    const [table, devices] = await refused('Permission denied by system', 'granted');
    delete table.fails.audio;
    delete table.fails.video;
    await table.wake();
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'on' });
  });

  it('that is over is tried once, however often its person is told to be back', async () => {
    const [table, devices] = await refused('Permission denied by system', 'granted');
    delete table.fails.audio;
    delete table.fails.video;
    const { questions } = table;
    await Promise.all([table.wake(), table.wake()]);
    expect(table.questions).toBe(questions + 2); // one for each device
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'on' });
  });

  it('that still holds asks nothing when its person is back', async () => {
    const [table] = await refused('Permission denied', 'denied');
    const { questions } = table;
    await table.wake();
    expect(table.questions).toBe(questions);
  });
});

describe('a device that is pulled out', () => {
  it('is replaced by the next one, with a word', async () => {
    const table = new Table(headset, microphone, camera);
    const { devices, notices } = await started(table);
    await table.unplug(headset);
    expect(devices.view).toMatchObject({ microphone: 'on', chosen: { microphone: 'mic-1' } });
    expect(devices.current.microphone).toBe(table.last('microphone'));
    expect(notices).toEqual([
      { key: 'took_over', kind: 'microphone', gone: headset.label, taken: microphone.label },
    ]);
  });

  it('vanishes when it was the only one, and is on again when it is back', async () => {
    const table = new Table(microphone, camera);
    const { devices, notices } = await started(table);
    await table.unplug(camera);
    expect(devices.view).toMatchObject({ microphone: 'on', camera: 'vanished' });
    expect(devices.current.camera).toBeNull();
    expect(notices).toEqual([{ key: 'vanished', kind: 'camera', gone: camera.label }]);
    await table.plug(camera);
    expect(devices.view.camera).toBe('on');
    expect(notices.at(-1)).toEqual({ key: 'back', kind: 'camera', taken: camera.label });
  });

  it('is asked for once when its person is back at the page, of which a browser tells twice', async () => {
    const table = new Table(microphone, camera);
    const { notices } = await started(table);
    await table.unplug(camera);
    const { questions } = table;
    await Promise.all([table.wake(), table.wake(), table.plug(camera)]);
    expect(table.questions).toBe(questions + 1);
    expect(notices.filter(({ key }) => key === 'back')).toHaveLength(1);
  });

  it('is on again with any other one of its kind', async () => {
    const table = new Table(microphone, camera);
    const { devices } = await started(table);
    await table.unplug(camera);
    await table.plug(webcam);
    expect(devices.view).toMatchObject({ camera: 'on', chosen: { camera: webcam.id } });
  });

  it('stays off when it was off', async () => {
    const table = new Table(microphone, camera);
    const { devices, notices } = await started(table);
    devices.turnOff('microphone');
    await table.unplug(microphone);
    await table.plug(microphone);
    expect(devices.view.microphone).toBe('off');
    expect(notices.filter(({ key }) => key === 'back')).toEqual([]);
  });

  it('stays off when a host switched it off while it was away', async () => {
    const table = new Table(microphone, camera);
    const { devices } = await started(table);
    await table.unplug(microphone);
    devices.turnOff('microphone');
    await table.plug(microphone);
    expect(devices.view.microphone).toBe('off');
    expect(devices.current.microphone).toBeNull();
  });

  it('is taken up again after a sleep in which the system ended it', async () => {
    const table = new Table(microphone, camera);
    const { devices, notices } = await started(table);
    const before = table.last('microphone');
    before.readyState = 'ended';
    await table.wake();
    expect(devices.view.microphone).toBe('on');
    expect(devices.current.microphone).not.toBe(before);
    expect(notices).toEqual([]);
  });

  it('is no loss when Safari ends it because another one of its kind was asked for', async () => {
    const table = new Table(microphone, headset, camera);
    const { devices, notices } = await started(table);
    const before = table.last('microphone');
    const answer = table.holdQuestion();
    const choosing = devices.choose('microphone', headset.id);
    before.end();
    answer();
    await choosing;
    expect(devices.view).toMatchObject({ microphone: 'on', chosen: { microphone: headset.id } });
    expect(notices).toEqual([]);
  });
});

describe('a device that is plugged in', () => {
  it('is offered and not taken', async () => {
    const table = new Table(microphone, camera);
    const { devices, notices } = await started(table);
    await table.plug(headset);
    expect(devices.view.chosen.microphone).toBe(microphone.id);
    expect(notices).toEqual([
      { key: 'plugged', kind: 'microphone', device: { id: headset.id, label: headset.label } },
    ]);
  });

  it('is told once, however often the browser says that something has changed', async () => {
    const table = new Table(microphone, camera);
    const { notices } = await started(table);
    await Promise.all([table.plug(headset), table.plug()]);
    expect(notices.map(({ key }) => key)).toEqual(['plugged']);
  });

  it('is taken when it is the one that its person chose', async () => {
    const table = new Table(microphone, headset, camera);
    const { devices, notices } = await started(table);
    await devices.choose('microphone', headset.id);
    await table.unplug(headset);
    expect(devices.view.chosen.microphone).toBe(microphone.id);
    await table.plug(headset);
    expect(devices.view).toMatchObject({ microphone: 'on', chosen: { microphone: headset.id } });
    expect(notices.at(-1)).toEqual({ key: 'back', kind: 'microphone', taken: headset.label });
  });

  it('is offered without a name where the browser may not name it yet', async () => {
    const table = new Table(microphone);
    const { devices, notices } = await started(table);
    await table.plug({ ...camera, id: '', label: '' });
    expect(notices).toEqual([{ key: 'plugged', kind: 'camera', device: { id: '', label: '' } }]);
    expect(devices.view.cameras).toEqual([]);
  });

  it('says when the chosen speaker is gone, and the system’s one sounds', async () => {
    const table = new Table(microphone, camera, earpiece);
    const { devices, notices } = await started(table);
    devices.chooseSpeaker(earpiece.id);
    await table.unplug(earpiece);
    expect(devices.view.chosen.speaker).toBeNull();
    expect(notices).toEqual([{ key: 'speaker_gone', gone: earpiece.label }]);
    await table.plug(earpiece);
    expect(devices.view.chosen.speaker).toBe(earpiece.id);
  });

  it('says when speaker and microphone of a headset are gone at once', async () => {
    const sound = { ...earpiece, id: headset.id };
    const table = new Table(headset, sound, microphone, camera);
    const { devices, notices } = await started(table);
    devices.chooseSpeaker(sound.id);
    await table.unplug(headset);
    expect(notices.map(({ key }) => key)).toEqual(['speaker_gone', 'took_over']);
  });
});

describe('switching on and off', () => {
  it('never keeps two tracks of one kind', async () => {
    const table = new Table(microphone, headset, camera);
    const { devices } = await started(table);
    await devices.choose('microphone', headset.id);
    const live = table.given.filter(({ kind, readyState }) => kind === 'audio' && readyState === 'live');
    expect(live).toHaveLength(1);
  });

  it('stays off when it was switched off while another device was asked for', async () => {
    const table = new Table(microphone, headset, camera);
    const { devices } = await started(table);
    const answer = table.holdQuestion();
    const choosing = devices.choose('microphone', headset.id);
    devices.turnOff('microphone');
    answer();
    await choosing;
    expect(devices.view.microphone).toBe('off');
    expect(table.last('microphone').enabled).toBe(false);
  });

  it('goes on with the old device when the other one is not given', async () => {
    const table = new Table(microphone, headset, camera);
    const { devices, notices } = await started(table);
    const before = devices.current.microphone;
    table.fails.audio = ['NotReadableError'];
    await devices.choose('microphone', headset.id);
    expect(notices).toEqual([{ key: 'not_given', kind: 'microphone', label: headset.label }]);
    expect(devices.view).toMatchObject({ microphone: 'on', chosen: { microphone: microphone.id } });
    expect(devices.current.microphone).toBe(before);
  });

  it('tells of a microphone that a call has taken, until it is back by itself', async () => {
    const table = new Table(microphone, camera);
    const { devices } = await started(table);
    table.last('microphone').setMuted(true);
    expect(devices.view).toMatchObject({ microphone: 'on', held: { microphone: true, camera: false } });
    table.last('microphone').setMuted(false);
    expect(devices.view.held.microphone).toBe(false);
  });
});

describe('the filters of a microphone', () => {
  it('are off for music, and remembered for this microphone', async () => {
    const table = new Table(microphone, headset, camera);
    const { devices } = await started(table);
    await devices.setMode('music');
    expect(table.last('microphone').filters).toEqual({
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    });
    expect(devices.current.microphone?.contentHint).toBe('music');
    await devices.choose('microphone', headset.id);
    expect(devices.view.mode).toBe('usual');
    await devices.choose('microphone', microphone.id);
    expect(devices.view.mode).toBe('music');
  });

  it('change beside the running track, which goes when the other is there', async () => {
    const table = new Table(microphone, camera);
    const { devices } = await started(table);
    const before = table.last('microphone');
    const answer = table.holdQuestion();
    const changing = devices.setMode('music');
    await settled();
    expect(devices.current.microphone).toBe(before);
    expect(before.readyState).toBe('live');
    answer();
    await changing;
    expect(before.readyState).toBe('ended');
    expect(devices.view.microphone).toBe('on');
  });

  it('are the usual ones, with a word, where the model cannot run', async () => {
    const table = new Table(microphone, camera);
    const { devices, notices } = await started(table); // no AudioContext in this process
    await devices.setMode('clear');
    await vi.waitFor(() => expect(notices).toEqual([{ key: 'clear_failed' }]));
    expect(devices.view).toMatchObject({ microphone: 'on', mode: 'usual' });
  });
});

describe('a blurred background', () => {
  it('shows nothing while it is being made, and switches the camera off where it cannot be made', async () => {
    const table = new Table(microphone, camera);
    const { devices, notices } = await started(table); // no canvas in this process
    const raw = table.last('camera');
    devices.setBlur(true);
    expect(raw.enabled).toBe(false);
    await vi.waitFor(() => expect(notices).toEqual([{ key: 'blur_failed' }]));
    expect(devices.view).toMatchObject({ camera: 'off', blur: false });
    expect(raw.readyState).toBe('ended');
  });

  it('shows nothing of a camera that comes on with it', async () => {
    localStorage.setItem('zvonok.blur', 'on');
    const table = new Table(microphone, camera);
    const seen: boolean[] = [];
    const { devices } = sitDown(table);
    devices.onChange(() => seen.push(devices.current.camera?.enabled === true));
    await devices.start();
    expect(seen).not.toContain(true);
  });
});
