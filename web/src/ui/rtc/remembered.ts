// Which camera and microphone the person chose last, kept in the browser; a browser that keeps nothing is fine.

import type { Kind } from './capture';

const keyOf = (kind: Kind): string => `zvonok.${kind}`;

export function rememberedDevice(kind: Kind): string | null {
  try {
    return localStorage.getItem(keyOf(kind));
  } catch {
    return null;
  }
}

export function rememberDevice(kind: Kind, id: string): void {
  try {
    localStorage.setItem(keyOf(kind), id);
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
}
