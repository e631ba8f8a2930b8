import { defineStreamingExpert, lean } from './expert.ts';
import { AnchoredRecursion } from './indicators/anchored-recursion.ts';

const FAST = 12;
const SLOW = 26;
const SIGNAL = 9;
/** Long after any start: what came before it weighs less than (25/27)^191 = 4e-7. */
const REGION = { lookback: 256, first: 0, choices: 64 };

/** Follows the sign of the histogram: MACD line above or below its signal line. */
export const macdHistogram = defineStreamingExpert({
  name: 'macd-histogram',
  title: 'Moving average convergence divergence 12, 26, 9',
  source: 'Appel (2005), Technical Analysis: Power Tools for Active Investors',
  lookback: REGION.lookback,
  stream: () => {
    const macd = new Macd();
    const recursion = new AnchoredRecursion(
      {
        start: ({ close }, index) => {
          macd.start(close[index]);
        },
        step: ({ close }, index) => {
          macd.step(close[index]);
        },
      },
      REGION,
    );
    return {
      take: (window, index) => {
        recursion.take(window, index);
      },
      // 0/0 in a flat window: degenerate.
      opinion: () => lean(macd.histogram / macd.largest, 1),
    };
  },
});

/** Line and histogram of the closes since the start, in units of price. */
export class Macd {
  // Averages of distances to the first close: the same line, exactly zero in a flat window.
  #origin = 0;
  #fast = 0;
  #slow = 0;
  #signal = 0;
  #steps = 0;
  #largest = 0;

  /** Begins with this close, at which all averages start. */
  start(close: number): void {
    this.#origin = close;
    this.#fast = 0;
    this.#slow = 0;
    this.#signal = 0;
    this.#steps = 0;
    this.#largest = 0;
  }

  step(close: number): void {
    const price = close - this.#origin;
    this.#fast += (2 / (FAST + 1)) * (price - this.#fast);
    this.#slow += (2 / (SLOW + 1)) * (price - this.#slow);
    this.#signal += (2 / (SIGNAL + 1)) * (this.line - this.#signal);
    this.#steps++;
    if (this.#steps < SLOW + SIGNAL) return;
    this.#largest = Math.max(this.#largest, Math.abs(this.histogram));
  }

  get line(): number {
    return this.#fast - this.#slow;
  }

  get histogram(): number {
    return this.line - this.#signal;
  }

  /** The largest size of the histogram once SLOW + SIGNAL closes had been seen. */
  get largest(): number {
    return this.#largest;
  }
}
