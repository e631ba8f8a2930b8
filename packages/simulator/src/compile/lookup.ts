import type { Binding, Layout } from './block.ts';
import { LOOKUP_ROW_QUBITS } from './emit-lookup.ts';
import { type Numbers, VECTOR_BYTES } from './precision.ts';
import { countBits, localMask } from './sweep.ts';

/** Where the table of a step lies in the block of a plan, and how tiles find their part of it. */
export interface Lookup {
  readonly table: number;
  /** For each tile the byte at which its part begins; undefined when all have the same. */
  readonly tiles: number | undefined;
  /** For each row of a tile the byte at which its part of that begins. */
  readonly rows: number;
  readonly rowCount: number;
  /** Which qubits of a row the table has, those within a vector among them. */
  readonly low: number;
  readonly bindings: readonly Binding[];
}

/**
 * The index of a table: the bits of the qubits outside the tile, then those of the qubits inside,
 * then the lanes of a vector, whether or not the step acts on these.
 */
export function lookup(
  { mask, step, isVariable }: { mask: number; step: number; isVariable: boolean },
  active: number,
  qubits: number,
  layout: Layout,
  numbers: Numbers,
): Lookup {
  const { laneBits, bytes } = numbers;
  const lanes = (1 << laneBits) - 1;
  const tile = countBits(active);
  const inside = localMask(mask, active) | lanes;
  const low = inside & ((1 << LOOKUP_ROW_QUBITS) - 1);
  const outside = mask & ~active;
  const idle = ((1 << qubits) - 1) & ~active;
  const insideBits = countBits(inside);
  const entries = 1 << (insideBits + countBits(outside));
  const table = layout.reserve(entries * 2 * bytes);
  const rowCount = 1 << (tile - LOOKUP_ROW_QUBITS);
  const tileCount = 1 << (qubits - tile);
  const rows = layout.reserve(4 * rowCount);
  const tiles = outside === 0 ? undefined : layout.reserve(4 * tileCount);
  const offsets: Binding = {
    isVariable: false,
    write(block) {
      const entryBytes = 2 * bytes;
      for (let row = 0; row < rowCount; row++) {
        block.word(rows, row, entryBytes * localMask(row << LOOKUP_ROW_QUBITS, inside));
      }
      if (tiles === undefined) return;
      const chosen = localMask(outside, idle);
      for (let i = 0; i < tileCount; i++) {
        block.word(tiles, i, entryBytes * (localMask(i, chosen) << insideBits));
      }
    },
  };
  const contents: Binding = {
    isVariable,
    write(block, angles) {
      const values = angles.entries(step);
      const perVector = VECTOR_BYTES / bytes;
      const sources = sourcesOf([...bitsOf(active, inside), ...bitsOf(outside, -1)], mask);
      for (let i = 0; i < entries; i++) {
        const entry = sources[i];
        const at = 2 * (i & -perVector) + (i & (perVector - 1));
        block.number(table, at, values[2 * entry]);
        block.number(table, at + perVector, values[2 * entry + 1]);
      }
    },
  };
  return { table, tiles, rows, rowCount, low, bindings: [offsets, contents] };
}

/** Those bits of `of` whose places among them `chosen` has, lowest first. */
function bitsOf(of: number, chosen: number): number[] {
  const bits: number[] = [];
  let place = 0;
  for (let rest = of; rest !== 0; rest &= rest - 1) {
    if ((chosen >> place++) & 1) bits.push(rest & -rest);
  }
  return bits;
}

/** For each index whose bits stand for these bits of a state, the entry of a table on `mask`. */
function sourcesOf(bits: readonly number[], mask: number): Int32Array {
  const sources = new Int32Array(1 << bits.length);
  bits.forEach((bit, k) => {
    const place = localMask(bit, mask);
    for (let i = 0; i < 1 << k; i++) sources[(1 << k) | i] = sources[i] | place;
  });
  return sources;
}
