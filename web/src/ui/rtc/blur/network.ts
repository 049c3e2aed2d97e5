// Runs the network that finds a person's outline: model.ts says what, kernels.wat does the long sums in WebAssembly, the short ones
// are done here. One picture takes 33 million multiplications, a few milliseconds of one core; no graphics card is asked for. Used
// by outline.worker.ts.

import { readModel, type Model, type Operation, type Step, type Tensor } from './model';

export interface Kernels {
  readonly memory: WebAssembly.Memory;
  pointwise(
    x: number,
    weights: number,
    bias: number,
    out: number,
    pixels: number,
    ins: number,
    outs: number,
  ): void;
  depthwise(
    ...arguments_: readonly [
      x: number, weights: number, bias: number, out: number, height: number, width: number, channels: number,
      size: number, stride: number, top: number, left: number, rows: number, columns: number,
    ]
  ): void; // prettier-ignore
  relu(x: number, out: number, bytes: number): void;
  hard_swish(x: number, out: number, bytes: number): void;
  add(x: number, y: number, out: number, bytes: number): void;
  scale(x: number, y: number, out: number, pixels: number, channels: number): void;
}

interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const PAGE = 65_536;
const ALIGN = 16;
/** Results come by eight. */
const PARTS = 8;

const lengthOf = ({ shape }: Pick<Tensor, 'shape'>): number => shape.reduce((all, size) => all * size, 1);

function shapeOf({ shape }: Tensor): Shape {
  const [, height = 1, width = 1, channels = 1] = shape;
  return { height, width, channels };
}

/** What «same» padding puts before the first row or column. */
const before = (size: number, out: number, stride: number, kernel: number): number =>
  Math.max(0, (out - 1) * stride + kernel - size) >> 1;

export class Network {
  private readonly at = new Map<number, number>();
  private readonly run: (() => void)[] = [];
  private readonly model: Model;
  private end = ALIGN;

  constructor(
    private readonly kernels: Kernels,
    file: ArrayBuffer,
  ) {
    this.model = readModel(file);
    this.place(this.model.input);
    for (const step of this.model.steps) this.run.push(...this.plan(step));
  }

  /** Red, green, blue of each pixel, 0…1, row by row: to be filled before `compute`. */
  get input(): Float32Array {
    return this.values(this.model.input);
  }

  get size(): { readonly width: number; readonly height: number } {
    return shapeOf(this.tensor(this.model.input));
  }

  /** How surely each pixel is of a person, 0…1; holds until the next call. */
  compute(): Float32Array {
    for (const step of this.run) step();
    return this.values(this.model.output);
  }

  private tensor(id: number): Tensor {
    const tensor = this.model.tensors[id];
    if (!tensor) throw new Error(`no tensor ${id}`);
    return tensor;
  }

  private place(id: number): number {
    const placed = this.at.get(id);
    if (placed !== undefined) return placed;
    const at = this.allot(lengthOf(this.tensor(id)));
    this.at.set(id, at);
    return at;
  }

  private allot(floats: number): number {
    const at = this.end;
    this.end += Math.ceil((floats * 4) / ALIGN) * ALIGN;
    const { memory } = this.kernels;
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  private put(values: Float32Array): number {
    const at = this.allot(values.length);
    this.floats(at, values.length).set(values);
    return at;
  }

  private floats(at: number, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, at, length);
  }

  private values(id: number): Float32Array {
    return this.floats(this.place(id), lengthOf(this.tensor(id)));
  }

  /** Weights are stored halved and named anew by an operation of their own: followed back to what is stored. */
  private constant(id: number): Float32Array {
    const stored = this.tensor(id).constant;
    if (stored) return stored;
    const source = this.model.steps.find(
      ({ output, operation }) => output === id && operation.type === 'unpacked',
    );
    if (source?.inputs[0] === undefined) throw new Error(`tensor ${id} is not stored`);
    return this.constant(source.inputs[0]);
  }

  private plan({ operation, inputs, output }: Step): (() => void)[] {
    const [first = -1, second = -1, third = -1] = inputs;
    if (operation.type === 'unpacked') return [];
    if (operation.type === 'conv' || operation.type === 'depthwise') {
      return [this[operation.type](operation, first, second, third, output)];
    }
    const plans = {
      transpose_conv: () => this.transposeConv(first, second, third, output),
      resize: () => this.resize(first, output),
      mean: () => this.mean(first, output),
      multiply: () => this.multiply(first, second, output),
      add: () => this.add(first, second, output),
      relu: () => this.each('relu', first, output),
      hard_swish: () => this.each('hard_swish', first, output),
      logistic: () => this.each('logistic', first, output),
    };
    return [plans[operation.type]()];
  }

  private add(first: number, second: number, output: number): () => void {
    const [x, y, out] = [this.place(first), this.place(second), this.place(output)];
    const bytes = 4 * lengthOf(this.tensor(output));
    return () => this.kernels.add(x, y, out, bytes);
  }

  private each(type: 'relu' | 'hard_swish' | 'logistic', from: number, to: number): () => void {
    const [x, out] = [this.place(from), this.place(to)];
    const bytes = 4 * lengthOf(this.tensor(to));
    if (type !== 'logistic') return () => this.kernels[type](x, out, bytes);
    return () => {
      const [values, results] = [this.values(from), this.values(to)];
      for (let n = 0; n < values.length; n += 1) results[n] = 1 / (1 + Math.exp(-(values[n] ?? 0)));
    };
  }

  private multiply(first: number, second: number, output: number): () => void {
    const [x, y, out] = [this.place(first), this.place(second), this.place(output)];
    const { height, width, channels } = shapeOf(this.tensor(output));
    return () => this.kernels.scale(x, y, out, height * width, channels);
  }

  /** Squares of more than one pixel are laid out as rows first, so that all become sums over rows. */
  private conv(
    operation: Operation & { type: 'conv' | 'depthwise' },
    from: number,
    weightsId: number,
    biasId: number,
    to: number,
  ): () => void {
    const source = shapeOf(this.tensor(from));
    const result = shapeOf(this.tensor(to));
    const kernel = shapeOf(this.tensor(weightsId));
    const rows = this.constant(weightsId);
    const ins = kernel.height * kernel.width * kernel.channels;
    const turned = new Float32Array(rows.length);
    for (let o = 0; o < result.channels; o += 1) {
      for (let i = 0; i < ins; i += 1) turned[i * result.channels + o] = rows[o * ins + i] ?? 0;
    }
    const pixels = result.height * result.width;
    const bias = this.constant(biasId);
    if (pixels === 1) return () => this.oneRow(turned, bias, this.values(from), this.values(to));
    const [x, out] = [this.place(from), this.place(to)];
    const [weights, biasAt] = [this.put(turned), this.put(bias)];
    if (kernel.height === 1) {
      return () => this.kernels.pointwise(x, weights, biasAt, out, pixels, ins, result.channels);
    }
    const laid = this.allot(pixels * ins);
    const top = operation.same ? before(source.height, result.height, operation.stride, kernel.height) : 0;
    const left = operation.same ? before(source.width, result.width, operation.stride, kernel.width) : 0;
    return () => {
      layOut(
        this.values(from),
        this.floats(laid, pixels * ins),
        { source, result, kernel, top, left },
        operation.stride,
      );
      this.kernels.pointwise(laid, weights, biasAt, out, pixels, ins, result.channels);
    };
  }

  private oneRow(weights: Float32Array, bias: Float32Array, x: Float32Array, out: Float32Array): void {
    out.set(bias);
    for (let i = 0; i < x.length; i += 1) {
      const value = x[i] ?? 0;
      const row = i * out.length;
      for (let o = 0; o < out.length; o += 1) out[o] = (out[o] ?? 0) + value * (weights[row + o] ?? 0);
    }
  }

  private depthwise(
    operation: Operation & { type: 'conv' | 'depthwise' },
    from: number,
    weightsId: number,
    biasId: number,
    to: number,
  ): () => void {
    const { height, width, channels } = shapeOf(this.tensor(from));
    const result = shapeOf(this.tensor(to));
    const size = shapeOf(this.tensor(weightsId)).height;
    const [x, out] = [this.place(from), this.place(to)];
    const [weights, bias] = [this.put(this.constant(weightsId)), this.put(this.constant(biasId))];
    const { stride, same } = operation;
    const top = same ? before(height, result.height, stride, size) : 0;
    const left = same ? before(width, result.width, stride, size) : 0;
    const { kernels } = this;
    const { height: rows, width: columns } = result;
    // prettier-ignore
    return () => kernels.depthwise(
      x, weights, bias, out, height, width, channels, size, stride, top, left, rows, columns,
    );
  }

  /** Every pixel becomes four: squares of two by two that do not overlap, of one channel. The sums are made as a row of eight, of
   *  which four are nothing. */
  private transposeConv(from: number, weightsId: number, biasId: number, to: number): () => void {
    const { height, width, channels } = shapeOf(this.tensor(from));
    const weights = this.constant(weightsId);
    const turned = new Float32Array(channels * PARTS);
    weights.forEach((weight, n) => (turned[(n % channels) * PARTS + Math.floor(n / channels)] = weight));
    const pixels = height * width;
    const [x, sums] = [this.place(from), this.allot(pixels * PARTS)];
    const weightsAt = this.put(turned);
    const biasAt = this.put(new Float32Array(PARTS).fill(this.constant(biasId)[0] ?? 0));
    return () => {
      this.kernels.pointwise(x, weightsAt, biasAt, sums, pixels, channels, PARTS);
      const [parts, out] = [this.floats(sums, pixels * PARTS), this.values(to)];
      for (let pixel = 0; pixel < pixels; pixel += 1) {
        const corner = 4 * width * Math.floor(pixel / width) + 2 * (pixel % width);
        for (let part = 0; part < 4; part += 1) {
          out[corner + (part >> 1) * 2 * width + (part & 1)] = parts[pixel * PARTS + part] ?? 0;
        }
      }
    };
  }

  private mean(from: number, to: number): () => void {
    const { height, width, channels } = shapeOf(this.tensor(from));
    const share = 1 / (height * width);
    return () => {
      const [x, out] = [this.values(from), this.values(to)];
      out.fill(0);
      for (let row = 0; row < x.length; row += channels) {
        for (let c = 0; c < channels; c += 1) out[c] = (out[c] ?? 0) + (x[row + c] ?? 0) * share;
      }
    };
  }

  /** Twice as large, between the centres of pixels. */
  private resize(from: number, to: number): () => void {
    const { height, width, channels } = shapeOf(this.tensor(from));
    const result = shapeOf(this.tensor(to));
    const rows = between(height, result.height);
    const columns = between(width, result.width);
    return () => {
      const [x, out] = [this.values(from), this.values(to)];
      let n = 0;
      for (const { first: top, second: bottom, share: down } of rows) {
        for (const { first: left, second: right, share: along } of columns) {
          const [a, b] = [(top * width + left) * channels, (top * width + right) * channels];
          const [c, d] = [(bottom * width + left) * channels, (bottom * width + right) * channels];
          for (let i = 0; i < channels; i += 1, n += 1) {
            const above = (x[a + i] ?? 0) + along * ((x[b + i] ?? 0) - (x[a + i] ?? 0));
            const below = (x[c + i] ?? 0) + along * ((x[d + i] ?? 0) - (x[c + i] ?? 0));
            out[n] = above + down * (below - above);
          }
        }
      }
    };
  }
}

interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function between(size: number, out: number): readonly Between[] {
  return Array.from({ length: out }, (_, n) => {
    const at = Math.max(0, ((n + 0.5) * size) / out - 0.5);
    const first = Math.min(size - 1, Math.floor(at));
    return { first, second: Math.min(size - 1, first + 1), share: at - first };
  });
}

interface Layout {
  readonly source: Shape;
  readonly result: Shape;
  readonly kernel: Shape;
  readonly top: number;
  readonly left: number;
}

/** Under each place of the square one row with all that the square covers; what lies outside of the picture is nought. */
function layOut(x: Float32Array, rows: Float32Array, layout: Layout, stride: number): void {
  const { source, result, kernel, top, left } = layout;
  const { channels } = source;
  let n = 0;
  for (let r = 0; r < result.height; r += 1) {
    for (let q = 0; q < result.width; q += 1) {
      for (let ky = 0; ky < kernel.height; ky += 1) {
        const y = r * stride - top + ky;
        for (let kx = 0; kx < kernel.width; kx += 1) {
          const z = q * stride - left + kx;
          const isOutside = y < 0 || y >= source.height || z < 0 || z >= source.width;
          const at = (y * source.width + z) * channels;
          for (let c = 0; c < channels; c += 1, n += 1) rows[n] = isOutside ? 0 : (x[at + c] ?? 0);
        }
      }
    }
  }
}
