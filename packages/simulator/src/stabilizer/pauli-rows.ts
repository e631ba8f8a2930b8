import { bitCount } from './clifford-map.ts';

/**
 * Signed Hermitian Pauli products of `columns` qubits, one a row. Bit c % 32 of word c >> 5 of a
 * row of `x` and of `z` says whether qubit c carries X, Z or, with both, Y; bits past the last
 * column are 0. `signs` holds 1 for a minus.
 */
export interface PauliRows {
  readonly rows: number;
  readonly columns: number;
  /** Words a row. */
  readonly width: number;
  readonly x: Uint32Array;
  readonly z: Uint32Array;
  readonly signs: Uint8Array;
}

export function pauliRows(rows: number, columns: number): PauliRows {
  const width = Math.max(1, (columns + 31) >>> 5);
  return {
    rows,
    columns,
    width,
    x: new Uint32Array(rows * width),
    z: new Uint32Array(rows * width),
    signs: new Uint8Array(rows),
  };
}

export function bitAt(words: Uint32Array, start: number, column: number): number {
  return (words[start + (column >>> 5)] >>> (column & 31)) & 1;
}

export function clearRow({ x, z, signs, width }: PauliRows, row: number): void {
  x.fill(0, row * width, (row + 1) * width);
  z.fill(0, row * width, (row + 1) * width);
  signs[row] = 0;
}

export function copyRow(from: PauliRows, source: number, to: PauliRows, row: number): void {
  const { width } = from;
  const start = row * width;
  for (let k = 0; k < width; k++) {
    to.x[start + k] = from.x[source * width + k];
    to.z[start + k] = from.z[source * width + k];
  }
  to.signs[row] = from.signs[source];
}

/**
 * Replaces row `left` of `rows` by its bits joined with row `right` of `others`.
 *
 * @returns k in left·right = i^k · (the new row), signs counted; `signs[left]` is up to the caller.
 */
export function multiplyInto(
  rows: PauliRows,
  left: number,
  others: PauliRows,
  right: number,
): number {
  const { x, z, width } = rows;
  const start = left * width;
  const from = right * width;
  // A two-bit counter in each of 32 lanes: +1 or −1 for each place where the factors anticommute.
  let low = 0;
  let high = 0;
  for (let k = 0; k < width; k++) {
    const ax = x[start + k];
    const az = z[start + k];
    const bx = others.x[from + k];
    const bz = others.z[from + k];
    const cross = ax & bz;
    const differing = cross ^ (az & bx);
    const joinedX = ax ^ bx;
    const joinedZ = az ^ bz;
    high ^= (low ^ joinedX ^ joinedZ ^ cross) & differing;
    low ^= differing;
    x[start + k] = joinedX;
    z[start + k] = joinedZ;
  }
  return (bitCount(low) + 2 * (bitCount(high) + rows.signs[left] + others.signs[right])) & 3;
}
