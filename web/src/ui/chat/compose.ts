// Writing into the chat: which key sends, and what is worth sending. Pure.

export const LONGEST = 2000;

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  /** An input method is composing: Enter ends a word then, not a message. */
  readonly isComposing: boolean;
}

/** Enter sends, Shift+Enter starts a line. */
export const sends = ({ key, shiftKey, isComposing }: Pressed): boolean =>
  key === 'Enter' && !shiftKey && !isComposing;

/** The text to send; null where there is nothing but space. */
export function worthSending(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed.slice(0, LONGEST);
}
