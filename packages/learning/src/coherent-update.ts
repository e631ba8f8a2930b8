import { atan2, expm1, log1p } from '@sema/simulator/elementary';
import { LearningError } from './errors.ts';
import { scaleToUnit, type PlaneRotation } from './plane-rotation.ts';
import {
  requireBoolean,
  requireEntry,
  requireLength,
  requireNumber,
  requireUnitVector,
  type Range,
} from './validation.ts';

/** Above 8 the regret bound ln N/η + ηT/8 exceeds any loss; below 1e-9 nothing is learned. */
export const LEARNING_RATE_RANGE: Range = { min: 1e-9, max: 8 };

/** Below it sums of subnormal products have no digits left, and no amplitude would change. */
const LEAST_LENGTH = 1e-300;

const LOSS_RANGE: Range = { min: 0, max: 1 };
const WEIGHT_RANGE: Range = { min: 0, max: Number.MAX_VALUE };

/**
 * Gives every sleeping expert the mix loss of the awake ones,
 * −ln(Σ_awake w_i e^{−ηℓ_i} / Σ_awake w_i)/η, which leaves its weight as it is. O(N).
 *
 * @param weights - N numbers ≥ 0; those of the awake experts must not all be 0.
 * @param losses - N numbers; each awake one in [0, 1], sleeping ones are not read.
 * @param awake - N booleans.
 * @param learningRate - η in [1e-9, 8].
 * @returns N losses in [0, 1], or undefined when everyone sleeps: there is nothing to learn.
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_LOSS`, `INVALID_WEIGHTS`, `INVALID_OPTION`
 * @throws {TypeError} when an entry of `awake` is not a boolean
 * @see Freund, Schapire, Singer & Warmuth (1997), Using and combining predictors that specialize
 */
export function effectiveLosses(
  weights: ArrayLike<number>,
  losses: ArrayLike<number>,
  awake: ArrayLike<boolean>,
  learningRate: number,
): Float64Array | undefined {
  const experts = weights.length;
  requireLength(losses, 'losses', experts);
  requireLength(awake, 'awake', experts);
  requireNumber(learningRate, 'learningRate', LEARNING_RATE_RANGE, 'INVALID_OPTION');
  let heaviest = -1;
  let awakeWeight = 0;
  for (let i = 0; i < experts; i += 1) {
    const weight = requireEntry(weights, i, 'weights', WEIGHT_RANGE, 'INVALID_WEIGHTS');
    if (!requireBoolean(awake[i], 'an entry of awake')) continue;
    requireEntry(losses, i, 'losses', LOSS_RANGE, 'INVALID_LOSS');
    awakeWeight += weight;
    if (heaviest < 0 || weight > weights[heaviest]) heaviest = i;
  }
  if (heaviest < 0) return undefined;
  if (!(awakeWeight > 0 && awakeWeight < Infinity)) {
    throw new LearningError('INVALID_WEIGHTS', `the awake experts weigh ${awakeWeight} in all`);
  }

  // The mix loss relative to the loss of the heaviest: exact when that one has all the weight, and
  // its share of at least 1/N keeps the mix inside the range of the losses, rounding or not.
  const reference = losses[heaviest];
  let growth = 0;
  for (let i = 0; i < experts; i += 1) {
    if (awake[i]) {
      growth += (weights[i] / awakeWeight) * expm1(learningRate * (reference - losses[i]));
    }
  }
  const mixLoss = reference - log1p(growth) / learningRate;
  const effective = new Float64Array(experts).fill(mixLoss);
  for (let i = 0; i < experts; i += 1) if (awake[i]) effective[i] = losses[i];
  return effective;
}

/**
 * The rotation that carries ψ to ψ' = e^{−ηL/2}ψ / ‖e^{−ηL/2}ψ‖, where L = diag(losses), inside
 * span{ψ, ψ'} by the angle arccos⟨ψ|ψ'⟩. The Born weights of ψ' are exactly the Hedge weights. For
 * losses of two values the plane is span{ψ, Lψ}; in general it is so to first order in η, where the
 * generator is i(η/2)[|ψ⟩⟨ψ|, L]. O(d).
 *
 * @param amplitudes - real unit vector ψ of d entries.
 * @param losses - d numbers in [0, 1].
 * @param learningRate - η in [1e-9, 8].
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_LOSS`, `INVALID_OPTION`
 * @see Motta et al. (2020), quantum imaginary-time evolution, of which this is the exact step
 */
export function coherentRotation(
  amplitudes: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
): PlaneRotation {
  requireUpdate(amplitudes, losses, learningRate, LEARNING_RATE_RANGE);
  return exactRotation(Float64Array.from(amplitudes), Float64Array.from(losses), learningRate);
}

/** What `exactRotation` works in, d numbers each; the axis is that of the rotation it returns. */
export interface RotationMemory {
  readonly filter: Float64Array;
  readonly axis: Float64Array;
}

export function rotationMemory(dimension: number): RotationMemory {
  return { filter: new Float64Array(dimension), axis: new Float64Array(dimension) };
}

/** `coherentRotation` of what has been checked. */
export function exactRotation(
  amplitudes: Float64Array,
  losses: Float64Array,
  learningRate: number,
  { filter, axis }: RotationMemory = rotationMemory(amplitudes.length),
): PlaneRotation {
  const dimension = amplitudes.length;
  const heaviest = heaviestState(amplitudes);

  // The filter relative to that of the heaviest state, less 1: e^{−η(ℓ−ℓ_heaviest)/2} − 1.
  // So nothing cancels when the losses are nearly equal or one state has nearly all the weight.
  let probability = 0;
  let mean = 0;
  // Sleepers share one loss and often lie side by side: their exponential is taken once.
  let lastLoss = losses[heaviest];
  let lastFilter = 0;
  for (let i = 0; i < dimension; i += 1) {
    if (amplitudes[i] === 0) continue;
    const weight = amplitudes[i] * amplitudes[i];
    if (losses[i] !== lastLoss) {
      lastLoss = losses[i];
      lastFilter = expm1((-learningRate * (lastLoss - losses[heaviest])) / 2);
    }
    filter[i] = lastFilter;
    probability += weight;
    mean += weight * filter[i];
  }
  mean /= probability;

  for (let i = 0; i < dimension; i += 1) {
    axis[i] = amplitudes[i] === 0 ? 0 : (filter[i] - mean) * amplitudes[i];
  }
  const length = scaleToUnit(axis);
  if (length < LEAST_LENGTH) return { angle: 0, axis: axis.fill(0) };
  // The tangent of the angle; arccos of the overlap would lose half the digits at small angles.
  return { angle: atan2(length, 1 + mean), axis };
}

/**
 * Checks what a rotation of ψ by losses is made from.
 *
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_LOSS`, `INVALID_OPTION`
 */
export function requireUpdate(
  amplitudes: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
  rates: Range,
): void {
  const dimension = amplitudes.length;
  requireLength(losses, 'losses', dimension);
  requireUnitVector(amplitudes, dimension);
  requireNumber(learningRate, 'learningRate', rates, 'INVALID_OPTION');
  for (let i = 0; i < dimension; i += 1) {
    requireEntry(losses, i, 'losses', LOSS_RANGE, 'INVALID_LOSS');
  }
}

/** The first of the states with the largest |amplitude|. */
export function heaviestState(amplitudes: Float64Array): number {
  let heaviest = 0;
  for (let i = 0; i < amplitudes.length; i += 1) {
    if (Math.abs(amplitudes[i]) > Math.abs(amplitudes[heaviest])) heaviest = i;
  }
  return heaviest;
}
