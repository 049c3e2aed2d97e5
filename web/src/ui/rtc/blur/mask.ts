// From the network's certainty to the mask that cuts a person out: edges drawn in, and calmed over time. Used by outline.worker.ts.

import type { Network } from './network';

/** The size of the network's pictures. */
export const MASK = { width: 256, height: 144 } as const;

/** Below the first nobody is there, above the second somebody is. */
const NOBODY = 0.3;
const SOMEBODY = 0.75;
/** Share of the picture before: more is calmer and drags behind a moving hand. */
const STAYS = 0.35;

export class Mask {
  private readonly before = new Float32Array(MASK.width * MASK.height);

  /** RGBA, all but the last nought. */
  of(network: Pick<Network, 'input' | 'compute'>, pixels: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
    const { input } = network;
    for (let from = 0, to = 0; to < input.length; from += 4, to += 3) {
      input[to] = (pixels[from] ?? 0) / 255;
      input[to + 1] = (pixels[from + 1] ?? 0) / 255;
      input[to + 2] = (pixels[from + 2] ?? 0) / 255;
    }
    const certain = network.compute();
    const mask = new Uint8ClampedArray(4 * certain.length);
    for (let n = 0; n < certain.length; n += 1) {
      const calm = STAYS * (this.before[n] ?? 0) + (1 - STAYS) * (certain[n] ?? 0);
      this.before[n] = calm;
      const share = Math.min(1, Math.max(0, (calm - NOBODY) / (SOMEBODY - NOBODY)));
      mask[4 * n + 3] = 255 * share * share * (3 - 2 * share);
    }
    return mask;
  }
}
