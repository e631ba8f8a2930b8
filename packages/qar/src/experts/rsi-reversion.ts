import { abstain, defineStreamingExpert, lean } from './expert.ts';
import { AnchoredRecursion } from './indicators/anchored-recursion.ts';

const PERIOD = 14;
const OVERSOLD = 30;
const OVERBOUGHT = 70;
/** Long after any start: what came before it weighs less than (13/14)^177 = 2e-6. */
const REGION = { lookback: 256, first: 0, choices: 64 };

/** Expects a rise when the relative strength index is oversold, a fall when overbought. */
export const rsiReversion = defineStreamingExpert({
  name: 'rsi-reversion',
  title: 'Relative strength index 14, reversion outside 30 and 70',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems',
  lookback: REGION.lookback,
  stream: () => {
    const index = new RelativeStrengthIndex(PERIOD);
    const recursion = new AnchoredRecursion(
      {
        start: () => {
          index.start();
        },
        step: ({ close }, i) => {
          index.step(close[i] - close[i - 1]);
        },
      },
      REGION,
    );
    return {
      take: (window, i) => {
        recursion.take(window, i);
      },
      opinion: () => {
        const { value } = index;
        if (value < OVERSOLD) return lean((OVERSOLD - value) / OVERSOLD, 1);
        if (value > OVERBOUGHT) return lean((OVERBOUGHT - value) / (100 - OVERBOUGHT), 1);
        return abstain(Number.isNaN(value) ? 'DEGENERATE_WINDOW' : 'NO_SIGNAL');
      },
    };
  },
});

/** Wilder's index of the moves since the start; his averages once `period` moves are there. */
export class RelativeStrengthIndex {
  readonly #period: number;
  #gain = 0;
  #loss = 0;
  #steps = 0;

  constructor(period: number) {
    this.#period = period;
  }

  start(): void {
    this.#gain = 0;
    this.#loss = 0;
    this.#steps = 0;
  }

  /** Takes the move from one close to the next. */
  step(change: number): void {
    this.#steps++;
    const keep = this.#steps <= this.#period ? 1 : (this.#period - 1) / this.#period;
    const add = Math.abs(change) / this.#period;
    this.#gain = this.#gain * keep + (change > 0 ? add : 0);
    this.#loss = this.#loss * keep + (change < 0 ? add : 0);
  }

  /** In [0, 100]; NaN when no close differed from the one before. */
  get value(): number {
    return (100 * this.#gain) / (this.#gain + this.#loss);
  }
}
