import { memoryUsage } from 'node:process';
import { garbageCollector } from '../allocated-bytes.ts';

/** Bytes in use after a forced collection. */
export interface MemorySample {
  /** V8's heap, and what it holds outside of it: buffers and what native modules declare. */
  readonly held: number;
  /** What the operating system counts, pages that nobody uses any more included. */
  readonly resident: number;
}

/** Reads what the process holds when all garbage is gone. */
export function memorySampler(): () => MemorySample {
  const collect = garbageCollector();
  return () => {
    // The second collection frees what finalisers of the first let go.
    collect();
    collect();
    const { heapUsed, external, rss } = memoryUsage();
    return { held: heapUsed + external, resident: rss };
  };
}

export interface Trend {
  /** Least squares, per step from one value to the next. */
  readonly slope: number;
  /** Half of the width of the 95 % interval of the slope. */
  readonly margin: number;
}

/**
 * The straight line through values at equal steps. The interval takes the residuals for independent
 * and normal.
 *
 * @param values - at least three.
 */
export function trendOf(values: ArrayLike<number>): Trend {
  const { length } = values;
  const middle = (length - 1) / 2;
  let mean = 0;
  for (let index = 0; index < length; index++) mean += values[index] / length;
  let products = 0;
  let squares = 0;
  for (let index = 0; index < length; index++) {
    products += (index - middle) * (values[index] - mean);
    squares += (index - middle) ** 2;
  }
  const slope = products / squares;
  let residuals = 0;
  for (let index = 0; index < length; index++) {
    residuals += (values[index] - mean - slope * (index - middle)) ** 2;
  }
  const degrees = length - 2;
  return { slope, margin: studentQuantile(degrees) * Math.sqrt(residuals / degrees / squares) };
}

/**
 * The 97.5 % quantile of Student's t, to 1 % from 3 degrees of freedom on.
 *
 * @see Abramowitz & Stegun (1964), 26.7.5
 */
function studentQuantile(degrees: number): number {
  const z = 1.959964;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}
