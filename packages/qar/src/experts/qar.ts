import { REGIMES, regimeMemberships } from '@sema/learning';
import type { CandleWindow } from '../market-data/candles.ts';
import { marketFeatures } from '../market-features.ts';
import { abstain, defineStreamingExpert, lean } from './expert.ts';
import type { ExpertStream, Opinion } from './expert.ts';
import { GroupedSums } from './indicators/exact-sums.ts';
import { standardizedReturn } from './indicators/volatility-before.ts';

const CANDLES = 252;
/** Candles that the features of a regime look back on. */
const FEATURE_CANDLES = 60;
const TREND_CANDLES = 20;
const YEAR_MS = 365.25 * 86_400_000;
/** Candles that the same regime must have had before. */
const FEWEST = 10;
/** Standard errors at which the opinion is at full strength. */
const FULL_STRENGTH = 2;

/**
 * The engine's own view: which regime this is, and what has paid in it.
 *
 * Every candle gets the regime to which it belongs most, by the features and memberships that the
 * engine decides with. Over the candles of the window whose predecessor was in the regime of now,
 * the return in the direction of the 20 candles before it says whether following has paid; the
 * opinion follows the last 20 candles where it has and opposes them where it has not, as strongly
 * as that mean is away from zero.
 */
export const qar = defineStreamingExpert({
  name: 'qar',
  title: 'What followed the trend of 20 candles in the regime of now',
  source:
    'Regimes of @sema/learning (regimeMemberships), after Kaufman (1995), Smarter Trading; ' +
    'trend-following by market state after Cooper, Gutierrez & Hameed (2004), Market states and ' +
    'momentum, Journal of Finance 59(3)',
  lookback: CANDLES,
  stream: () => new RegimeMemory(),
});

class RegimeMemory implements ExpertStream {
  readonly #followed = new GroupedSums(REGIMES.length, CANDLES - FEATURE_CANDLES);
  /** Regime of the last candle, −1 for none, and the direction of the candles up to it. */
  #regime = -1;
  #direction = 0;

  take(window: CandleWindow, index: number): void {
    if (index + 1 < FEATURE_CANDLES) return;
    const { close } = window;
    if (index >= FEATURE_CANDLES) {
      const followed = this.#direction * standardizedReturn(close, index);
      this.#followed.push(Number.isNaN(followed) ? -1 : this.#regime, followed);
    }
    this.#regime = regimeAt(window, index);
    this.#direction = Math.sign(close[index] - close[index - TREND_CANDLES]);
  }

  opinion(): Opinion {
    if (this.#regime < 0) return abstain('DEGENERATE_WINDOW');
    if (this.#followed.count(this.#regime) < FEWEST) return abstain('NOT_SIGNIFICANT');
    const error = Math.sqrt(this.#followed.squaredError(this.#regime));
    const score = (this.#direction * this.#followed.mean(this.#regime)) / error;
    return lean(score, FULL_STRENGTH);
  }
}

/** Index into `REGIMES`, −1 where the features do not exist. */
function regimeAt(window: CandleWindow, index: number): number {
  const { time } = window;
  const spacing = (time[index] - time[index + 1 - FEATURE_CANDLES]) / (FEATURE_CANDLES - 1);
  const features = marketFeatures(window, YEAR_MS / spacing, index + 1);
  if (features === undefined) return -1;
  const { volatility, normalizedVolume, trendClarity } = features;
  const isSound =
    Number.isFinite(volatility) && normalizedVolume >= 0 && normalizedVolume < Infinity;
  if (!isSound || !(trendClarity >= 0)) return -1;
  const memberships = regimeMemberships(features);
  let most = 0;
  for (let k = 1; k < memberships.length; k++) if (memberships[k] > memberships[most]) most = k;
  return most;
}
