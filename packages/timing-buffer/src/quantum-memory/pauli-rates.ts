import { exp, expm1, pow } from '@sema/simulator/elementary';
import { TimingBufferError } from '../errors.ts';

/** A random Pauli: the probabilities of X, Y and Z; none of them otherwise. */
export interface PauliRates {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** How long a qubit keeps its energy and its phase, in nanoseconds. */
export interface CoherenceTimes {
  /** Above 0; Infinity when energy is never lost. */
  readonly t1Ns: number;
  /** Above 0 and at most 2·t1Ns. */
  readonly t2Ns: number;
}

export const NO_ERRORS: PauliRates = Object.freeze({ x: 0, y: 0, z: 0 });

/**
 * The Pauli channel nearest to waiting (the twirl of relaxation at zero temperature):
 * x = y = (1 − e^(−t/T1))/4 and x + z = (1 − e^(−t/T2))/2.
 *
 * @throws {TimingBufferError} `INVALID_COHERENCE_TIMES`, `DURATION_OUT_OF_RANGE`
 * @see Sarvepalli, Klappenecker & Rötteler (2009)
 */
export function idleRates({ t1Ns, t2Ns }: CoherenceTimes, timeNs: number): PauliRates {
  checkWait({ t1Ns, t2Ns }, timeNs);
  const flip = -expm1(-timeNs / t1Ns) / 4;
  // Where T2 = 2·T1 the difference may round below 0.
  return { x: flip, y: flip, z: Math.max(0, -expm1(-timeNs / t2Ns) / 2 - flip) };
}

/**
 * The fidelity to its input of one qubit that waits without protection, averaged over the six
 * cardinal states: 1/2 + e^(−t/T1)/6 + e^(−t/T2)/3. Exact for relaxation at zero temperature; 1/2
 * is a lost state.
 *
 * @throws {TimingBufferError} `INVALID_COHERENCE_TIMES`, `DURATION_OUT_OF_RANGE`
 */
export function unprotectedFidelity({ t1Ns, t2Ns }: CoherenceTimes, timeNs: number): number {
  checkWait({ t1Ns, t2Ns }, timeNs);
  return 0.5 + exp(-timeNs / t1Ns) / 6 + exp(-timeNs / t2Ns) / 3;
}

/** The fidelity to the input under a Pauli channel, averaged over the six cardinal states. */
export function cardinalFidelity({ x, y, z }: PauliRates): number {
  return 1 - (2 / 3) * (x + y + z);
}

/**
 * The channel of so many uses one after another. Each Pauli is multiplied by a power of what one
 * use multiplies it by.
 *
 * @param times - at least 0; fractions interpolate where no rate exceeds 1/2.
 */
export function repeatedRates({ x, y, z }: PauliRates, times: number): PauliRates {
  const ofX = pow(1 - 2 * (y + z), times);
  const ofY = pow(1 - 2 * (x + z), times);
  const ofZ = pow(1 - 2 * (x + y), times);
  return {
    x: (1 + ofX - ofY - ofZ) / 4,
    y: (1 - ofX + ofY - ofZ) / 4,
    z: (1 - ofX - ofY + ofZ) / 4,
  };
}

/** @throws {TimingBufferError} `INVALID_COHERENCE_TIMES` */
export function checkCoherence({ t1Ns, t2Ns }: CoherenceTimes): void {
  if (t1Ns > 0 && t2Ns > 0 && t2Ns <= 2 * t1Ns) return;
  throw new TimingBufferError(
    'INVALID_COHERENCE_TIMES',
    `T1 = ${t1Ns} ns and T2 = ${t2Ns} ns break 0 < T2 ≤ 2·T1`,
  );
}

/** @throws {TimingBufferError} `DURATION_OUT_OF_RANGE` */
export function checkDuration(timeNs: number): void {
  if (timeNs >= 0 && timeNs < Infinity) return;
  throw new TimingBufferError(
    'DURATION_OUT_OF_RANGE',
    `a duration of ${timeNs} ns is not finite and at least 0`,
  );
}

/** @throws {TimingBufferError} `PROBABILITY_OUT_OF_RANGE` */
export function checkRates(rates: PauliRates): void {
  const { x, y, z } = rates;
  if (x >= 0 && y >= 0 && z >= 0 && x + y + z <= 1) return;
  throw new TimingBufferError(
    'PROBABILITY_OUT_OF_RANGE',
    `X ${x}, Y ${y}, Z ${z} are no probabilities of different errors`,
  );
}

function checkWait(times: CoherenceTimes, timeNs: number): void {
  checkCoherence(times);
  checkDuration(timeNs);
}
