import type { Candle } from '@sema/qar';
import { mulberry32 } from '@sema/simulator';

const START = Date.UTC(2024, 0, 1);
/** Candles over which the market turns from calm to wild and back. */
const SWING = 1800;

/**
 * An endless seeded walk, a candle at a time, so that a day of it takes no room. Calm and wild
 * stretches take turns.
 */
export class WalkingMarket {
  readonly #random: { next(): number };
  readonly #intervalMs: number;
  #index = 0;
  #price = 100;

  constructor(seed: number, intervalMs: number) {
    this.#random = mulberry32(seed);
    this.#intervalMs = intervalMs;
  }

  next(): Candle {
    const random = this.#random;
    const phase = (this.#index % SWING) / SWING;
    const scale = 0.00005 * (1 + 6 * Math.max(0, 1 - 4 * Math.abs(phase - 0.5)));
    const open = this.#price;
    // The walk is drawn back to where it began, so that a day cannot lead it to no price at all.
    const pull = 0.0005 * (100 / open - 1);
    const close = open * (1 + pull + scale * (random.next() + random.next() - 1));
    const candle = {
      time: START + this.#index * this.#intervalMs,
      open,
      high: Math.max(open, close) * (1 + 0.2 * scale * random.next()),
      low: Math.min(open, close) * (1 - 0.2 * scale * random.next()),
      close,
      volume: 10 * (0.5 + random.next()),
    };
    this.#price = close;
    this.#index++;
    return candle;
  }
}
