import { Layout } from './block.ts';
import { COMPLEX_BYTES } from './emit-tables.ts';
import type { Code, Local } from './wasm/code.ts';
import { OP } from './wasm/opcodes.ts';

/** Keeps the real and imaginary parts of a tile off the same cache sets. */
const PAD_BYTES = 320;
/** Tables selected by up to three bits, with rows of 64. */
const MAX_LOW_ENTRIES = 512;

/** Offsets of the parts of a thread's workspace. */
export interface Workspace {
  readonly re: number;
  readonly im: number;
  readonly slots: number;
  readonly products: number;
  readonly low: number;
  readonly high: number;
  readonly tile: number;
  readonly bytes: number;
}

export function workspaceOf(tile: number, numberBytes: number): Workspace {
  const layout = new Layout();
  const rows = Math.max(64, (1 << tile) >> 6);
  const re = layout.reserve((numberBytes << tile) + PAD_BYTES);
  const im = layout.reserve((numberBytes << tile) + PAD_BYTES);
  const slots = layout.reserve((tile + 2) * COMPLEX_BYTES);
  const products = layout.reserve(COMPLEX_BYTES * rows);
  const low = layout.reserve(MAX_LOW_ENTRIES * 2 * numberBytes);
  const high = layout.reserve(2 * numberBytes * rows);
  return { re, im, slots, products, low, high, tile, bytes: layout.bytes };
}

/** An address `offset` bytes beyond the one in a local. */
export function at(code: Code, base: Local, offset: number): void {
  code.get(base).i32(offset).op(OP.i32Add);
}

/** Runs the body where the tile's base has all bits of the mask. */
export function guarded(code: Code, base: Local, mask: number, body: () => void): void {
  if (mask === 0) {
    body();
    return;
  }
  code.get(base).i32(mask).op(OP.i32And).i32(mask).op(OP.i32Eq).when(body);
}
