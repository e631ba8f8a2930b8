import type { CheckLayout } from './check-layout.ts';
import { TimingBufferError } from '../errors.ts';
import {
  checkCoherence,
  checkDuration,
  type CoherenceTimes,
  idleRates,
  NO_ERRORS,
  type PauliRates,
} from './pauli-rates.ts';

/** How long an operation takes and how likely it fails. */
export interface OperationCost {
  readonly timeNs: number;
  /** In [0, 1]: that a random Pauli follows a gate, or that an outcome or a reset is wrong. */
  readonly error: number;
}

/** A machine by its declared figures. */
export interface Hardware extends CoherenceTimes {
  readonly name: string;
  readonly oneQubitGate: OperationCost;
  readonly twoQubitGate: OperationCost;
  readonly measurement: OperationCost;
  readonly reset: OperationCost;
}

/** What goes wrong in one cycle of checks. */
export interface CycleNoise {
  /** Depolarising, after each Hadamard of an ancilla and each CNOT. */
  readonly oneQubitGate: number;
  readonly twoQubitGate: number;
  /** That an outcome is reported wrong, and that a reset leaves the other state. */
  readonly measurement: number;
  readonly reset: number;
  /** What a resting qubit suffers while others do this, and all data qubits between cycles. */
  readonly idle: {
    readonly oneQubitGate: PauliRates;
    readonly twoQubitGate: PauliRates;
    readonly measurement: PauliRates;
    readonly reset: PauliRates;
    readonly between: PauliRates;
  };
}

/** Nothing goes wrong. */
export const NOISELESS: CycleNoise = Object.freeze({
  oneQubitGate: 0,
  twoQubitGate: 0,
  measurement: 0,
  reset: 0,
  idle: Object.freeze({
    oneQubitGate: NO_ERRORS,
    twoQubitGate: NO_ERRORS,
    measurement: NO_ERRORS,
    reset: NO_ERRORS,
    between: NO_ERRORS,
  }),
});

/** The shortest cycle: reset, a step of CNOTs after another, Hadamards around them, measurement. */
export function shortestCycleNs(hardware: Hardware, layout: CheckLayout): number {
  const { oneQubitGate, twoQubitGate, measurement, reset } = hardware;
  const hadamards = layout.checks.some(({ basis }) => basis === 'X') ? 2 : 0;
  const steps = Math.max(0, ...layout.checks.map(({ touches }) => touches.length));
  const gates = hadamards * oneQubitGate.timeNs + steps * twoQubitGate.timeNs;
  return reset.timeNs + gates + measurement.timeNs;
}

/**
 * The noise of a cycle, waiting taken as its Pauli twirl.
 *
 * @param cycleNs - from the start of a cycle to that of the next, at least the shortest; between
 *   cycles the data qubits wait.
 * @throws {TimingBufferError} `INVALID_COHERENCE_TIMES`, `DURATION_OUT_OF_RANGE`,
 *   `PROBABILITY_OUT_OF_RANGE`
 */
export function cycleNoise(hardware: Hardware, layout: CheckLayout, cycleNs: number): CycleNoise {
  checkHardware(hardware);
  const shortest = shortestCycleNs(hardware, layout);
  if (!(cycleNs >= shortest && cycleNs < Infinity)) {
    throw new TimingBufferError(
      'DURATION_OUT_OF_RANGE',
      `a cycle of ${cycleNs} ns is not finite and at least the ${shortest} ns it takes`,
    );
  }
  const { oneQubitGate, twoQubitGate, measurement, reset } = hardware;
  return {
    oneQubitGate: oneQubitGate.error,
    twoQubitGate: twoQubitGate.error,
    measurement: measurement.error,
    reset: reset.error,
    idle: {
      oneQubitGate: idleRates(hardware, oneQubitGate.timeNs),
      twoQubitGate: idleRates(hardware, twoQubitGate.timeNs),
      measurement: idleRates(hardware, measurement.timeNs),
      reset: idleRates(hardware, reset.timeNs),
      between: idleRates(hardware, cycleNs - shortest),
    },
  };
}

/**
 * @throws {TimingBufferError} `INVALID_COHERENCE_TIMES`, `DURATION_OUT_OF_RANGE`,
 *   `PROBABILITY_OUT_OF_RANGE`
 */
export function checkHardware(hardware: Hardware): void {
  checkCoherence(hardware);
  const { oneQubitGate, twoQubitGate, measurement, reset } = hardware;
  for (const { timeNs, error } of [oneQubitGate, twoQubitGate, measurement, reset]) {
    checkDuration(timeNs);
    if (error >= 0 && error <= 1) continue;
    throw new TimingBufferError(
      'PROBABILITY_OUT_OF_RANGE',
      `an error of ${error} is not in [0, 1]`,
    );
  }
}
