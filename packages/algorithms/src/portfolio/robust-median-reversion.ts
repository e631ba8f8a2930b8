import { checkInteger, checkRange } from '../argument-checks.ts';
import { LARGEST_PREDICTION, revertTo } from './mean-reversion.ts';
import { checkRelatives } from './price-relatives.ts';
import { uniformWeights } from './strategy.ts';
import type { PortfolioStrategy } from './strategy.ts';

const THRESHOLD = { from: 0, to: 1e6 };
const WINDOW = { from: 2, to: 1000 };

/** Closes of prices that rise or fall without end stay within these. */
const CLOSE = { from: 1e-100, to: 1e100 };

/**
 * RMR: predicts that prices return to the geometric median of the last closes, which a single wild
 * day moves less than their mean, and moves, by as little as it can, to shares that would gain ε if
 * they did.
 *
 * Closes count from 1 after the first period, as in the authors' toolbox; the median of several
 * assets together depends on these units. Until one more than the window has been seen the
 * prediction is the last relative itself.
 *
 * @see Huang, Zhou, Li, Hoi & Zhou (2013), "Robust Median Reversion Strategy for On-Line Portfolio
 * Selection"
 */
export class RobustMedianReversion implements PortfolioStrategy {
  readonly weights: Float64Array;
  readonly #threshold: number;
  /** The last closes, oldest first. */
  readonly #closes: Float64Array[];
  readonly #prediction: Float64Array;
  readonly #scratch: MedianScratch;
  #periods = 0;

  /**
   * @param assets - 1 … 10 000.
   * @param options - threshold: ε in [0, 1e6], the authors' is 5. window: w, 2 … 1000 closes, the
   * authors' is 5.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(
    assets: number,
    { threshold, window }: { readonly threshold: number; readonly window: number },
  ) {
    checkRange('threshold', threshold, THRESHOLD);
    checkInteger('window', window, WINDOW);
    this.weights = uniformWeights(assets);
    this.#threshold = threshold;
    this.#closes = Array.from({ length: window }, () => new Float64Array(assets).fill(1));
    this.#prediction = new Float64Array(assets);
    this.#scratch = {
      column: new Float64Array(window),
      weighted: new Float64Array(assets),
      pull: new Float64Array(assets),
    };
  }

  update(relatives: ArrayLike<number>): void {
    checkRelatives(relatives, this.weights.length);
    this.#periods += 1;
    if (this.#periods > 1) this.#close(relatives);
    if (this.#periods > this.#closes.length) this.#predictMedian();
    else this.#prediction.set(relatives);
    revertTo(this.weights, this.#prediction, this.#threshold, this.#scratch.weighted);
  }

  #close(relatives: ArrayLike<number>): void {
    const closes = this.#closes;
    const oldest = closes[0];
    const last = closes[closes.length - 1];
    for (let i = 0; i < oldest.length; i += 1) {
      oldest[i] = Math.min(CLOSE.to, Math.max(CLOSE.from, last[i] * relatives[i]));
    }
    closes.copyWithin(0, 1);
    closes[closes.length - 1] = oldest;
  }

  #predictMedian(): void {
    const predicted = this.#prediction;
    geometricMedian(this.#closes, predicted, this.#scratch);
    const last = this.#closes[this.#closes.length - 1];
    for (let i = 0; i < predicted.length; i += 1) {
      predicted[i] = Math.min(LARGEST_PREDICTION, predicted[i] / last[i]);
    }
  }
}

interface MedianScratch {
  /** As long as there are points. */
  readonly column: Float64Array;
  /** As long as a point. */
  readonly weighted: Float64Array;
  /** As long as a point. */
  readonly pull: Float64Array;
}

const MOST_STEPS = 200;
const STEP_TOLERANCE = 1e-9;
const SAME_POINT = 1e-15;

/**
 * The point with the smallest sum of Euclidean distances to `points`, from their median per
 * coordinate on, until a step is below 1e-9 of the point (in the sum of coordinates) or 200 steps.
 *
 * @see Vardi & Zhang (2000), "The multivariate L1-median and associated data depth"
 */
function geometricMedian(
  points: readonly Float64Array[],
  median: Float64Array,
  scratch: MedianScratch,
): void {
  coordinateMedian(points, median, scratch.column);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { moved, size } = medianStep(points, median, scratch);
    if (moved <= STEP_TOLERANCE * size) return;
  }
}

function coordinateMedian(
  points: readonly Float64Array[],
  median: Float64Array,
  column: Float64Array,
): void {
  const count = points.length;
  const middle = count >> 1;
  for (let i = 0; i < median.length; i += 1) {
    for (let k = 0; k < count; k += 1) column[k] = points[k][i];
    column.sort();
    median[i] = count % 2 === 1 ? column[middle] : (column[middle - 1] + column[middle]) / 2;
  }
}

/** A Weiszfeld step that a point in the way, `median` itself, holds back as Vardi & Zhang say. */
function medianStep(
  points: readonly Float64Array[],
  median: Float64Array,
  { weighted, pull }: MedianScratch,
): { moved: number; size: number } {
  weighted.fill(0);
  pull.fill(0);
  let weights = 0;
  let held = 0;
  for (const point of points) {
    const distance = distanceBetween(point, median);
    if (distance < SAME_POINT) {
      held = 1;
      continue;
    }
    weights += 1 / distance;
    for (let i = 0; i < point.length; i += 1) {
      weighted[i] += point[i] / distance;
      pull[i] += (point[i] - median[i]) / distance;
    }
  }
  let squaredPull = 0;
  for (let i = 0; i < pull.length; i += 1) squaredPull += pull[i] * pull[i];
  const kept = squaredPull === 0 ? 0 : Math.min(1, held / Math.sqrt(squaredPull));
  let moved = 0;
  let size = 0;
  for (let i = 0; i < median.length; i += 1) {
    size += Math.abs(median[i]);
    if (weights === 0) continue;
    const next = (1 - kept) * (weighted[i] / weights) + kept * median[i];
    moved += Math.abs(next - median[i]);
    median[i] = next;
  }
  return { moved, size };
}

function distanceBetween(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return Math.sqrt(sum);
}
