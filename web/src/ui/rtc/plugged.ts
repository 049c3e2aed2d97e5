// Which devices are plugged in, and what has changed between two looks. Pure; devices.ts looks.

export interface Device {
  readonly id: string;
  readonly label: string;
}

export type Lists = Readonly<Record<'microphone' | 'camera' | 'speaker', readonly Device[]>>;

export const nothingPlugged: Lists = { microphone: [], camera: [], speaker: [] };

/** Chromium's names for «whatever the system uses»: no devices of their own. */
const STAND_INS: readonly string[] = ['default', 'communications'];

/** Before the browser is allowed to say, devices have neither id nor label. */
export function listsOf(infos: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): Lists {
  const of = (wanted: MediaDeviceKind): Device[] =>
    infos.filter(({ kind }) => kind === wanted).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphone: of('audioinput'), camera: of('videoinput'), speaker: of('audiooutput') };
}

const has = (list: readonly Device[], id: string): boolean => list.some((device) => device.id === id);

/** What was plugged in between the looks. The first of a kind is new, named or not; names that appear with the permission are those of
 *  devices that were there already. */
export function newcomers(before: readonly Device[], after: readonly Device[]): readonly Device[] {
  if (before.length === 0) return after.slice(0, 1);
  if (before.every(({ label }) => label === '')) return [];
  return after.filter(({ id, label }) => !has(before, id) && !STAND_INS.includes(id) && label !== '');
}

/** Which one takes over when `gone` is pulled out: the person's usual one, else the first of the list. */
export function nextOf(list: readonly Device[], gone: string | null, usual: string | null): Device | null {
  const left = list.filter(({ id }) => id !== gone);
  return left.find(({ id }) => id === usual) ?? left[0] ?? null;
}

export const labelOf = (list: readonly Device[], id: string | null): string =>
  list.find((device) => device.id === id)?.label ?? '';
