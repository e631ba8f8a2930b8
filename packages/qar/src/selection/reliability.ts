import { isotonicRegression } from './isotonic.ts';

/** One bin of a reliability diagram. */
export interface ReliabilityInterval {
  readonly meanForecast: number;
  /** How often it happened. */
  readonly frequency: number;
  readonly count: number;
  /** Where the frequency lies with a confidence of 95 %. */
  readonly low: number;
  readonly high: number;
}

/** How far forecasts can be taken at their word. */
export interface Reliability {
  readonly count: number;
  /** Mean of (p − y)². */
  readonly brierScore: number;
  /** What of it is due to bad calibration, ≥ 0: what recalibrating would save. */
  readonly miscalibration: number;
  /** What forecasts gain by telling events apart, ≥ 0. */
  readonly discrimination: number;
  /** Brier score of always stating how often it happens. */
  readonly uncertainty: number;
  /** Mean distance of forecast and frequency over the bins, by their counts. */
  readonly calibrationError: number;
  /** Forecasts in bins of equal width; empty ones are left out. */
  readonly bins: readonly ReliabilityInterval[];
}

export interface ReliabilityOptions {
  /** Bins of [0, 1], ≥ 1. */
  readonly bins: number;
  /** How many successive outcomes share their candles: they count as one in the intervals. */
  readonly overlap: number;
}

/** Two-sided 95 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * The reliability of forecasts, with the Brier score taken apart: score = miscalibration −
 * discrimination + uncertainty, exactly. The recalibrated forecasts that this compares with are the
 * isotonic regression of outcomes on forecasts, so no choice of bins enters. O(n log n).
 *
 * @param forecasts - in [0, 1].
 * @param happened - as many, 1 or 0.
 * @returns undefined without forecasts.
 * @see Dimitriadis, Gneiting & Jordan (2021), Stable reliability diagrams for probabilistic
 *   classifiers, PNAS 118; Murphy (1973), A new vector partition of the probability score
 */
export function reliability(
  forecasts: ArrayLike<number>,
  happened: ArrayLike<number>,
  { bins, overlap }: ReliabilityOptions,
): Reliability | undefined {
  const count = forecasts.length;
  if (count === 0) return undefined;
  let squares = 0;
  let events = 0;
  for (let i = 0; i < count; i++) {
    squares += (forecasts[i] - happened[i]) * (forecasts[i] - happened[i]);
    events += happened[i];
  }
  const rate = events / count;
  const brierScore = squares / count;
  const uncertainty = rate * (1 - rate);
  const recalibrated = recalibratedScore(forecasts, happened);
  const curve = binned(forecasts, happened, bins, overlap);
  let error = 0;
  for (const bin of curve) error += bin.count * Math.abs(bin.meanForecast - bin.frequency);
  return {
    count,
    brierScore,
    // Rounding may take either a hair below 0.
    miscalibration: Math.max(0, brierScore - recalibrated),
    discrimination: Math.max(0, uncertainty - recalibrated),
    uncertainty,
    calibrationError: error / count,
    bins: curve,
  };
}

/**
 * Where the probability of an event lies that happened at this frequency in so many trials.
 *
 * @param count - independent trials, > 0, not necessarily whole.
 * @see Wilson (1927), Probable inference, the law of succession, and statistical inference
 */
export function wilsonInterval(frequency: number, count: number): [low: number, high: number] {
  const square = (Z * Z) / count;
  const centre = (frequency + square / 2) / (1 + square);
  const spread = (frequency * (1 - frequency)) / count + square / (4 * count);
  const half = (Z * Math.sqrt(spread)) / (1 + square);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Brier score of the forecasts' isotonic recalibration; equal forecasts are recalibrated alike. */
function recalibratedScore(forecasts: ArrayLike<number>, happened: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: forecasts.length }, (_, i) => i);
  order.sort((i, j) => forecasts[i] - forecasts[j] || i - j);
  const frequencies: number[] = [];
  const counts: number[] = [];
  let last = NaN;
  for (const i of order) {
    if (forecasts[i] === last) {
      const group = counts.length - 1;
      counts[group]++;
      frequencies[group] += (happened[i] - frequencies[group]) / counts[group];
    } else {
      counts.push(1);
      frequencies.push(happened[i]);
      last = forecasts[i];
    }
  }
  const fitted = isotonicRegression(frequencies, counts);
  let loss = 0;
  fitted.forEach((p, group) => {
    const frequency = frequencies[group];
    loss += counts[group] * (frequency * (1 - p) * (1 - p) + (1 - frequency) * p * p);
  });
  return loss / forecasts.length;
}

function binned(
  forecasts: ArrayLike<number>,
  happened: ArrayLike<number>,
  bins: number,
  overlap: number,
): ReliabilityInterval[] {
  const sums = Array.from({ length: bins }, () => ({ forecast: 0, events: 0, count: 0 }));
  for (let i = 0; i < forecasts.length; i++) {
    const bin = sums[Math.min(bins - 1, Math.floor(forecasts[i] * bins))];
    bin.forecast += forecasts[i];
    bin.events += happened[i];
    bin.count++;
  }
  return sums
    .filter(({ count }) => count > 0)
    .map(({ forecast, events, count }) => {
      const frequency = events / count;
      const [low, high] = wilsonInterval(frequency, Math.max(1, count / overlap));
      return { meanForecast: forecast / count, frequency, count, low, high };
    });
}
