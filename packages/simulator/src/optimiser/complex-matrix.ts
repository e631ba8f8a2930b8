/** Square complex matrices, row-major and interleaved re/im, of the sizes 2 and 4. */
export type Matrix = Float64Array;

function sizeOf(matrix: Matrix): number {
  return matrix.length === 8 ? 2 : 4;
}

export function identity(size: number): Matrix {
  const result = new Float64Array(2 * size * size);
  for (let i = 0; i < size; i++) result[2 * (i * size + i)] = 1;
  return result;
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  const size = sizeOf(a);
  const result = new Float64Array(a.length);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < size; k++) {
        const p = 2 * (i * size + k);
        const q = 2 * (k * size + j);
        re += a[p] * b[q] - a[p + 1] * b[q + 1];
        im += a[p] * b[q + 1] + a[p + 1] * b[q];
      }
      result[2 * (i * size + j)] = re;
      result[2 * (i * size + j) + 1] = im;
    }
  }
  return result;
}

export function transpose(matrix: Matrix): Matrix {
  const size = sizeOf(matrix);
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      result[2 * (j * size + i)] = matrix[2 * (i * size + j)];
      result[2 * (j * size + i) + 1] = matrix[2 * (i * size + j) + 1];
    }
  }
  return result;
}

export function adjoint(matrix: Matrix): Matrix {
  return transpose(matrix).map((x, i) => (i % 2 === 0 ? x : -x));
}

/** The 4×4 matrix of `low` on the first qubit, the low index bit, and `high` on the other. */
export function kronecker(low: Matrix, high: Matrix): Matrix {
  const result = new Float64Array(32);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const p = 2 * ((i & 1) * 2 + (j & 1));
      const q = 2 * ((i >> 1) * 2 + (j >> 1));
      result[2 * (i * 4 + j)] = low[p] * high[q] - low[p + 1] * high[q + 1];
      result[2 * (i * 4 + j) + 1] = low[p] * high[q + 1] + low[p + 1] * high[q];
    }
  }
  return result;
}

/** The two factors of a product, up to a phase of each that cancels between them. */
export function kroneckerFactors(product: Matrix): { low: Matrix; high: Matrix } {
  let largest = 0;
  for (let k = 1; k < 16; k++) if (size2(product, k) > size2(product, largest)) largest = k;
  const [row, column] = [largest >> 2, largest & 3];
  const low = new Float64Array(8);
  const high = new Float64Array(8);
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 2; j++) {
      const inLow = 2 * (((row & 2) | i) * 4 + ((column & 2) | j));
      const inHigh = 2 * (((i << 1) | (row & 1)) * 4 + ((j << 1) | (column & 1)));
      low.set(product.subarray(inLow, inLow + 2), 2 * (2 * i + j));
      high.set(product.subarray(inHigh, inHigh + 2), 2 * (2 * i + j));
    }
  }
  return { low: unitLength(low), high: unitLength(high) };
}

function size2(matrix: Matrix, k: number): number {
  return matrix[2 * k] * matrix[2 * k] + matrix[2 * k + 1] * matrix[2 * k + 1];
}

/** Scales a multiple of a 2×2 unitary to a unitary. */
function unitLength(matrix: Matrix): Matrix {
  const scale = Math.sqrt(size2(matrix, 0) + size2(matrix, 1));
  return matrix.map((x) => x / scale);
}
