import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadKernels } from './kernels';
import { MASK, Mask } from './mask';
import { Network } from './network';

const FILE = 'node_modules/@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite';

/** Head and shoulders before a wall, as the tests' portrait camera draws them. */
function portrait(): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * MASK.width * MASK.height);
  const isIn = (x: number, y: number, cx: number, cy: number, rx: number, ry: number): boolean =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  for (let y = 0; y < MASK.height; y += 1) {
    for (let x = 0; x < MASK.width; x += 1) {
      let colour = [185, 199, 189];
      if (isIn(x, y, 128, 150, 60, 50)) colour = [47, 58, 74];
      if (isIn(x, y, 128, 70, 28, 33)) colour = [238, 201, 166];
      pixels.set([...colour, 255], 4 * (y * MASK.width + x));
    }
  }
  return pixels;
}

let network: Network;

beforeAll(async () => {
  const file = readFileSync(FILE);
  network = new Network(await loadKernels(), new Uint8Array(file).buffer);
});

describe('the network of the person’s outline', () => {
  it('reads pictures of the size that the page draws', () => {
    expect(network.size).toMatchObject(MASK);
  });

  it('computes what TensorFlow Lite computes', () => {
    new Mask().of(network, portrait());
    const certain = network.compute();
    // Pixels of the edge, where it is unsure, by LiteRT 2.3 with the same picture.
    const edge = [
      [126, 36, 0.101],
      [140, 40, 0.235],
      [155, 78, 0.499],
      [106, 91, 0.423],
      [113, 100, 0.159],
      [68, 143, 0.265],
    ] as const;
    for (const [x, y, wanted] of edge) expect(certain[y * MASK.width + x]).toBeCloseTo(wanted, 2);
    expect(certain.reduce((all, one) => all + one, 0) / 6841).toBeCloseTo(1, 3);
  });

  it('gives a mask that is black on the person and clear beside', () => {
    const mask = new Mask();
    let drawn = mask.of(network, portrait());
    for (let pictures = 0; pictures < 5; pictures += 1) drawn = mask.of(network, portrait());
    const alpha = (x: number, y: number) => drawn[4 * (y * MASK.width + x) + 3];
    expect([alpha(128, 70), alpha(128, 130)]).toEqual([255, 255]);
    expect([alpha(10, 10), alpha(245, 100)]).toEqual([0, 0]);
  });
});
