// The WebAssembly of kernels.wat, made to run. Its thousand bytes travel inside the worker's script.

import bytes from './kernels.wat';
import type { Kernels } from './network';

export async function loadKernels(): Promise<Kernels> {
  const module = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(module);
  return instance.exports as unknown as Kernels;
}
