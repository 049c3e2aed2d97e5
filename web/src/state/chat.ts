// The room's chat as this page knows it: lines in the order of the server, one's own that are still on their way, and how many
// have not been seen. A message on its way has a key, so that it is kept once however often it is said. Pure.

import type { ChatMessage, Participant, RoomInfo } from '../protocol/messages';
import type { ChatLine, ChatView } from './lesson';

export interface Pending {
  readonly key: string;
  readonly text: string;
  /** Unix seconds of this device. */
  readonly at: number;
}

export interface Chat {
  readonly messages: readonly ChatMessage[];
  readonly pending: readonly Pending[];
  readonly unread: number;
  readonly refused: ChatView['refused'];
}

export const emptyChat: Chat = { messages: [], pending: [], unread: 0, refused: null };

/** A lesson's worth of lines; the server gives whoever comes fewer. */
const MOST_LINES = 500;

/** What the server tells of the whole; lines that this page did not have yet are unread. */
export function chatFrom(chat: Chat, messages: readonly ChatMessage[], you: string | null): Chat {
  const known = new Set(chat.messages.map(({ id }) => id));
  const fresh = messages.filter(
    ({ id, author, removed }) => !known.has(id) && author !== you && removed === null,
  );
  const unread = chat.messages.length === 0 ? 0 : chat.unread + fresh.length;
  return { ...chat, messages, unread };
}

export function said(chat: Chat, message: ChatMessage, you: string | null): Chat {
  if (chat.messages.some(({ id }) => id === message.id)) return chat;
  const mine = message.author === you;
  const own = mine ? chat.pending.findIndex(({ text }) => text.trim() === message.text) : -1;
  return {
    ...chat,
    messages: [...chat.messages, message].slice(-MOST_LINES),
    pending: chat.pending.filter((_, index) => index !== own),
    unread: mine ? chat.unread : chat.unread + 1,
  };
}

export function removed(chat: Chat, id: string, by: 'author' | 'host'): Chat {
  const messages = chat.messages.map((message) =>
    message.id === id ? { ...message, text: '', removed: by } : message,
  );
  return { ...chat, messages };
}

export const sending = (chat: Chat, pending: Pending): Chat => ({
  ...chat,
  pending: [...chat.pending, pending],
  refused: null,
});

/** The server has it, or will not take it: then the text goes back to its author. */
export function answered(chat: Chat, key: string, taken: boolean): Chat {
  const own = chat.pending.find((pending) => pending.key === key);
  if (!own) return chat;
  const pending = chat.pending.filter((other) => other !== own);
  return { ...chat, pending, refused: taken ? chat.refused : { text: own.text } };
}

export const read = (chat: Chat): Chat => (chat.unread === 0 ? chat : { ...chat, unread: 0 });

export function goesTo(room: RoomInfo | null, you: Participant | null): ChatView['goesTo'] {
  if (!room || !you) return 'off';
  return you.host ? 'all' : room.settings.chat;
}

export function chatView(chat: Chat, room: RoomInfo | null, you: Participant | null): ChatView {
  const to = goesTo(room, you);
  const lines: ChatLine[] = chat.messages.map((message) => {
    const mine = message.author === you?.id;
    const mayRemove = message.removed === null && (mine || you?.host === true);
    return { ...message, mine, sending: false, mayRemove };
  });
  const own: ChatLine[] = chat.pending.map(({ key, text, at }) => ({
    id: key,
    author: you?.id ?? '',
    name: you?.short_name ?? '',
    text,
    at,
    to: to === 'hosts' ? 'hosts' : 'all',
    removed: null,
    mine: true,
    sending: true,
    mayRemove: false,
  }));
  return { lines: [...lines, ...own], unread: chat.unread, goesTo: to, refused: chat.refused };
}
