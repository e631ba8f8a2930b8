import type { Circuit, Operation, RandomSource } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';

/**
 * Checks a list of distinct qubits in [0, count).
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS`
 */
export function checkQubits(qubits: readonly number[], count: number): void {
  if (qubits.length < 1) throw invalidQubits('no qubit is listed');
  const seen = new Set<number>();
  for (const qubit of qubits) {
    if (!Number.isInteger(qubit) || qubit < 0 || qubit >= count) {
      throw invalidQubits(`qubit ${qubit} is not in [0, ${count})`);
    }
    if (seen.has(qubit)) throw invalidQubits(`qubit ${qubit} is listed twice`);
    seen.add(qubit);
  }
}

/**
 * Checks that a circuit fits its qubits and its parameters, and has a random source if it needs
 * one.
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS`, `INVALID_REQUEST`, `RANDOM_SOURCE_MISSING`
 */
export function checkRun(
  circuit: Circuit,
  qubits: readonly number[],
  parameters: ArrayLike<number>,
  random: RandomSource | undefined,
): void {
  if (circuit.qubits !== qubits.length) {
    throw invalidQubits(`${qubits.length} qubits do not fit a circuit of ${circuit.qubits}`);
  }
  if (parameters.length !== circuit.parameters.length) {
    throw new ResourcePoolError(
      'INVALID_REQUEST',
      `${parameters.length} values for the ${circuit.parameters.length} parameters of the circuit`,
    );
  }
  for (let index = 0; index < parameters.length; index++) {
    if (Number.isFinite(parameters[index])) continue;
    throw new ResourcePoolError(
      'INVALID_REQUEST',
      `parameter ${circuit.parameters[index].name} is ${parameters[index]}`,
    );
  }
  if (random === undefined && circuit.operations.some(isRandom)) {
    throw new ResourcePoolError(
      'RANDOM_SOURCE_MISSING',
      'the circuit measures: give options.random',
    );
  }
}

function isRandom(operation: Operation): boolean {
  if (operation.kind === 'conditional') return operation.operations.some(isRandom);
  return operation.kind === 'measure' || operation.kind === 'reset';
}

function invalidQubits(message: string): ResourcePoolError {
  return new ResourcePoolError('INVALID_QUBITS', message);
}
