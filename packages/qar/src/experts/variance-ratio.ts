import { abstain, defineStreamingExpert, exceed } from './expert.ts';
import { SlidingSums } from './indicators/exact-sums.ts';
import { logRatio } from './indicators/log-ratio.ts';
import { SMALLEST_SPREAD } from './indicators/smallest-spread.ts';

const CANDLES = 256;
/** Two-sided 5 % point of the normal distribution. */
const CRITICAL = 1.959963984540054;

/**
 * Expects the last move to go on where returns persist (ratio above 1), to come back where they
 * revert (below 1), and nothing where a random walk is not rejected.
 */
export const varianceRatio = defineStreamingExpert({
  name: 'variance-ratio',
  title: 'Persistence by the variance ratio of 2 candles to 1',
  source:
    'Lo & MacKinlay (1988), Stock market prices do not follow random walks, Review of Financial ' +
    'Studies 1(1), heteroskedasticity-consistent z*(2)',
  lookback: CANDLES,
  stream: () => {
    const test = new VarianceRatioTest(CANDLES - 1);
    return {
      take: ({ close }, index) => {
        if (index > 0) test.step(logRatio(close[index - 1], close[index]));
      },
      opinion: ({ close, length }) => {
        const { statistic } = test.result();
        if (Number.isNaN(statistic)) return abstain('DEGENERATE_WINDOW');
        const lastMove = Math.sign(close[length - 1] - close[length - 2]);
        if (lastMove === 0) return abstain('NO_SIGNAL');
        return exceed(statistic * lastMove, CRITICAL, 'NOT_SIGNIFICANT');
      },
    };
  },
});

/** Steps all alike to this share of their mean square differ by the rounding of prices only. */
const ROUNDING = 1e-12;

/**
 * Variance of changes over two steps over twice that of single steps, unbiased and with overlapping
 * changes, and its test statistic: asymptotically standard normal when the steps are uncorrelated,
 * also with changing variance. O(1) a step: deviations from the drift are expanded into sums of
 * products of the steps themselves.
 *
 * @see Lo & MacKinlay (1988), section 1
 */
export class VarianceRatioTest {
  readonly #steps: number;
  /** a, a². */
  readonly #singles: SlidingSums;
  /** Of a step b and the step a before it: a + b, a² + b², ab, ab(a + b), a²b². */
  readonly #pairs: SlidingSums;
  readonly #terms = new Float64Array(5);
  #before = NaN;

  /** @param steps - how many of the latest are tested, at least 3. */
  constructor(steps: number) {
    this.#steps = steps;
    this.#singles = new SlidingSums(2, steps);
    this.#pairs = new SlidingSums(5, steps - 1);
  }

  /** Takes the next step of the series, below 1000 in size. */
  step(b: number): void {
    const terms = this.#terms;
    terms[0] = b;
    terms[1] = b * b;
    this.#singles.push(terms);
    const a = this.#before;
    this.#before = b;
    if (Number.isNaN(a)) return;
    const product = a * b;
    terms[0] = a + b;
    terms[1] = a * a + b * b;
    terms[2] = product;
    terms[3] = product * (a + b);
    terms[4] = product * product;
    this.#pairs.push(terms);
  }

  /** NaN for both when the steps do not vary. */
  result(): { readonly ratio: number; readonly statistic: number } {
    const steps = this.#steps;
    const squares = this.#singles.sum(1);
    const m = this.#singles.sum(0) / steps;
    const sum = squares - steps * m * m;
    const rounding = Math.max(ROUNDING * squares, steps * SMALLEST_SPREAD * SMALLEST_SPREAD);
    if (!(sum > rounding)) return { ratio: NaN, statistic: NaN };
    const pairs = steps - 1;
    const linear = this.#pairs.sum(0);
    const square = this.#pairs.sum(1);
    const product = this.#pairs.sum(2);
    // Σ (a + b − 2m)².
    const longSum = square + 2 * product - 4 * m * linear + 4 * m * m * pairs;
    const longVariance = longSum / (2 * pairs * (1 - 2 / steps));
    const ratio = longVariance / (sum / pairs);
    // Σ (a − m)² (b − m)².
    const products =
      this.#pairs.sum(4) -
      2 * m * this.#pairs.sum(3) +
      m * m * (square + 4 * product) -
      2 * m * m * m * linear +
      m * m * m * m * pairs;
    return { ratio, statistic: ((ratio - 1) * sum) / Math.sqrt(Math.max(0, products)) };
  }
}
