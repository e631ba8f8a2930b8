import { StateVector } from '@sema/simulator';

/** The basis indices of the positions in `bits`, the first the least significant: 2^bits.length. */
export function indicesOf(bits: readonly number[]): Int32Array {
  const indices = new Int32Array(1 << bits.length);
  let filled = 1;
  for (const bit of bits) {
    for (let k = 0; k < filled; k++) indices[filled + k] = indices[k] | (1 << bit);
    filled *= 2;
  }
  return indices;
}

/**
 * Writes a state as (state of `inside`) ⊗ (state of `outside`), or gives undefined when its second
 * Schmidt coefficient across them may be above `tolerance`. What is dropped is no longer than that
 * in norm. O(2^n).
 *
 * With the matrix of amplitudes M, rows inside and columns outside, u is its longest column made a
 * unit vector, and the remainder M − u u†M bounds every Schmidt coefficient but the first, without
 * the cancellation that 1 − purity suffers from.
 */
export function separate(
  state: StateVector,
  inside: readonly number[],
  outside: readonly number[],
  tolerance: number,
): readonly [inside: StateVector, outside: StateVector] | undefined {
  const { real, imaginary } = state;
  const rows = indicesOf(inside);
  const columns = indicesOf(outside);
  const first = new StateVector(inside.length);
  writeUnitColumn(state, rows, longestColumn(state, rows, columns), first);
  const second = new StateVector(outside.length);
  let dropped = 0;
  for (let column = 0; column < columns.length; column++) {
    let re = 0;
    let im = 0;
    for (let row = 0; row < rows.length; row++) {
      const at = rows[row] | columns[column];
      re += first.real[row] * real[at] + first.imaginary[row] * imaginary[at];
      im += first.real[row] * imaginary[at] - first.imaginary[row] * real[at];
    }
    second.real[column] = re;
    second.imaginary[column] = im;
    for (let row = 0; row < rows.length; row++) {
      const at = rows[row] | columns[column];
      const lostRe = real[at] - (first.real[row] * re - first.imaginary[row] * im);
      const lostIm = imaginary[at] - (first.real[row] * im + first.imaginary[row] * re);
      dropped += lostRe * lostRe + lostIm * lostIm;
    }
  }
  return dropped <= tolerance * tolerance ? [first, second] : undefined;
}

/** The basis index of the column of largest norm. */
function longestColumn(
  { real, imaginary }: StateVector,
  rows: Int32Array,
  columns: Int32Array,
): number {
  let longest = 0;
  let best = -1;
  for (const column of columns) {
    let weight = 0;
    for (const row of rows) {
      const at = row | column;
      weight += real[at] * real[at] + imaginary[at] * imaginary[at];
    }
    if (weight > best) {
      best = weight;
      longest = column;
    }
  }
  return longest;
}

/** The column as a unit vector whose largest entry is real and positive. */
function writeUnitColumn(
  { real, imaginary }: StateVector,
  rows: Int32Array,
  column: number,
  target: StateVector,
): void {
  let weight = 0;
  let largest = 0;
  let peak = -1;
  for (let row = 0; row < rows.length; row++) {
    const at = rows[row] | column;
    const square = real[at] * real[at] + imaginary[at] * imaginary[at];
    weight += square;
    if (square > peak) {
      peak = square;
      largest = at;
    }
  }
  const scale = 1 / Math.sqrt(weight * peak);
  const turnRe = real[largest] * scale;
  const turnIm = -imaginary[largest] * scale;
  for (let row = 0; row < rows.length; row++) {
    const at = rows[row] | column;
    target.real[row] = real[at] * turnRe - imaginary[at] * turnIm;
    target.imaginary[row] = real[at] * turnIm + imaginary[at] * turnRe;
  }
}

/** The state of two registers together, the first on the low bits. O(2^n). */
export function joined(low: StateVector, high: StateVector): StateVector {
  const state = new StateVector(low.qubits + high.qubits);
  for (let i = 0; i < high.dimension; i++) {
    const re = high.real[i];
    const im = high.imaginary[i];
    const base = i << low.qubits;
    for (let j = 0; j < low.dimension; j++) {
      state.real[base + j] = re * low.real[j] - im * low.imaginary[j];
      state.imaginary[base + j] = re * low.imaginary[j] + im * low.real[j];
    }
  }
  return state;
}

/**
 * The state of the other bits, where the bit at `bit` is `value` in every basis state that
 * occurs.
 */
export function withoutBit(state: StateVector, bit: number, value: 0 | 1): StateVector {
  const rest = new StateVector(state.qubits - 1);
  const low = (1 << bit) - 1;
  for (let i = 0; i < rest.dimension; i++) {
    const at = ((i & ~low) << 1) | (value << bit) | (i & low);
    rest.real[i] = state.real[at];
    rest.imaginary[i] = state.imaginary[at];
  }
  return rest;
}

/** The same state with bit k moved to places[k]. */
export function reordered(state: StateVector, places: readonly number[]): StateVector {
  const moved = new StateVector(state.qubits);
  const target = indicesOf(places);
  for (let i = 0; i < state.dimension; i++) {
    moved.real[target[i]] = state.real[i];
    moved.imaginary[target[i]] = state.imaginary[i];
  }
  return moved;
}
