// The one thing to say about camera and microphone, the worst first; null when there is nothing to say. Pure.

import type { DevicesView, Kind } from '../rtc/devices';

type Seen = Pick<DevicesView, 'microphone' | 'camera' | 'held'>;

export type Trouble =
  | { readonly key: 'asking' | 'noDevices' | 'noCamera' | 'noMicrophone' }
  | { readonly key: 'refused'; readonly which: Kind | 'both' }
  | { readonly key: 'busy' | 'vanished' | 'held'; readonly which: Kind };

const KINDS: readonly Kind[] = ['microphone', 'camera'];

export function troubleOf(view: Seen): Trouble | null {
  const of = (access: DevicesView[Kind]): readonly Kind[] => KINDS.filter((kind) => view[kind] === access);
  if (of('asking').length > 0) return { key: 'asking' };
  const [refused, ...more] = of('refused');
  if (refused) return { key: 'refused', which: more.length > 0 ? 'both' : refused };
  const [busy] = of('busy');
  if (busy) return { key: 'busy', which: busy };
  const [vanished] = of('vanished');
  if (vanished) return { key: 'vanished', which: vanished };
  const held = KINDS.find((kind) => view.held[kind]);
  if (held) return { key: 'held', which: held };
  return missingOf(of('missing'));
}

/** Neither is to be had: inside another application it is usually that one which keeps both closed. */
export const hasNeither = (view: Pick<Seen, Kind>): boolean =>
  KINDS.every((kind) => view[kind] === 'refused' || view[kind] === 'missing');

function missingOf(missing: readonly Kind[]): Trouble | null {
  const [kind] = missing;
  if (!kind) return null;
  if (missing.length === KINDS.length) return { key: 'noDevices' };
  return { key: kind === 'camera' ? 'noCamera' : 'noMicrophone' };
}
