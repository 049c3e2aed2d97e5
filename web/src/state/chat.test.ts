import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../protocol/messages';
import {
  answered,
  chatFrom,
  chatView,
  emptyChat,
  goesTo,
  read,
  removed,
  said,
  sending,
  type Chat,
} from './chat';
import { aRoom, person, someSettings } from '../protocol/messages.fake';

const me = person('me');
const teacher = person('teacher', { role: 'teacher' });
const line = (id: string, author: string, fields: Partial<ChatMessage> = {}): ChatMessage => ({
  id,
  author,
  name: author,
  text: `words of ${id}`,
  at: 0,
  to: 'all',
  removed: null,
  ...fields,
});
const textOf = (chat: Chat) => chatView(chat, aRoom(), me).lines.map(({ text, sending: on }) => [text, on]);

describe('the chat', () => {
  it('shows a message of one’s own at once, on its way, and once when the server has it', () => {
    const written = sending(emptyChat, { key: 'k', text: 'Здравствуйте', at: 1 });
    expect(textOf(written)).toEqual([['Здравствуйте', true]]);
    const kept = said(written, line('1', 'me', { text: 'Здравствуйте' }), 'me');
    expect(textOf(kept)).toEqual([['Здравствуйте', false]]);
    expect(textOf(answered(kept, 'k', true))).toEqual([['Здравствуйте', false]]);
  });

  it('has no line twice, however often the server says it', () => {
    const once = said(emptyChat, line('1', 'anna'), 'me');
    expect(said(once, line('1', 'anna'), 'me')).toBe(once);
  });

  it('gives the text of a refused message back, and why, until the next one is written', () => {
    const written = sending(emptyChat, { key: 'k', text: 'Ещё раз', at: 1 });
    const refused = answered(written, 'k', false);
    expect(refused).toMatchObject({ pending: [], refused: { text: 'Ещё раз' } });
    expect(sending(refused, { key: 'l', text: 'Ещё раз', at: 2 }).refused).toBeNull();
  });

  it('counts what others have written since it was read, never one’s own', () => {
    const chat = said(said(emptyChat, line('1', 'anna'), 'me'), line('2', 'me'), 'me');
    expect(chat.unread).toBe(1);
    expect(read(chat).unread).toBe(0);
  });

  it('counts nothing of what was there before one came, and after an absence only what is unknown', () => {
    const came = chatFrom(emptyChat, [line('1', 'anna'), line('2', 'anna')], 'me');
    expect(came.unread).toBe(0);
    const back = chatFrom(
      came,
      [line('1', 'anna'), line('2', 'anna'), line('3', 'boris'), line('4', 'me')],
      'me',
    );
    expect(back.unread).toBe(1);
    expect(back.messages).toHaveLength(4);
  });

  it('keeps messages on their way over an absence', () => {
    const written = sending(emptyChat, { key: 'k', text: 'Я здесь', at: 1 });
    expect(chatFrom(written, [line('1', 'anna')], 'me').pending).toHaveLength(1);
  });

  it('keeps the place of a removed message, without its text', () => {
    const chat = removed(said(emptyChat, line('1', 'anna'), 'me'), '1', 'host');
    expect(chat.messages).toMatchObject([{ id: '1', text: '', removed: 'host' }]);
  });

  it('lets a person remove the own messages, and a host any that is still there', () => {
    const chat = removed(
      [line('1', 'me'), line('2', 'anna'), line('3', 'anna')].reduce(
        (all, one) => said(all, one, 'me'),
        emptyChat,
      ),
      '3',
      'host',
    );
    const may = (you: typeof me) => chatView(chat, aRoom(), you).lines.map(({ mayRemove }) => mayRemove);
    expect(may(me)).toEqual([true, false, false]);
    expect(may(teacher)).toEqual([true, true, false]);
  });

  it.each([
    ['all', me, 'all'],
    ['hosts', me, 'hosts'],
    ['off', me, 'off'],
    ['off', teacher, 'all'],
  ] as const)('under the setting «%s» goes where it says; hosts always write to all', (chat, you, to) => {
    expect(goesTo(aRoom({ settings: { ...someSettings, chat } }), you)).toBe(to);
  });
});
