import { draw, type RandomSource } from '../random.ts';
import { type Paulis, StabilizerState } from '../stabilizer/stabilizer-state.ts';
import { noisePaulis } from './noise-codes.ts';
import type { PauliFactor, StimCircuit, StimInstruction } from './stim-circuit.ts';
import { unrolled } from './stim-circuit.ts';

/** One run of a circuit: a bit, 0 or 1, a measurement, a detector and an observable. */
export interface StimRun {
  readonly measurements: Uint8Array;
  /** The parity of each detector's measurements. */
  readonly detectors: Uint8Array;
  readonly observables: Uint8Array;
}

/**
 * Runs a circuit once on a stabilizer state that starts as |0…0⟩. The truth that samplers are
 * measured by; slow for many shots. O(n/32) a gate, O(n²/16) a measurement with an open outcome.
 *
 * @param options - `noise`: whether errors happen. `random`: draws for measurements and noise.
 * @throws {SimulatorError} `TOO_MANY_QUBITS` beyond 16 384 qubits, `RANDOM_OUT_OF_RANGE`
 */
export function simulateStim(
  circuit: StimCircuit,
  options: { readonly noise: boolean; readonly random: RandomSource },
): StimRun {
  const execution: Execution = {
    ...options,
    state: new StabilizerState(circuit.qubits),
    measurements: new Uint8Array(circuit.measurements),
    detectors: new Uint8Array(circuit.detectors),
    observables: new Uint8Array(circuit.observables),
    measured: 0,
    detected: 0,
    chainDone: false,
  };
  for (const instruction of unrolled(circuit.instructions)) step(instruction, execution);
  const { measurements, detectors, observables } = execution;
  return { measurements, detectors, observables };
}

interface Execution extends StimRun {
  readonly noise: boolean;
  readonly random: RandomSource;
  readonly state: StabilizerState;
  measured: number;
  detected: number;
  /** Whether an error of the latest chain has happened. */
  chainDone: boolean;
}

function step(instruction: StimInstruction, execution: Execution): void {
  const { state, random } = execution;
  switch (instruction.kind) {
    case 'gate': {
      const { map, qubits } = instruction;
      for (let k = 0; k < qubits.length; k += map.qubits) {
        state.apply(map, qubits.slice(k, k + map.qubits));
      }
      break;
    }
    case 'feedback': {
      const { pauli, qubit, lookback } = instruction;
      const bit = execution.measurements[execution.measured - lookback];
      if (bit === 1) state.applyPaulis({ [qubit]: pauli });
      break;
    }
    case 'measure':
      measureEach(instruction, execution);
      break;
    case 'measureProducts':
      for (const { factors, inverted } of instruction.products) {
        // Without factors there is nothing to measure: the bit is what the circuit says.
        const bit = factors.length === 0 ? 0 : state.measureProduct(paulisOf(factors), random);
        record(bit, inverted, instruction.flipProbability, execution);
      }
      break;
    case 'reset':
      for (const qubit of instruction.qubits) resetTo(instruction.basis, qubit, execution);
      break;
    case 'noise':
    case 'correlatedError':
      if (execution.noise) applyNoise(instruction, execution);
      break;
    case 'detector':
      execution.detectors[execution.detected++] = parity(instruction.lookbacks, execution);
      break;
    case 'observable':
      execution.observables[instruction.index] ^= parity(instruction.lookbacks, execution);
      break;
    default:
      break;
  }
}

type Of<Kind extends StimInstruction['kind']> = Extract<StimInstruction, { readonly kind: Kind }>;

function measureEach(instruction: Of<'measure'>, execution: Execution): void {
  const { basis, qubits, inverted, resets, flipProbability } = instruction;
  qubits.forEach((qubit, index) => {
    const bit = execution.state.measureProduct({ [qubit]: basis }, execution.random);
    if (resets && bit === 1) execution.state.applyPaulis({ [qubit]: flipOf(basis) });
    record(bit, inverted[index], flipProbability, execution);
  });
}

function record(bit: number, inverted: boolean, flip: number, execution: Execution): void {
  const flipped = execution.noise && flip > 0 && draw(execution.random) < flip;
  execution.measurements[execution.measured++] = bit ^ Number(inverted) ^ Number(flipped);
}

function resetTo(basis: 'X' | 'Y' | 'Z', qubit: number, { state, random }: Execution): void {
  if (state.measureProduct({ [qubit]: basis }, random) === 1) {
    state.applyPaulis({ [qubit]: flipOf(basis) });
  }
}

/** A Pauli that turns one eigenstate of the basis into the other. */
function flipOf(basis: 'X' | 'Y' | 'Z'): 'X' | 'Z' {
  return basis === 'Z' ? 'X' : 'Z';
}

function applyNoise(instruction: Of<'noise' | 'correlatedError'>, execution: Execution): void {
  const { state, random } = execution;
  if (instruction.kind === 'correlatedError') {
    const { probability, chained, factors } = instruction;
    if (!chained) execution.chainDone = false;
    if (execution.chainDone || draw(random) >= probability) return;
    execution.chainDone = true;
    state.applyPaulis(paulisOf(factors));
    return;
  }
  const { arity, probabilities, qubits } = instruction;
  for (let k = 0; k < qubits.length; k += arity) {
    let left = draw(random);
    for (let index = 0; index < probabilities.length; index++) {
      left -= probabilities[index];
      if (left >= 0) continue;
      state.applyPaulis(paulisOf(noisePaulis(index + 1, arity, qubits, k)));
      break;
    }
  }
}

function paulisOf(factors: readonly PauliFactor[]): Paulis {
  return Object.fromEntries(factors.map(({ qubit, pauli }) => [qubit, pauli]));
}

function parity(lookbacks: readonly number[], { measurements, measured }: Execution): number {
  let sum = 0;
  for (const lookback of lookbacks) sum ^= measurements[measured - lookback];
  return sum;
}
