import { abstain, defineExpert, exceed } from './expert.ts';
import { mean } from './indicators/mean.ts';

const PERIOD = 20;
const BAND_WIDTH = 2;

/** Expects a close outside its Bollinger band to come back. */
export const bollingerReversion = defineExpert({
  name: 'bollinger-reversion',
  title: 'Bollinger bands 20, 2, reversion from outside',
  source: 'Bollinger (2001), Bollinger on Bollinger Bands',
  lookback: PERIOD,
  rule: ({ close, length }, from) => {
    const deviations = bandDeviations(close, from, length);
    return Number.isNaN(deviations)
      ? abstain('DEGENERATE_WINDOW')
      : exceed(-deviations, BAND_WIDTH, 'NO_SIGNAL');
  },
});

/**
 * How many standard deviations (population) the last of close[from, to) is above their mean; NaN
 * when all are equal. At most √(n − 1) for n closes.
 */
export function bandDeviations(close: Float64Array, from: number, to: number): number {
  const last = close[to - 1];
  const middle = mean(close, from, to);
  let squares = 0;
  let flat = true;
  for (let i = from; i < to; i++) {
    const deviation = close[i] - middle;
    squares += deviation * deviation;
    flat &&= close[i] === last;
  }
  return flat ? NaN : (last - middle) / Math.sqrt(squares / (to - from));
}
