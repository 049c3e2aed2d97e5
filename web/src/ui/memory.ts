// The browser's memory for this site, text by key. Storage is closed in some private windows, and full in others: the page works
// without one, and what was chosen lasts as long as the page.

export function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}
