import { abstain, defineExpert, lean } from './expert.ts';

const PERIOD = 14;
const OVERSOLD = 30;
const OVERBOUGHT = 70;

/** Expects a rise when the relative strength index is oversold, a fall when overbought. */
export const rsiReversion = defineExpert({
  name: 'rsi-reversion',
  title: 'Relative strength index 14, reversion outside 30 and 70',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems',
  // Long after the start: what came before it weighs less than (13/14)^241 = 2e-8.
  lookback: 256,
  rule: ({ close }, from) => {
    const rsi = relativeStrengthIndex(close, from, PERIOD);
    if (rsi < OVERSOLD) return lean((OVERSOLD - rsi) / OVERSOLD, 1);
    if (rsi > OVERBOUGHT) return lean((OVERBOUGHT - rsi) / (100 - OVERBOUGHT), 1);
    return abstain(Number.isNaN(rsi) ? 'DEGENERATE_WINDOW' : 'NO_SIGNAL');
  },
});

/**
 * Wilder's index of the last close, in [0, 100], over close[from, …end); NaN when no close differs
 * from the one before. Needs at least period + 1 closes.
 */
export function relativeStrengthIndex(close: Float64Array, from: number, period: number): number {
  let gain = 0;
  let loss = 0;
  for (let i = from + 1; i < close.length; i++) {
    const change = close[i] - close[i - 1];
    const seeding = i - from <= period;
    const keep = seeding ? 1 : (period - 1) / period;
    const add = Math.abs(change) / period;
    gain = gain * keep + (change > 0 ? add : 0);
    loss = loss * keep + (change < 0 ? add : 0);
  }
  return (100 * gain) / (gain + loss);
}
