import { expect } from 'vitest';
import { HISTOGRAM_BINS } from '../src/index.ts';
import type { WindowSummary } from '../src/index.ts';
import type { EntryArguments } from './invalid-entries.ts';

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = sum(values) / values.length;
  return { mean, deviation: Math.sqrt(sum(values.map((x) => (x - mean) ** 2)) / values.length) };
}

/** The definitions, computed from all entries of the window at once. */
function naiveSummary(entries: readonly EntryArguments[]): WindowSummary {
  const [times, , coherences, executions] = [0, 1, 2, 3].map((field) =>
    // Field 1 holds lists and is not used from here.
    entries.map((entry) => entry[field] as number),
  );
  const coherence = meanAndDeviation(coherences);
  const execution = meanAndDeviation(executions);
  const lists = entries.map(([, measurements]) => Array.from(measurements));
  const bins = new Map<number, number>();
  for (const value of lists.flat()) {
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor(value * HISTOGRAM_BINS));
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const total = sum([...bins.values()]);
  const channels = lists.reduce((longest, list) => Math.max(longest, list.length), 0);
  const span = times[times.length - 1] - times[0];
  return {
    count: entries.length,
    firstNs: times[0],
    lastNs: times[times.length - 1],
    meanCoherence: coherence.mean,
    maxCoherence: coherences.reduce((most, value) => Math.max(most, value), 0),
    coherenceStability: 1 / (1 + coherence.deviation),
    meanExecutionNs: execution.mean,
    executionStability: execution.mean === 0 ? 1 : 1 / (1 + execution.deviation / execution.mean),
    meanMeasurements: Float64Array.from({ length: channels }, (_, channel) => {
      const present = lists.filter((list) => list.length > channel);
      return sum(present.map((list) => list[channel])) / present.length;
    }),
    entropyBits:
      total === 0
        ? undefined
        : -sum([...bins.values()].map((c) => (c / total) * Math.log2(c / total))),
    throughputPerSecond: span === 0 ? undefined : ((entries.length - 1) / span) * 1e9,
  };
}

/** Expects the statistics of a window to be those of its entries, to within rounding. */
export function expectClose(found: WindowSummary, entries: readonly EntryArguments[]): void {
  const naive = naiveSummary(entries);
  // n additions of numbers ≥ 0 err by less than n·2^-53 of the result, here and in the recompute;
  // a deviation σ errs by n·κ·2^-53, κ ≤ 1 + mean/σ, of itself, so by n·2^-53 of mean + σ.
  const relative = 4 * (entries.length + 8) * 2 ** -53;
  const near = (a: number, b: number, scale: number): void => {
    // The second term is the rounding of subnormal numbers, which is not relative.
    expect(Math.abs(a - b)).toBeLessThanOrEqual(
      relative * scale + entries.length * Number.MIN_VALUE,
    );
  };
  expect(found.count).toBe(naive.count);
  expect(found.firstNs).toBe(naive.firstNs);
  expect(found.lastNs).toBe(naive.lastNs);
  expect(found.maxCoherence).toBe(naive.maxCoherence);
  near(found.meanCoherence, naive.meanCoherence, naive.meanCoherence);
  near(found.meanExecutionNs, naive.meanExecutionNs, naive.meanExecutionNs);
  // Both stabilities are 1/(1 + y), whose slope is at most 1.
  near(found.coherenceStability, naive.coherenceStability, 1);
  near(found.executionStability, naive.executionStability, 1 / naive.executionStability);
  expect(found.meanMeasurements.length).toBe(naive.meanMeasurements.length);
  found.meanMeasurements.forEach((mean, channel) => {
    near(mean, naive.meanMeasurements[channel], naive.meanMeasurements[channel]);
  });
  if (naive.entropyBits === undefined) expect(found.entropyBits).toBeUndefined();
  else {
    expect(found.entropyBits).toBeGreaterThanOrEqual(0);
    // The bound that the entropy states.
    expect(Math.abs((found.entropyBits ?? NaN) - naive.entropyBits)).toBeLessThan(1e-13);
  }
  if (naive.throughputPerSecond === undefined) expect(found.throughputPerSecond).toBeUndefined();
  else near(found.throughputPerSecond ?? NaN, naive.throughputPerSecond, naive.throughputPerSecond);
}
