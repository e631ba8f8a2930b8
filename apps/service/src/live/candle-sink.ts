import type { Candle } from '@sema/qar';
import type { Market } from '../markets/market.ts';

/** Where a feed puts the candles of one market. */
export interface CandleSink {
  readonly intervalMs: number;
  /** Candles before the newest that whoever decides on it looks at. */
  readonly windowCandles: number;
  /** Open time of the newest candle there as far as it is known; undefined before the first. */
  readonly lastTime: number | undefined;
  /**
   * Takes candles in their order and says of each what became of it. When it throws, those that it
   * said nothing of are given again; that one of them was taken after all does no harm.
   */
  take(candles: Iterable<Candle>): AsyncIterable<FedCandle>;
}

export interface FedCandle {
  readonly time: number;
  /** `there`: it was taken before; `refused`: of another value than before, too late or invalid. */
  readonly outcome: 'taken' | 'there' | 'refused';
}

const OUTCOMES: Readonly<Record<string, FedCandle['outcome']>> = {
  next: 'taken',
  duplicate: 'there',
};

/** A market of the service. */
export function marketSink(market: Market): CandleSink {
  const { intervalMs, windowCandles } = market.record.settings.configuration;
  return {
    intervalMs,
    windowCandles,
    get lastTime() {
      const [newest] = market.history.candles(-Number.MAX_VALUE, Number.MAX_VALUE, 1);
      return newest?.time;
    },
    async *take(candles) {
      for (const { candle, verdict } of await market.take([...candles])) {
        yield { time: candle.time, outcome: OUTCOMES[verdict.kind] ?? 'refused' };
      }
    },
  };
}
