import {
  mulberry32,
  probabilities,
  run,
  sample,
  SimulatorError,
  StateVector,
} from '@sema/simulator';
import type { Circuit, Operation } from '@sema/simulator';
import { drawSvg } from '@sema/simulator/drawing';
import { OpenQasmError, readOpenQasm } from '@sema/simulator/openqasm';
import { ServiceError } from '../service-error.ts';
import type { CircuitLimits, CircuitResult, Task } from './tasks.ts';

/** Amplitudes touched by a run of all shots: some seconds of one core. */
const MOST_WORK = 2 ** 31;
const MOST_STATES = 1024;
const LEAST_PROBABILITY = 1e-12;

/**
 * Runs a program on the state vector. A circuit that measures is run once a shot, because what it
 * measures may decide what comes after; any other is run once and sampled.
 *
 * @throws {ServiceError} `BAD_CIRCUIT`, `CIRCUIT_TOO_LARGE`
 */
export function runCircuit(task: Task & { readonly kind: 'circuit' }): CircuitResult {
  const { circuit, operations } = readCircuit(task.qasm, task.limits);
  const { qubits, bits } = circuit;
  const random = mulberry32(task.seed);
  const measures = hasMeasurement(circuit.operations);
  checkWork(2 ** qubits * operations * (measures ? Math.max(1, task.shots) : 1));
  using state = new StateVector(qubits);
  const size = { qubits, bits, operations };
  if (measures) {
    const counts = new Map<string, number>();
    for (let shot = 0; shot < task.shots; shot++) {
      state.reset();
      const read = run(circuit, state, { random }).bits;
      count(counts, Array.from(read).reverse().join(''));
    }
    return { ...size, probabilities: null, counts: task.shots === 0 ? null : tally(counts) };
  }
  run(circuit, state, { random });
  const counts = new Map<string, number>();
  for (const index of sample(state, task.shots, random)) count(counts, stateName(index, qubits));
  return {
    ...size,
    probabilities: likeliest(probabilities(state), qubits),
    counts: task.shots === 0 ? null : tally(counts),
  };
}

/** @throws {ServiceError} `BAD_CIRCUIT`, `CIRCUIT_TOO_LARGE` */
export function drawCircuit({ qasm, limits }: Task & { readonly kind: 'draw' }): string {
  return drawSvg(readCircuit(qasm, limits).circuit);
}

function readCircuit(qasm: string, limits: CircuitLimits) {
  try {
    const { circuit } = readOpenQasm(qasm);
    const operations = operationCount(circuit.operations);
    if (circuit.qubits > limits.qubits || operations > limits.operations) {
      throw new ServiceError(
        'CIRCUIT_TOO_LARGE',
        `${String(circuit.qubits)} qubits and ${String(operations)} operations; at most ` +
          `${String(limits.qubits)} and ${String(limits.operations)}`,
      );
    }
    if (circuit.parameters.length > 0) {
      throw new ServiceError('BAD_CIRCUIT', 'its inputs have no values: write them as numbers');
    }
    return { circuit, operations };
  } catch (error) {
    if (error instanceof OpenQasmError) {
      const code = error.code === 'OPENQASM_LIMIT' ? 'CIRCUIT_TOO_LARGE' : 'BAD_CIRCUIT';
      throw new ServiceError(code, error.message, { cause: error });
    }
    if (error instanceof SimulatorError) {
      throw new ServiceError('BAD_CIRCUIT', error.message, { cause: error });
    }
    throw error;
  }
}

function checkWork(amplitudes: number): void {
  if (amplitudes <= MOST_WORK) return;
  throw new ServiceError(
    'CIRCUIT_TOO_LARGE',
    'all its shots together are too much: ask for fewer, or for fewer qubits',
  );
}

function operationCount(operations: Circuit['operations']): number {
  let total = 0;
  for (const operation of operations) {
    total += operation.kind === 'conditional' ? operationCount(operation.operations) : 1;
  }
  return total;
}

function hasMeasurement(operations: readonly Operation[]): boolean {
  return operations.some(
    ({ kind }) => kind === 'measure' || kind === 'reset' || kind === 'conditional',
  );
}

function likeliest(values: Float64Array, qubits: number) {
  return Array.from(values, (probability, index) => ({ index, probability }))
    .filter(({ probability }) => probability > LEAST_PROBABILITY)
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, MOST_STATES)
    .map(({ index, probability }) => ({ state: stateName(index, qubits), probability }));
}

/** Qubit 0 is the last letter, as in Qiskit. */
function stateName(index: number, qubits: number): string {
  return qubits === 0 ? '' : index.toString(2).padStart(qubits, '0');
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function tally(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
