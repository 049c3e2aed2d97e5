// From a press of a host to the request that carries it out. Pure; lesson.ts says them.

import type { Ask } from '../protocol/connection';
import type { ClassAction, PersonAction } from './lesson';
import type { RoomState } from './room-state';
import type { Undo } from './undo';

type One = Exclude<PersonAction, 'remove'>;

const MOST_LIT = 4;

/** `spotlight`: who is shown large to everybody at the moment. */
export function askOfPerson(action: One, participant: string, spotlight: readonly string[]): Ask {
  const asks: Record<One, Ask> = {
    give_floor: { type: 'give_floor', participant },
    take_floor: { type: 'take_floor', participant },
    lower_hand: { type: 'lower_hand', participant },
    mute: { type: 'restrict', participant, kind: 'microphone', how: 'off' },
    close_microphone: { type: 'restrict', participant, kind: 'microphone', how: 'closed' },
    open_microphone: { type: 'restrict', participant, kind: 'microphone', how: 'open' },
    ask_microphone: { type: 'ask_to_turn_on', participants: [participant], kind: 'microphone' },
    stop_camera: { type: 'restrict', participant, kind: 'camera', how: 'off' },
    close_camera: { type: 'restrict', participant, kind: 'camera', how: 'closed' },
    open_camera: { type: 'restrict', participant, kind: 'camera', how: 'open' },
    ask_camera: { type: 'ask_to_turn_on', participants: [participant], kind: 'camera' },
    stop_screen: { type: 'restrict', participant, kind: 'screen', how: 'off' },
    spotlight: {
      type: 'set_spotlight',
      participants: [...spotlight.filter((id) => id !== participant), participant].slice(-MOST_LIT),
    },
    end_spotlight: { type: 'set_spotlight', participants: spotlight.filter((id) => id !== participant) },
    make_host: { type: 'set_host', participant, host: true },
    end_host: { type: 'set_host', participant, host: false },
  };
  return asks[action];
}

const CLASS: Readonly<Record<ClassAction, Ask>> = {
  quiet: { type: 'restrict', participant: null, kind: 'microphone', how: 'off' },
  close_microphones: { type: 'restrict', participant: null, kind: 'microphone', how: 'closed' },
  open_microphones: { type: 'restrict', participant: null, kind: 'microphone', how: 'open' },
  stop_cameras: { type: 'restrict', participant: null, kind: 'camera', how: 'off' },
  close_cameras: { type: 'restrict', participant: null, kind: 'camera', how: 'closed' },
  open_cameras: { type: 'restrict', participant: null, kind: 'camera', how: 'open' },
  close_sharing: { type: 'restrict', participant: null, kind: 'screen', how: 'closed' },
  open_sharing: { type: 'restrict', participant: null, kind: 'screen', how: 'open' },
  lower_hands: { type: 'lower_hand', participant: null },
  take_floor: { type: 'take_floor', participant: null },
  clear_answers: { type: 'clear_answers' },
  end_spotlight: { type: 'set_spotlight', participants: [] },
};

export const askOfClass = (action: ClassAction): Ask => CLASS[action];

/** Whose microphone a host has closed by name, not with everybody's. */
export const closedMicrophones = ({ room, participants }: RoomState): readonly string[] =>
  room?.settings.microphones === 'closed'
    ? []
    : [...participants.values()].filter(({ rights }) => rights.microphone === 'closed').map(({ id }) => id);

/** What can be taken back after it, by the name under which the page offers that. */
export const UNDONE: Readonly<Partial<Record<ClassAction, Undo['key']>>> = {
  quiet: 'quiet',
  close_microphones: 'closed_microphones',
  stop_cameras: 'stopped_cameras',
};

/** Opens again what was closed, but not for those who had been closed before, and asks those whose track was cut; only they turn it on. */
export function asksOfUndo({ key, participants, before }: Undo): readonly Ask[] {
  const kind = key === 'stopped_cameras' ? 'camera' : 'microphone';
  const closed = before.map((participant): Ask => ({ type: 'restrict', participant, kind, how: 'closed' }));
  const open = key === 'closed_microphones' ? [CLASS.open_microphones, ...closed] : [];
  return participants.length === 0 ? open : [...open, { type: 'ask_to_turn_on', participants, kind }];
}
