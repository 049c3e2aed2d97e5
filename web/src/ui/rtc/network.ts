// What the browser says of the network. Hints only: a socket or a PeerConnection that still works may say otherwise.

export interface NetworkHints {
  onLost(): void;
  /** There is one again, or another one: Wi-Fi to mobile. */
  onChanged(): void;
}

const connectionOf = (navigator: Navigator & { connection?: EventTarget }): EventTarget | null =>
  navigator.connection ?? null;

/** Until the returned function is called. */
export function watchNetwork(hints: NetworkHints): () => void {
  const onLost = () => hints.onLost();
  const onChanged = () => hints.onChanged();
  const connection = connectionOf(navigator);
  addEventListener('offline', onLost);
  addEventListener('online', onChanged);
  connection?.addEventListener('change', onChanged);
  return () => {
    removeEventListener('offline', onLost);
    removeEventListener('online', onChanged);
    connection?.removeEventListener('change', onChanged);
  };
}
