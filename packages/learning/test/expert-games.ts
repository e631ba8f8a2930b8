import fc from 'fast-check';

/** One round of an expert game: a loss in [0, 1] and a waking state per expert. */
export interface Round {
  readonly losses: readonly number[];
  readonly awake: readonly boolean[];
}

export interface Game {
  readonly experts: number;
  readonly learningRate: number;
  readonly rounds: readonly Round[];
}

/** A loss, with the ends of its range often among them. */
const loss = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 0.5, Number.MIN_VALUE, 1 - Number.EPSILON, -0),
);

function games(waking: fc.Arbitrary<boolean>, longest: number): fc.Arbitrary<Game> {
  return fc.integer({ min: 1, max: 9 }).chain((experts) =>
    fc.record({
      experts: fc.constant(experts),
      learningRate: fc.double({ min: 1e-3, max: 4, noNaN: true }),
      rounds: fc.array(
        fc.record({
          losses: fc.array(loss, { minLength: experts, maxLength: experts }),
          awake: fc.array(waking, { minLength: experts, maxLength: experts }),
        }),
        { minLength: 1, maxLength: longest },
      ),
    }),
  );
}

export const wakefulGames = games(fc.constant(true), 60);
export const sleepyGames = games(fc.boolean(), 60);

/** Every expert awake. */
export function allAwake(experts: number): boolean[] {
  return new Array<boolean>(experts).fill(true);
}

/** max |a_i − b_i|. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = Math.abs(a[i] - b[i]);
    largest = difference <= largest ? largest : difference;
  }
  return largest;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i];
  return total;
}

/** Σ a_i b_i. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += a[i] * b[i];
  return total;
}

/** The real part of a matrix, row-major with interleaved re/im, times a real vector. */
export function realMatrixTimes(matrix: Float64Array, vector: ArrayLike<number>): Float64Array {
  const dimension = vector.length;
  const product = new Float64Array(dimension);
  for (let row = 0; row < dimension; row += 1) {
    for (let column = 0; column < dimension; column += 1) {
      product[row] += matrix[2 * (row * dimension + column)] * vector[column];
    }
  }
  return product;
}

/** The largest entry of |U†U − 1| of a d × d complex matrix, row-major with interleaved re/im. */
export function unitarityDefect(matrix: Float64Array, dimension: number): number {
  let largest = 0;
  for (let i = 0; i < dimension; i += 1) {
    for (let j = 0; j < dimension; j += 1) {
      let real = i === j ? -1 : 0;
      let imaginary = 0;
      for (let k = 0; k < dimension; k += 1) {
        const a = 2 * (k * dimension + i);
        const b = 2 * (k * dimension + j);
        real += matrix[a] * matrix[b] + matrix[a + 1] * matrix[b + 1];
        imaginary += matrix[a] * matrix[b + 1] - matrix[a + 1] * matrix[b];
      }
      largest = Math.max(largest, Math.abs(real), Math.abs(imaginary));
    }
  }
  return largest;
}

/** The `code` of the error that the call throws; undefined if it throws none that has one. */
export function codeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return undefined;
}
