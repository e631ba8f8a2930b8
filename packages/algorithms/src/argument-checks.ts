import { AlgorithmError } from './errors.ts';

/**
 * Quantities beyond this are refused: a difference or a modest multiple of two of them could
 * overflow. Prices of traded things stay some 280 orders of magnitude below it.
 */
export const LARGEST_QUANTITY = 1e300;

/** How far from 1 the sum of a distribution may be; what is left is taken out by normalising. */
const SUM_TOLERANCE = 1e-9;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** @throws {AlgorithmError} `OUT_OF_RANGE` unless from ≤ value ≤ to; NaN never is. */
export function checkRange(name: string, value: number, range: Range): void {
  if (isOutside(value, range)) {
    throw new AlgorithmError(
      'OUT_OF_RANGE',
      `${name} ${value} is not in [${range.from}, ${range.to}]`,
    );
  }
}

/**
 * To be asked before {@link checkRange} where nothing may be put on the heap: an engine makes a
 * function as small as this part of its caller, while a value passed to the other may be boxed.
 */
export function isOutside(value: number, range: Range): boolean {
  return !(value >= range.from && value <= range.to);
}

/** @throws {AlgorithmError} `OUT_OF_RANGE` unless value is a whole number in the range. */
export function checkInteger(name: string, value: number, range: Range): void {
  if (!Number.isInteger(value)) {
    throw new AlgorithmError('OUT_OF_RANGE', `${name} ${value} is not an integer`);
  }
  checkRange(name, value, range);
}

/**
 * @throws {AlgorithmError} `EMPTY` when there is nothing, `OUT_OF_RANGE` for a value outside the
 * range.
 */
export function checkValues(name: string, values: ArrayLike<number>, range: Range): void {
  if (values.length === 0) throw new AlgorithmError('EMPTY', `${name} has no values`);
  for (let i = 0; i < values.length; i += 1) {
    // The name is made for the message only.
    if (isOutside(values[i], range)) checkRange(`${name}[${i}]`, values[i], range);
  }
}

/** @throws {AlgorithmError} `LENGTH_MISMATCH` */
export function checkLength(name: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length) {
    throw new AlgorithmError(
      'LENGTH_MISMATCH',
      `${name} has ${values.length} values, not ${length}`,
    );
  }
}

/**
 * @throws {AlgorithmError} `EMPTY`, or `NOT_A_DISTRIBUTION` for an entry that is not ≥ 0 or a sum
 * that is not 1 within {@link SUM_TOLERANCE}.
 */
export function checkDistribution(name: string, probabilities: ArrayLike<number>): void {
  if (probabilities.length === 0) throw new AlgorithmError('EMPTY', `${name} has no values`);
  let sum = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    const probability = probabilities[i];
    if (!(probability >= 0)) {
      throw new AlgorithmError('NOT_A_DISTRIBUTION', `${name}[${i}] is ${probability}, not ≥ 0`);
    }
    sum += probability;
  }
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
    throw new AlgorithmError('NOT_A_DISTRIBUTION', `${name} sums to ${sum}, not 1`);
  }
}
