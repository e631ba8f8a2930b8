import { cos, sin } from '@sema/simulator/elementary';
import { checkDistribution, checkInteger, checkLength, checkValues } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';

const COUNT = { from: 1, to: 1 << 14 };
const PHASE = { from: -1e6, to: 1e6 };

/** Options whose outcome depends on modes that nobody resolves: what if it rains, what if not. */
export interface InterferingProspects {
  /** How many options; the modes are as many as the entries of an option. */
  readonly options: number;
  /** Classical probability of option and mode together, option by option: ≥ 0, sum 1. */
  readonly joint: ArrayLike<number>;
  /** As many phases, in radians, within ±1e6. Where all are π/2 apart or more nothing adds up. */
  readonly phases: ArrayLike<number>;
}

/** Probabilities p = f + q of choosing each option. */
export interface QuantumDecision {
  /** p: ≥ 0, sum 1. */
  readonly probabilities: Float64Array;
  /** f: what classical probability would say; sum 1. */
  readonly utilityFactors: Float64Array;
  /** q = p − f: what interference adds; each in [−1, 1], sum 0 (alternation). */
  readonly attractionFactors: Float64Array;
}

/**
 * Quantum decision theory: an option reached through several unresolved modes has the amplitude
 * Σ √p(option, mode)·e^{iφ}, so its probability is the classical sum over modes plus, for each pair
 * of modes, 2√(p₁p₂)·cos(φ₁ − φ₂), over the sum of this for all options. The classical twin of
 * `InterferenceCircuit.decide`. O(options × modes).
 *
 * @throws {AlgorithmError} `OUT_OF_RANGE`, `EMPTY`, `LENGTH_MISMATCH`, `NOT_A_DISTRIBUTION` (also
 * when all paths cancel, to 1e-12, so that nothing is left to choose)
 * @see Yukalov & Sornette (2011), "Decision theory with prospect interference and entanglement"
 */
export function interferingDecision(prospects: InterferingProspects): QuantumDecision {
  const modes = checkProspects(prospects);
  const { options, joint, phases } = prospects;
  const probabilities = new Float64Array(options);
  const utilityFactors = new Float64Array(options);
  let mass = 0;
  let total = 0;
  for (let option = 0; option < options; option += 1) {
    let real = 0;
    let imaginary = 0;
    for (let k = option * modes; k < (option + 1) * modes; k += 1) {
      const amplitude = Math.sqrt(joint[k]);
      real += amplitude * cos(phases[k]);
      imaginary += amplitude * sin(phases[k]);
      utilityFactors[option] += joint[k];
    }
    probabilities[option] = real * real + imaginary * imaginary;
    mass += utilityFactors[option];
    total += probabilities[option];
  }
  checkRemaining(total);
  for (let option = 0; option < options; option += 1) {
    utilityFactors[option] /= mass;
    probabilities[option] /= total;
  }
  const attractionFactors = probabilities.map((p, option) => p - utilityFactors[option]);
  return { probabilities, utilityFactors, attractionFactors };
}

/** Below this share of what there was the rest is rounding. */
const SMALLEST_REST = 1e-12;

/** @throws {AlgorithmError} `NOT_A_DISTRIBUTION` */
export function checkRemaining(rest: number): void {
  if (!(rest > SMALLEST_REST)) {
    throw new AlgorithmError('NOT_A_DISTRIBUTION', `the paths cancel: ${rest} of 1 is left`);
  }
}

/** @returns the number of modes. */
export function checkProspects({ options, joint, phases }: InterferingProspects): number {
  checkInteger('options', options, COUNT);
  checkDistribution('joint', joint);
  const modes = joint.length / options;
  checkInteger('modes', modes, COUNT);
  checkLength('phases', phases, joint.length);
  checkValues('phases', phases, PHASE);
  return modes;
}

/**
 * The quarter law: not knowing the attraction factor of two options, expect the more attractive one
 * to be chosen by ¼ more than its utility factor says, and the other by ¼ less.
 *
 * @param utilityFactors - two, ≥ 0, sum 1.
 * @param attractive - which of them attracts more: 0 or 1.
 * @returns both probabilities, cut to [0, 1].
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `NOT_A_DISTRIBUTION`
 * @see Yukalov & Sornette (2011), section 7
 */
export function quarterLaw(utilityFactors: ArrayLike<number>, attractive: 0 | 1): Float64Array {
  checkDistribution('utility factors', utilityFactors);
  checkLength('utility factors', utilityFactors, 2);
  const chosen = Math.min(1, utilityFactors[attractive] + 0.25);
  return attractive === 0
    ? Float64Array.of(chosen, 1 - chosen)
    : Float64Array.of(1 - chosen, chosen);
}
