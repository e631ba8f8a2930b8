/**
 * Hot loops on a state: numbers in, numbers out, no allocation, no checks.
 *
 * `real` and `imaginary` hold the 2^n amplitudes. A qubit or a set of qubits is given as a mask of
 * index bits. `controls` is the mask of the qubits that must be 1 for anything to happen; it may be
 * 0, and it shares no bit with the targets. Complex tables are interleaved re/im, matrices
 * row-major.
 *
 * Where a gate acts on k listed qubits, `offsets` holds, for each m in [0, 2^k) = [0, count), the
 * basis index whose listed qubits read m and whose others are 0; offsets[count − 1] is therefore
 * their mask.
 */
export interface Kernels {
  /** X on `target`. */
  flip(real: Float64Array, imaginary: Float64Array, target: number, controls: number): void;

  /** Exchanges the qubits `first` and `second`. */
  swap(
    real: Float64Array,
    imaginary: Float64Array,
    first: number,
    second: number,
    controls: number,
  ): void;

  /** Multiplies amplitudes by cosine + i·sine where (index & mask) = value. */
  phase(
    real: Float64Array,
    imaginary: Float64Array,
    mask: number,
    value: number,
    cosine: number,
    sine: number,
  ): void;

  /**
   * Multiplies each amplitude by the entry that its listed qubits read: `count` complex entries.
   */
  diagonal(
    real: Float64Array,
    imaginary: Float64Array,
    offsets: Int32Array,
    count: number,
    controls: number,
    entries: Float64Array,
  ): void;

  /** A 2×2 matrix on `target`. */
  matrix1(
    real: Float64Array,
    imaginary: Float64Array,
    target: number,
    controls: number,
    matrix: Float64Array,
  ): void;

  /** A count×count matrix on the listed qubits; `scratch` has room for 2·count numbers. */
  matrix(
    real: Float64Array,
    imaginary: Float64Array,
    offsets: Int32Array,
    count: number,
    controls: number,
    matrix: Float64Array,
    scratch: Float64Array,
  ): void;

  /**
   * [[c, −is], [−is, c]] on `target`, with c = rotations[2m] and s = rotations[2m + 1] where the
   * listed qubits, here the selectors, read m.
   */
  multiplexedX(
    real: Float64Array,
    imaginary: Float64Array,
    offsets: Int32Array,
    count: number,
    target: number,
    rotations: Float64Array,
  ): void;

  /** The same with [[c, −s], [s, c]]. */
  multiplexedY(
    real: Float64Array,
    imaginary: Float64Array,
    offsets: Int32Array,
    count: number,
    target: number,
    rotations: Float64Array,
  ): void;

  /** The sum of |amplitude|² where (index & mask) = value. */
  weight(real: Float64Array, imaginary: Float64Array, mask: number, value: number): number;

  /** Multiplies amplitudes by `factor` where (index & mask) = value and clears the others. */
  project(
    real: Float64Array,
    imaginary: Float64Array,
    mask: number,
    value: number,
    factor: number,
  ): void;
}
