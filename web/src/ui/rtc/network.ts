// What the browser says of the network. Hints only: a socket or a PeerConnection that still works may say otherwise.

export interface NetworkHints {
  onLost(): void;
  /** There is one again, or another one: Wi-Fi to mobile. */
  onChanged(): void;
}

interface ConnectionKind extends EventTarget {
  /** `wifi`, `cellular`, …; only where the device tells. */
  readonly type?: string;
}

/** Chromium says «change» also when its guess of the speed changes; only another kind of connection counts. */
function watchKind(connection: ConnectionKind, onChanged: () => void): () => void {
  let { type } = connection;
  const look = () => {
    if (connection.type === type) return;
    type = connection.type;
    onChanged();
  };
  connection.addEventListener('change', look);
  return () => connection.removeEventListener('change', look);
}

/** Until the returned function is called. */
export function watchNetwork(hints: NetworkHints): () => void {
  const onLost = () => hints.onLost();
  const onChanged = () => hints.onChanged();
  const { connection } = navigator as Navigator & { connection?: ConnectionKind };
  const unwatchKind = connection && watchKind(connection, onChanged);
  addEventListener('offline', onLost);
  addEventListener('online', onChanged);
  return () => {
    removeEventListener('offline', onLost);
    removeEventListener('online', onChanged);
    unwatchKind?.();
  };
}
