import type { DensityMatrix } from '../density-matrix.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { checkQubits } from '../qubits.ts';
import { draw, type RandomSource } from '../random.ts';
import { checkProbability } from './channels.ts';
import type { ReadoutError } from './noise-model.ts';

/** What is reported of an outcome. Draws a number only where there is an error to make. */
export function readOut(outcome: 0 | 1, error: ReadoutError, random: RandomSource): 0 | 1 {
  const wrong = outcome === 0 ? error.oneGivenZero : error.zeroGivenOne;
  if (error.oneGivenZero === 0 && error.zeroGivenOne === 0) return outcome;
  return draw(random) < wrong ? (outcome === 0 ? 1 : 0) : outcome;
}

/** The number that the bits read, the first listed the least significant. */
export function readBits(bits: Uint8Array, list: readonly number[]): number {
  let value = 0;
  for (let k = list.length - 1; k >= 0; k--) value = 2 * value + bits[list[k]];
  return value;
}

/**
 * A source for circuits without chance; refused at once for a circuit with operations of `kind`.
 *
 * @throws {SimulatorError} `RANDOM_SOURCE_MISSING`
 */
export function refuseToDraw(
  operations: readonly Operation[],
  ...kinds: readonly Operation['kind'][]
): RandomSource {
  const absent: RandomSource = {
    next() {
      throw new SimulatorError(
        'RANDOM_SOURCE_MISSING',
        `the circuit has a ${kinds.join(' or ')}: give options.random`,
      );
    },
  };
  if (operations.some((operation) => isOneOf(operation, kinds))) absent.next();
  return absent;
}

function isOneOf(operation: Operation, kinds: readonly Operation['kind'][]): boolean {
  if (kinds.includes(operation.kind)) return true;
  return (
    operation.kind === 'conditional' && operation.operations.some((inner) => isOneOf(inner, kinds))
  );
}

/**
 * Probabilities of reading m on the listed qubits, the first the least significant bit of m: the
 * diagonal of ρ, passed through a read-out error if one is given. 2^qubits.length numbers. O(2^n).
 *
 * @param readout - of every qubit, or one for each listed.
 * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`, `INVALID_PROBABILITY`,
 *   `WRONG_LENGTH`
 */
export function outcomeProbabilities(
  rho: DensityMatrix,
  qubits: readonly number[],
  readout?: ReadoutError | readonly ReadoutError[],
): Float64Array {
  checkQubits(qubits, rho.qubits);
  const sums = new Float64Array(1 << qubits.length);
  for (let i = 0; i < rho.dimension; i++) {
    let m = 0;
    for (let k = 0; k < qubits.length; k++) m |= ((i >> qubits[k]) & 1) << k;
    sums[m] += rho.real[i * (rho.dimension + 1)];
  }
  if (readout === undefined) return sums;
  const errors = 'length' in readout ? readout : qubits.map(() => readout);
  if (errors.length !== qubits.length) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${errors.length} read-out errors for ${qubits.length} qubits`,
    );
  }
  errors.forEach((error, k) => {
    mixOutcomes(sums, 1 << k, error);
  });
  return sums;
}

function mixOutcomes(sums: Float64Array, bit: number, error: ReadoutError): void {
  const { oneGivenZero, zeroGivenOne } = error;
  checkProbability(oneGivenZero);
  checkProbability(zeroGivenOne);
  for (let m = 0; m < sums.length; m++) {
    if ((m & bit) !== 0) continue;
    const zero = sums[m];
    const one = sums[m | bit];
    sums[m] = (1 - oneGivenZero) * zero + zeroGivenOne * one;
    sums[m | bit] = oneGivenZero * zero + (1 - zeroGivenOne) * one;
  }
}
