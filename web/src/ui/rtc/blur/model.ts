// Reads a network as TensorFlow Lite stores it (a FlatBuffer, schema v3): which operations on which tensors, with their weights. Only
// what the person's outline needs: floats, stored halved. Throws on anything else. Used by network.ts.

export interface Tensor {
  /** Sizes, the outermost first; batches are of one. */
  readonly shape: readonly number[];
  /** What never changes: weights and shapes. null for what is computed. */
  readonly constant: Float32Array | null;
}

export type Operation =
  | { readonly type: 'conv' | 'depthwise'; readonly same: boolean; readonly stride: number }
  | { readonly type: 'transpose_conv' | 'resize' | 'mean' | 'add' | 'multiply' }
  | { readonly type: 'relu' | 'hard_swish' | 'logistic' | 'unpacked' };

export interface Step {
  readonly operation: Operation;
  readonly inputs: readonly number[];
  readonly output: number;
}

export interface Model {
  readonly tensors: readonly Tensor[];
  readonly steps: readonly Step[];
  readonly input: number;
  readonly output: number;
}

// Fields of the schema's tables, in its order.
const MODEL = { codes: 1, subgraphs: 2, buffers: 4 } as const;
const CODE = { deprecated: 0, custom: 1, builtin: 3 } as const;
const GRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
const TENSOR = { shape: 0, type: 1, buffer: 2 } as const;
const OPERATOR = { code: 0, inputs: 1, outputs: 2, options: 4 } as const;
const FLOAT32 = 0;
const FLOAT16 = 1;
const CUSTOM = 32;

const SIMPLE: Readonly<Record<number, Operation['type']>> = {
  0: 'add',
  6: 'unpacked',
  14: 'logistic',
  18: 'multiply',
  19: 'relu',
  23: 'resize',
  40: 'mean',
  117: 'hard_swish',
};
const CONV = 3;
const DEPTHWISE = 4;

/** A table of a FlatBuffer: fields by their number, each with its default. */
class Table {
  constructor(
    private readonly view: DataView,
    private readonly at: number,
  ) {}

  byte(field: number, otherwise: number): number {
    const at = this.field(field);
    return at === null ? otherwise : this.view.getInt8(at);
  }

  int(field: number, otherwise: number): number {
    const at = this.field(field);
    return at === null ? otherwise : this.view.getInt32(at, true);
  }

  table(field: number): Table | null {
    const at = this.field(field);
    return at === null ? null : new Table(this.view, at + this.view.getUint32(at, true));
  }

  tables(field: number): readonly Table[] {
    return this.elements(field).map((at) => new Table(this.view, at + this.view.getUint32(at, true)));
  }

  ints(field: number): readonly number[] {
    return this.elements(field).map((at) => this.view.getInt32(at, true));
  }

  bytes(field: number): DataView {
    const [start, length] = this.vector(field);
    return new DataView(this.view.buffer, this.view.byteOffset + start, length);
  }

  private elements(field: number): number[] {
    const [start, length] = this.vector(field);
    return Array.from({ length }, (_, index) => start + 4 * index);
  }

  private vector(field: number): readonly [number, number] {
    const at = this.field(field);
    if (at === null) return [0, 0];
    const start = at + this.view.getUint32(at, true);
    return [start + 4, this.view.getUint32(start, true)];
  }

  private field(field: number): number | null {
    const table = this.at - this.view.getInt32(this.at, true);
    const entry = 4 + 2 * field;
    if (entry >= this.view.getUint16(table, true)) return null;
    const offset = this.view.getUint16(table + entry, true);
    return offset === 0 ? null : this.at + offset;
  }
}

/** IEEE 754 half precision. */
function unhalved(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function constantOf(type: number, data: DataView): Float32Array | null {
  if (data.byteLength === 0) return null;
  if (type === FLOAT16) {
    return Float32Array.from({ length: data.byteLength / 2 }, (_, n) =>
      unhalved(data.getUint16(2 * n, true)),
    );
  }
  if (type === FLOAT32) {
    return Float32Array.from({ length: data.byteLength / 4 }, (_, n) => data.getFloat32(4 * n, true));
  }
  return new Float32Array();
}

function operationOf(code: number, options: Table | null): Operation {
  if (code === CUSTOM) return { type: 'transpose_conv' };
  if (code === CONV || code === DEPTHWISE) {
    const type = code === CONV ? 'conv' : 'depthwise';
    return { type, same: (options?.byte(0, 0) ?? 0) === 0, stride: options?.int(1, 1) ?? 1 };
  }
  const type = SIMPLE[code];
  if (type === undefined) throw new Error(`operation ${code} is not known`);
  return { type } as Operation;
}

export function readModel(file: ArrayBuffer): Model {
  const view = new DataView(file);
  const root = new Table(view, view.getUint32(0, true));
  const codes = root
    .tables(MODEL.codes)
    .map((table) => Math.max(table.byte(CODE.deprecated, 0), table.int(CODE.builtin, 0)));
  const buffers = root.tables(MODEL.buffers);
  const [graph] = root.tables(MODEL.subgraphs);
  if (!graph) throw new Error('no network in the file');
  const tensors = graph.tables(GRAPH.tensors).map((table): Tensor => {
    const data = buffers[table.int(TENSOR.buffer, 0)]?.bytes(0);
    const constant = data ? constantOf(table.byte(TENSOR.type, FLOAT32), data) : null;
    return { shape: table.ints(TENSOR.shape), constant };
  });
  const steps = graph.tables(GRAPH.operators).map((table): Step => {
    const [output = -1] = table.ints(OPERATOR.outputs);
    const code = codes[table.int(OPERATOR.code, 0)] ?? -1;
    return {
      operation: operationOf(code, table.table(OPERATOR.options)),
      inputs: table.ints(OPERATOR.inputs),
      output,
    };
  });
  const [input = -1] = graph.ints(GRAPH.inputs);
  const [output = -1] = graph.ints(GRAPH.outputs);
  return { tensors, steps, input, output };
}
