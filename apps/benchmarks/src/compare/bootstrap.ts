import type { RandomSource } from '@sema/simulator';

/** Samples of a figure, and of what stands beside it in the same rounds. */
export interface Sampled {
  readonly own: readonly number[];
  readonly peer: readonly number[] | null;
}

export interface BootstrapOptions {
  /** Of the interval, below 1. */
  readonly confidence: number;
  readonly resamples: number;
  readonly random: RandomSource;
}

export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * After over before, of medians, each over that of its peer where both have one. The interval is
 * the percentile bootstrap's: rounds are drawn with replacement, a round with all it measured.
 *
 * @param before - at least one sample; all positive.
 * @param after - likewise.
 * @see Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13
 */
export function ratioOfMedians(
  before: Sampled,
  after: Sampled,
  options: BootstrapOptions,
): RatioInterval {
  const old = new Resampler(before, options.random);
  const now = new Resampler(after, options.random);
  const whole = now.level(now.each()) / old.level(old.each());
  return intervalOf(whole, () => now.level(now.draw()) / old.level(old.draw()), options);
}

/**
 * The median of after over before of one turn each, in which the machine was the same for both: so
 * what drifts from turn to turn is in no ratio. The interval is as above.
 *
 * @param before - as many samples as after, and of the peer where there is one.
 */
export function medianOfRatios(
  before: Sampled,
  after: Sampled,
  options: BootstrapOptions,
): RatioInterval {
  const [old, now] = [before, after].map(({ own, peer }) =>
    own.map((value, turn) => value / (peer?.[turn] ?? 1)),
  );
  const ratios = new Resampler(
    { own: now.map((value, turn) => value / old[turn]), peer: null },
    options.random,
  );
  return intervalOf(ratios.level(ratios.each()), () => ratios.level(ratios.draw()), options);
}

function intervalOf(
  ratio: number,
  resampled: () => number,
  { confidence, resamples }: BootstrapOptions,
): RatioInterval {
  const ratios = Float64Array.from({ length: resamples }, resampled).sort();
  const tail = Math.floor(((1 - confidence) / 2) * resamples);
  return { ratio, low: ratios[tail], high: ratios[resamples - 1 - tail] };
}

/** How often each round was drawn. */
type Draws = Uint32Array;

/** Levels of samples drawn again and again, which are sorted only once. */
class Resampler {
  readonly #random: RandomSource;
  readonly #count: number;
  readonly #own: RankedSample;
  readonly #peer: RankedSample | undefined;

  constructor({ own, peer }: Sampled, random: RandomSource) {
    this.#random = random;
    this.#count = own.length;
    this.#own = new RankedSample(own);
    this.#peer = peer === null ? undefined : new RankedSample(peer);
  }

  /** Every round once. */
  each(): Draws {
    return new Uint32Array(this.#count).fill(1);
  }

  draw(): Draws {
    return this.#drawnOf(this.#count);
  }

  /** The median of what was drawn, over the peer's of the same rounds. */
  level(drawn: Draws): number {
    const own = this.#own.median(drawn);
    if (this.#peer === undefined) return own;
    // A peer with rounds of its own is drawn by itself.
    const { length } = this.#peer;
    return own / this.#peer.median(length === this.#count ? drawn : this.#drawnOf(length));
  }

  #drawnOf(count: number): Draws {
    const drawn = new Uint32Array(count);
    for (let k = 0; k < count; k++) drawn[Math.floor(count * this.#random.next())]++;
    return drawn;
  }
}

class RankedSample {
  readonly length: number;
  readonly #values: Float64Array;
  /** Places of the values from the least to the greatest. */
  readonly #order: Uint32Array;

  constructor(values: readonly number[]) {
    this.length = values.length;
    this.#values = Float64Array.from(values);
    this.#order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  }

  /** Of each value as often as it was drawn: the mean of the two in the middle where there are. */
  median(drawn: Draws): number {
    const { length } = this;
    const [first, second] = [(length - 1) >> 1, length >> 1];
    let [rank, low] = [-1, NaN];
    for (const place of this.#order) {
      rank += drawn[place];
      if (rank >= first && Number.isNaN(low)) low = this.#values[place];
      if (rank >= second) return (low + this.#values[place]) / 2;
    }
    return NaN;
  }
}
