import { LearningError } from './errors.ts';
import {
  NEARLY_ONE,
  requireEntry,
  requireLength,
  requireNumber,
  type Range,
} from './validation.ts';

/** What kind of market it is, from the mildest to the worst. */
export type Regime = 'stable' | 'trending' | 'volatile' | 'crisis';

/** All regimes, in the order in which memberships and amplitudes list them. */
export const REGIMES: readonly Regime[] = ['stable', 'trending', 'volatile', 'crisis'];

export interface RegimeFeatures {
  /** Annualised standard deviation of returns, ≥ 0: 0.16 is 16 % a year. */
  readonly volatility: number;
  /** How straight the path was, in [0, 1]: Kaufman's efficiency ratio, |net move| / path length. */
  readonly trendClarity: number;
  /** Volume over its recent mean, ≥ 0; 1 is usual. */
  readonly normalizedVolume: number;
}

/** A soft boundary: nothing belongs below `start`, everything from `full` on, linear between. */
export interface SoftBoundary {
  readonly start: number;
  readonly full: number;
}

export interface RegimeThresholds {
  /** In trend clarity. */
  readonly trending: SoftBoundary;
  /** In stress: volatility weighed by volume. */
  readonly volatile: SoftBoundary;
  /** In stress: volatility weighed by volume. */
  readonly crisis: SoftBoundary;
}

/**
 * For large stock indices, over windows of 20 days: round numbers from what is known of random
 * walks and of stocks in the long run, not fitted to any series. Other markets need their own:
 * bitcoin at its usual 60 % a year would seldom leave volatile and crisis.
 *
 * - trending: a random walk of n steps has a mean efficiency ratio of 1/√n, 0.22 at n = 20, and one
 *   in twenty is above 0.55.
 * - volatile: from 0.20, about what a large stock index varies in the long run, to twice that.
 * - crisis: centred on 0.70, the volatility at which the risk gate opens nothing any more.
 */
export const STOCK_INDEX_THRESHOLDS: RegimeThresholds = {
  trending: { start: 0.2, full: 0.55 },
  volatile: { start: 0.2, full: 0.4 },
  crisis: { start: 0.5, full: 0.9 },
};

/** What a large stock index varies in the long run, a year. */
const USUAL_STOCK_VOLATILITY = 0.2;

/**
 * The thresholds of a market whose volatility is usually another: those of stock indices, with
 * stress measured in units of what is usual here.
 *
 * @param usualVolatility - annualised, from the past of that market, in [1e-6, 1e6].
 * @throws {LearningError} `INVALID_OPTION`
 */
export function thresholdsFor(usualVolatility: number): RegimeThresholds {
  const range = { min: 1e-6, max: 1e6 };
  const usual = requireNumber(usualVolatility, 'usualVolatility', range, 'INVALID_OPTION');
  const scaled = ({ start, full }: SoftBoundary): SoftBoundary => ({
    start: (start / USUAL_STOCK_VOLATILITY) * usual,
    full: (full / USUAL_STOCK_VOLATILITY) * usual,
  });
  const { trending, volatile, crisis } = STOCK_INDEX_THRESHOLDS;
  return { trending, volatile: scaled(volatile), crisis: scaled(crisis) };
}

const NOT_NEGATIVE: Range = { min: 0, max: Number.MAX_VALUE };
const FRACTION: Range = { min: 0, max: 1 };

/**
 * How much the market belongs to each regime: a partition of unity, defined, continuous and with
 * sum 1 for all features in range. O(1).
 *
 * Stress is volatility times a factor from 0.75 without volume over 1 at the usual volume to 1.25
 * without bound on volume, because prices that move on heavy trading carry more information (Clark
 * 1973). Crisis takes its share of the whole by stress, volatile of the rest by stress, trending of
 * what is left by trend clarity, and stable keeps the remainder. So more volatility never lowers
 * crisis and never raises stable; a calm, straight path is trending.
 *
 * @param features - finite numbers in the ranges stated at `RegimeFeatures`.
 * @returns 4 numbers in [0, 1] in the order of `REGIMES`, whose sum from left to right is exactly
 *   1; with thresholds where volatile and crisis overlap it may be 1 + 2^−52.
 * @throws {LearningError} `INVALID_FEATURE`, `INVALID_OPTION` for a boundary with start ≥ full
 * @see Kaufman (1995), Smarter Trading, for the efficiency ratio
 */
export function regimeMemberships(
  { volatility, trendClarity, normalizedVolume }: RegimeFeatures,
  thresholds: RegimeThresholds = STOCK_INDEX_THRESHOLDS,
): Float64Array {
  const code = 'INVALID_FEATURE';
  requireNumber(volatility, 'volatility', NOT_NEGATIVE, code);
  requireNumber(trendClarity, 'trendClarity', FRACTION, code);
  requireNumber(normalizedVolume, 'normalizedVolume', NOT_NEGATIVE, code);
  const volumeFactor = 0.75 + 0.5 * (normalizedVolume / (1 + normalizedVolume));
  const stress = volatility * volumeFactor;

  const crisis = shareBeyond(stress, thresholds.crisis, 'crisis');
  const calm = 1 - crisis;
  const volatile = calm * shareBeyond(stress, thresholds.volatile, 'volatile');
  const quiet = calm - volatile;
  const trending = quiet * shareBeyond(trendClarity, thresholds.trending, 'trending');
  return withSumOne(Float64Array.of(quiet - trending, trending, volatile, crisis));
}

/**
 * The amplitudes √membership, so that a state with them shows each regime with its membership as
 * the Born probability.
 *
 * @param memberships - 4 numbers in [0, 1] with sum 1 ± 1e-9, in the order of `REGIMES`.
 * @returns 4 numbers ≥ 0 whose squares sum to 1 as the memberships do.
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_MEMBERSHIPS`
 */
export function regimeAmplitudes(memberships: ArrayLike<number>): Float64Array {
  requireMemberships(memberships);
  const amplitudes = new Float64Array(REGIMES.length);
  for (let i = 0; i < amplitudes.length; i += 1) amplitudes[i] = Math.sqrt(memberships[i]);
  return amplitudes;
}

/** Refuses anything but 4 numbers in [0, 1] with sum 1 ± 1e-9. */
export function requireMemberships(memberships: ArrayLike<number>): void {
  requireLength(memberships, 'memberships', REGIMES.length);
  const code = 'INVALID_MEMBERSHIPS';
  let sum = 0;
  for (let i = 0; i < REGIMES.length; i += 1) {
    sum += requireEntry(memberships, i, 'memberships', FRACTION, code);
  }
  requireNumber(sum, 'the sum of the memberships', NEARLY_ONE, code);
}

/** The index of the largest entry; of equals, the first. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[largest]) largest = i;
  return largest;
}

function shareBeyond(value: number, { start, full }: SoftBoundary, name: string): number {
  if (!(start >= 0 && start < full && full < Infinity)) {
    throw new LearningError(
      'INVALID_OPTION',
      `the ${name} boundary [${start}, ${full}] needs 0 ≤ start < full < ∞`,
    );
  }
  return Math.min(1, Math.max(0, (value - start) / (full - start)));
}

/** Makes the last share that is not 0 the exact remainder: the sum from left to right is 1. */
function withSumOne(shares: Float64Array): Float64Array {
  let last = shares.length - 1;
  while (shares[last] === 0) last -= 1;
  let before = 0;
  for (let i = 0; i < last; i += 1) before += shares[i];
  shares[last] = Math.max(0, 1 - before);
  return shares;
}
