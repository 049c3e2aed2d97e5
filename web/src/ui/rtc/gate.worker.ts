// The gate of receive slots: runs in a worker, between the network and the decoder. It reads the source number (CSRC)
// of every frame; a frame of another source than the last is held until the page has answered, so that
// no picture is decoded before its tile is a blank. See slots.ts for the other side.

export interface GateOptions {
  readonly slot: string;
}
/** Frames from `timestamp` on are of `source`; the first waits for the answer. */
export interface SourceArrives {
  readonly slot: string;
  readonly source: number;
  readonly timestamp: number;
}
/** The page has blanked what showed this slot. */
export interface Blanked {
  readonly slot: string;
}

interface EncodedFrame {
  readonly timestamp: number;
  getMetadata(): { readonly contributingSources?: readonly number[]; readonly rtpTimestamp?: number };
}
interface Transformer {
  readonly options: GateOptions;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
}
interface GateScope {
  onrtctransform: ((event: { readonly transformer: Transformer }) => void) | null;
  onmessage: ((event: { readonly data: Blanked }) => void) | null;
  postMessage(message: SourceArrives): void;
}

const scope = globalThis as unknown as GateScope;
const held = new Map<string, () => void>();

function gate(slot: string): TransformStream<EncodedFrame, EncodedFrame> {
  let current: number | null = null;
  return new TransformStream({
    async transform(frame, controller) {
      const { contributingSources, rtpTimestamp } = frame.getMetadata();
      const source = contributingSources?.[0] ?? 0;
      if (source !== current) {
        current = source;
        scope.postMessage({ slot, source, timestamp: rtpTimestamp ?? frame.timestamp });
        await new Promise<void>((resolve) => held.set(slot, resolve));
      }
      controller.enqueue(frame);
    },
  });
}

scope.onmessage = ({ data }) => {
  const release = held.get(data.slot);
  held.delete(data.slot);
  release?.();
};

scope.onrtctransform = ({ transformer }) => {
  const { options, readable, writable } = transformer;
  // The pipe ends with its PeerConnection; there is nobody to tell.
  readable
    .pipeThrough(gate(options.slot))
    .pipeTo(writable)
    .catch(() => undefined);
};
