import type { RandomSource } from '@sema/simulator';
import { exp, log, pow } from '@sema/simulator/elementary';
import { TimingBufferError } from '../errors.ts';
import { checkHardware, cycleNoise, type Hardware, shortestCycleNs } from './hardware.ts';
import { checkDuration, unprotectedFidelity } from './pauli-rates.ts';
import { type Estimate, suppression } from './per-cycle-error.ts';
import { rotatedSurfaceLayout } from './rotated-surface.ts';
import { sampledErrorPerCycle } from './sampled-memory.ts';

/** Beyond this a plan is no plan. */
const MAX_DISTANCE = 99;

/** What it takes to keep one qubit on a machine for a time. */
export interface MemoryPlan {
  /** The average fidelity of a bare qubit after that time. */
  readonly unprotected: number;
  /** 1: a bare qubit is enough. Otherwise the least distance of a rotated surface code. */
  readonly distance: number;
  /** Data qubits and ancillas. */
  readonly qubits: number;
  readonly cycles: number;
  /** The average fidelity with it: exact for a bare qubit, else as the errors per cycle say. */
  readonly fidelity: number;
  /** The error per cycle of distances 3, 5 and 7, X and Z averaged, and Λ between 3 and 7. */
  readonly sampled?: { readonly errors: readonly Estimate[]; readonly suppression: Estimate };
}

export interface PlanOptions {
  readonly timeNs: number;
  /** Averaged over the six cardinal states, above 1/2 and below 1. */
  readonly fidelity: number;
  /** From cycle to cycle; at least the shortest that the machine's operations allow. */
  readonly cycleNs: number;
  /** Memories sampled for each distance, basis and length. */
  readonly shots: number;
  /** The lengths that errors per cycle are fitted to, in cycles. */
  readonly lengths: readonly number[];
  readonly random: RandomSource;
}

/**
 * The smallest rotated surface code that keeps a qubit well enough. Its error per cycle is sampled
 * at distances 3, 5 and 7 and carried on by the same factor Λ for each step of 2, as theory has it
 * below the threshold; nothing larger is sampled.
 *
 * @returns undefined when no distance up to 99 is enough: where Λ is not above 1, none is.
 * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE`, `FIDELITY_OUT_OF_RANGE`, those of a bad
 *   machine, and `INVALID_COUNTS` when too few shots were taken to see an error
 */
export function planMemory(hardware: Hardware, options: PlanOptions): MemoryPlan | undefined {
  const { timeNs, fidelity, cycleNs } = options;
  checkHardware(hardware);
  checkDuration(timeNs);
  checkFidelity(fidelity);
  const unprotected = unprotectedFidelity(hardware, timeNs);
  if (unprotected >= fidelity) {
    return { unprotected, distance: 1, qubits: 1, cycles: 0, fidelity: unprotected };
  }
  const errors = [3, 5, 7].map((distance) => sampledError(hardware, distance, options));
  const between = suppression(errors[0], errors[2]);
  // Two steps of distance lie between 3 and 7.
  const step = {
    value: Math.sqrt(between.value),
    low: Math.sqrt(between.low),
    high: Math.sqrt(between.high),
  };
  const cycles = Math.ceil(timeNs / cycleNs);
  const distance = neededDistance(
    { error: errors[2].value, distance: 7, suppression: step.value },
    { cycles, fidelity },
  );
  if (distance === undefined) return undefined;
  const error = errors[2].value * pow(step.value, (7 - distance) / 2);
  return {
    unprotected,
    distance,
    qubits: 2 * distance * distance - 1,
    cycles,
    fidelity: keptFidelity(error, cycles),
    sampled: { errors, suppression: step },
  };
}

/**
 * The average fidelity after so many cycles in each of which X and Z of the kept qubit flip with
 * this probability, independently: 1/2 + (2λ + λ²)/6 with λ = (1 − 2ε)^n.
 */
export function keptFidelity(errorPerCycle: number, cycles: number): number {
  const kept = pow(1 - 2 * errorPerCycle, cycles);
  return 0.5 + (2 * kept + kept * kept) / 6;
}

/**
 * The least odd distance, from 3 on, that reaches a fidelity when errors per cycle fall by the same
 * factor for each step of 2.
 *
 * @param known - the error per cycle at one distance and the factor.
 * @returns undefined when none up to 99 does.
 * @throws {TimingBufferError} `FIDELITY_OUT_OF_RANGE`
 */
export function neededDistance(
  known: { readonly error: number; readonly distance: number; readonly suppression: number },
  goal: { readonly cycles: number; readonly fidelity: number },
): number | undefined {
  checkFidelity(goal.fidelity);
  if (!(known.suppression > 1)) return undefined;
  for (let distance = 3; distance <= MAX_DISTANCE; distance += 2) {
    const error = known.error * pow(known.suppression, (known.distance - distance) / 2);
    if (error < 0.5 && keptFidelity(error, goal.cycles) >= goal.fidelity) return distance;
  }
  return undefined;
}

function sampledError(hardware: Hardware, distance: number, options: PlanOptions): Estimate {
  const layout = rotatedSurfaceLayout(distance);
  const noise = cycleNoise(
    hardware,
    layout,
    Math.max(options.cycleNs, shortestCycleNs(hardware, layout)),
  );
  const { x, z } = sampledErrorPerCycle(layout, noise, options);
  return geometricMean(x, z);
}

function geometricMean(a: Estimate, b: Estimate): Estimate {
  if (!(a.low > 0 && b.low > 0)) {
    throw new TimingBufferError('INVALID_COUNTS', 'too few shots to see an error of each kind');
  }
  const value = Math.sqrt(a.value * b.value);
  const widths = [a, b].map(({ low, high }) => (log(high) - log(low)) / 2);
  const spread = exp(Math.sqrt(widths[0] * widths[0] + widths[1] * widths[1]) / 2);
  return { value, low: value / spread, high: value * spread };
}

function checkFidelity(fidelity: number): void {
  if (fidelity > 0.5 && fidelity < 1) return;
  throw new TimingBufferError(
    'FIDELITY_OUT_OF_RANGE',
    `a fidelity of ${fidelity} is not above 1/2, which a lost state has, and below 1`,
  );
}
