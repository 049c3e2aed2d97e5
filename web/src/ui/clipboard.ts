// Copying a link. On plain HTTP a browser gives no clipboard: then the page shows the link to copy by hand.

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
