import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineStreamingExpert, exceed } from './expert.ts';
import type { ExpertStream, Opinion } from './expert.ts';
import { GroupedSums } from './indicators/exact-sums.ts';
import { standardizedReturn, VOLATILITY_RETURNS } from './indicators/volatility-before.ts';

const CANDLES = 252;
/** Standard deviations of a return that make it a shock. */
const SHOCK = 1;
/** Candles after a shock up, after one down, after none, that a mean of them needs. */
const FEWEST = 10;
/** Two-sided 10 % point of the normal distribution. */
const CRITICAL = 1.6448536269514722;

/**
 * Whether this market gains from shocks or is harmed by them, once one has come.
 *
 * With f(s) the mean return of the candle after a return s, both in units of the volatility before
 * them, the convexity is (f(+) + f(−))/2 − f(0): what shocks of either sign bring over calm. The
 * average over both signs leaves momentum and reversal out. Up where it is above zero
 * (antifragile), down where it is below (fragile), by more than chance; silent when the last candle
 * was calm.
 */
export const antifragility = defineStreamingExpert({
  name: 'antifragility',
  title: 'Convexity of the response to shocks',
  source:
    'Taleb & Douady (2013), Mathematical definition, mapping, and detection of (anti)fragility, ' +
    'Quantitative Finance 13(11); second difference of Taleb, Canetti, Kinda, Loukoianova & ' +
    'Schmieder (2012), A new heuristic measure of fragility and tail risks, IMF WP/12/216',
  lookback: CANDLES,
  stream: () => new Convexity(),
});

const UP = 0;
const DOWN = 1;
const CALM = 2;
const NONE = -1;

class Convexity implements ExpertStream {
  readonly #responses = new GroupedSums(3, CANDLES - VOLATILITY_RETURNS - 2);
  /** Of the last candle. */
  #shock = NONE;

  take({ close }: CandleWindow, index: number): void {
    if (index <= VOLATILITY_RETURNS) return;
    const response = standardizedReturn(close, index);
    const known = !Number.isNaN(response);
    if (index > VOLATILITY_RETURNS + 1) this.#responses.push(known ? this.#shock : NONE, response);
    this.#shock = !known ? NONE : response > SHOCK ? UP : response < -SHOCK ? DOWN : CALM;
  }

  opinion(): Opinion {
    if (this.#shock === NONE) return abstain('DEGENERATE_WINDOW');
    if (this.#shock === CALM) return abstain('NO_SIGNAL');
    const sums = this.#responses;
    if (Math.min(sums.count(UP), sums.count(DOWN), sums.count(CALM)) < FEWEST) {
      return abstain('NOT_SIGNIFICANT');
    }
    const convexity = (sums.mean(UP) + sums.mean(DOWN)) / 2 - sums.mean(CALM);
    const error = (sums.squaredError(UP) + sums.squaredError(DOWN)) / 4 + sums.squaredError(CALM);
    return exceed(convexity / Math.sqrt(error), CRITICAL, 'NOT_SIGNIFICANT');
  }
}
