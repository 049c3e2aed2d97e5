// The menu of one person: the order, icons and small notes of what can be done. Red comes last, behind a line. Pure;
// PersonMenu.svelte draws it.

import type { Catalogue } from '../../locales/ru';
import type { RoomInfo } from '../../protocol/messages';
import type { PersonAction, TileView } from '../../state/lesson';
import type { IconName } from '../icons';

/** `pin` and `report` are everybody's, the rest a host's. */
export type MenuAction = PersonAction | 'pin' | 'unpin' | 'report';

export interface MenuItem {
  readonly action: MenuAction;
  readonly icon: IconName;
  readonly label: string;
  readonly note: string | null;
  readonly red: boolean;
}

const ICONS: Readonly<Record<MenuAction, IconName>> = {
  give_floor: 'hand',
  take_floor: 'mic-off',
  lower_hand: 'hand',
  mute: 'mic-off',
  close_microphone: 'lock',
  open_microphone: 'lock-open',
  ask_microphone: 'mic',
  stop_camera: 'video-off',
  close_camera: 'lock',
  open_camera: 'lock-open',
  ask_camera: 'video',
  stop_screen: 'monitor',
  spotlight: 'star',
  end_spotlight: 'star',
  make_host: 'user-check',
  end_host: 'user-x',
  remove: 'user-x',
  pin: 'pin',
  unpin: 'pin-off',
  report: 'flag',
};

type Kind = RoomInfo['kind'];

function labelOf(action: MenuAction, kind: Kind, words: Catalogue): string {
  if (action === 'remove') return words.kinds[kind].remove;
  if (action === 'pin' || action === 'unpin' || action === 'report') return words.tileMenu[action];
  return words.actions[action];
}

function noteOf(action: MenuAction, words: Catalogue): string | null {
  if (action === 'pin') return words.tileMenu.pinNote;
  return (words.actionNotes as Readonly<Partial<Record<MenuAction, string>>>)[action] ?? null;
}

/** A tile, or a person of the list who has none at the moment. */
export type MenuSubject = Pick<TileView, 'key' | 'kind' | 'pinned' | 'mine' | 'actions' | 'participant'>;

/** Observers have no picture to pin. Whoever is no host may tell the administrator of another person; a host removes them or reports from «Ещё». */
function ownActions(tile: MenuSubject): readonly MenuAction[] {
  if (tile.participant.role === 'observer') return [];
  const mayReport = !tile.mine && tile.actions.length === 0;
  return [tile.pinned ? 'unpin' : 'pin', ...(mayReport ? (['report'] as const) : [])];
}

/** What the menu of a tile or a list row holds. */
export function menuOf(tile: MenuSubject, kind: Kind, words: Catalogue): readonly MenuItem[] {
  const red = tile.actions.filter((action) => action === 'remove');
  const calm = tile.actions.filter((action) => action !== 'remove');
  return [...calm, ...ownActions(tile), ...red].map((action) => ({
    action,
    icon: ICONS[action],
    label: labelOf(action, kind, words),
    note: noteOf(action, words),
    red: action === 'remove',
  }));
}
