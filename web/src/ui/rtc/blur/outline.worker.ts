// The worker that finds a person's outline in a small picture and keeps the pace of the blurred camera: its clock goes on in a page
// that nobody looks at, which a page's own does not. background.ts sends a picture and gets its mask, none while the model is loading.

import modelFile from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url';
import { loadKernels } from './kernels';
import { Mask } from './mask';
import { Network } from './network';

export interface Picture {
  /** RGBA of `MASK` size. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** `mask` is RGBA, black where nobody is and clear where somebody is not. */
export type Outline =
  | { readonly type: 'outline'; readonly mask: Uint8ClampedArray<ArrayBuffer> | null }
  | { readonly type: 'failed' };

/** 20 pictures a second: more is not seen on a tile and warms the machine. */
const EVERY_MS = 50;

let network: Network | null = null;
const mask = new Mask();
let due = 0;

const tell = (outline: Outline): void => {
  const transfer = outline.type === 'outline' && outline.mask ? [outline.mask.buffer] : [];
  postMessage(outline, { transfer });
};

async function load(): Promise<void> {
  const [kernels, file] = await Promise.all([loadKernels(), fetch(modelFile)]);
  if (!file.ok) throw new Error('no model');
  network = new Network(kernels, await file.arrayBuffer());
}

onmessage = ({ data: { pixels } }: MessageEvent<Picture>) => {
  const now = performance.now();
  const found = network && mask.of(network, pixels);
  due = Math.max(performance.now(), Math.max(due, now - EVERY_MS) + EVERY_MS);
  setTimeout(() => tell({ type: 'outline', mask: found }), due - performance.now());
};

load().catch(() => tell({ type: 'failed' }));
