import { defineExpert, lean } from './expert.ts';

const FAST = 12;
const SLOW = 26;
const SIGNAL = 9;

/** Follows the sign of the histogram: MACD line above or below its signal line. */
export const macdHistogram = defineExpert({
  name: 'macd-histogram',
  title: 'Moving average convergence divergence 12, 26, 9',
  source: 'Appel (2005), Technical Analysis: Power Tools for Active Investors',
  // Long after the start: what came before it weighs less than (25/27)^221 = 1e-7.
  lookback: 256,
  rule: ({ close }, from) => {
    const { histogram, largest } = macd(close, from);
    // 0/0 in a flat window: degenerate.
    return lean(histogram / largest, 1);
  },
});

/**
 * Histogram of the last of close[from, …end), in units of price, and the largest size that it had
 * once SLOW + SIGNAL closes had been seen. Averages start at the first close.
 */
export function macd(
  close: Float64Array,
  from: number,
): { readonly line: number; readonly histogram: number; readonly largest: number } {
  // Averages of distances to the first close: the same line, exactly zero in a flat window.
  const origin = close[from];
  let fast = 0;
  let slow = 0;
  let line = 0;
  let signal = 0;
  let largest = 0;
  for (let i = from + 1; i < close.length; i++) {
    const price = close[i] - origin;
    fast += (2 / (FAST + 1)) * (price - fast);
    slow += (2 / (SLOW + 1)) * (price - slow);
    line = fast - slow;
    signal += (2 / (SIGNAL + 1)) * (line - signal);
    if (i - from >= SLOW + SIGNAL) largest = Math.max(largest, Math.abs(line - signal));
  }
  return { line, histogram: line - signal, largest };
}
