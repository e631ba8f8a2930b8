import { Engine, engineConfiguration, type Candles, type DecisionReceipt } from '@sema/qar';
import { mulberry32 } from '@sema/simulator';
import type { Clock } from '@sema/timing-buffer';

/** A market of which it is known where there was something to be had. */
export interface LabelledMarket {
  readonly candles: Candles;
  /** Per candle: the side on which there is an edge, 0 where there is none. */
  readonly edges: Int8Array;
}

/** What the engine preferred at one candle of a labelled market. */
export interface LabelledDecision {
  /** The candle decided on. */
  readonly index: number;
  readonly verdict: NonNullable<DecisionReceipt['verdict']>;
  readonly regime: NonNullable<DecisionReceipt['regime']>;
}

const DAY_MS = 86_400_000;
/** Candles of a stretch with one label. */
export const STRETCH = 250;
/** One candle's deviation. */
const SIGMA = 0.01;

/**
 * Stretches without an edge and stretches of drift, up or down by chance, take turns.
 *
 * @param drift - of a candle in a stretch with an edge, in deviations; 0 for no edge anywhere.
 */
export function labelledMarket(stretches: number, drift: number, seed: number): LabelledMarket {
  const random = mulberry32(seed);
  const length = stretches * STRETCH;
  const column = (): Float64Array => new Float64Array(length);
  const candles = {
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    length,
  };
  const edges = new Int8Array(length);
  let price = 100;
  let side = 0;
  for (let i = 0; i < length; i++) {
    if (i % STRETCH === 0 && drift > 0) side = side === 0 ? (random.next() < 0.5 ? -1 : 1) : 0;
    // Three uniform draws: mean 3/2, variance 1/4.
    const step = 2 * (random.next() + random.next() + random.next() - 1.5);
    const close = price * (1 + SIGMA * (step + drift * side));
    candles.time[i] = i * DAY_MS;
    candles.open[i] = price;
    candles.close[i] = close;
    candles.high[i] = Math.max(price, close) * (1 + 0.3 * SIGMA * random.next());
    candles.low[i] = Math.min(price, close) * (1 - 0.3 * SIGMA * random.next());
    candles.volume[i] = 1e6 * (0.5 + random.next());
    edges[i] = side;
    price = close;
  }
  return { candles, edges };
}

/** What the engine prefers at every candle; how it selects has no part in that. */
export function decisionsOn({ candles }: LabelledMarket, clock: Clock): LabelledDecision[] {
  const configuration = engineConfiguration({
    pair: 'LABELLED',
    intervalMs: DAY_MS,
    periodsPerYear: 252,
    path: 'twin',
  });
  using engine = new Engine(configuration, { clock });
  const decisions: LabelledDecision[] = [];
  for (let index = configuration.windowCandles - 1; index < candles.length; index++) {
    const now = candles.time[index] + DAY_MS;
    const { verdict, regime } = engine.step(candles, index, { now }).receipt;
    if (verdict !== null && regime !== null) decisions.push({ index, verdict, regime });
  }
  return decisions;
}
