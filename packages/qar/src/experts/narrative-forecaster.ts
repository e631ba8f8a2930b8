import { log } from '@sema/simulator/elementary';
import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineStreamingExpert, lean } from './expert.ts';
import type { Opinion } from './expert.ts';
import { AnchoredRecursion } from './indicators/anchored-recursion.ts';
import { mean } from './indicators/mean.ts';

/** Candles whose mean volume a loud candle exceeds. */
const VOLUME_CANDLES = 20;
/** Reads 64 to 127 candles, after the volumes that say how loud they are. */
const REGION = { lookback: 148, first: VOLUME_CANDLES, choices: 64 };
/** Candles a story lasts on average, before anything is known of it. */
const STORY_CANDLES = 20;
/** Age at which a story stands. */
const STANDING_CANDLES = 10;
/** Bits of surprise that break a story. */
const BREAKING_BITS = 1;
/** Excess of the probability of one side over that of the other for full strength. */
const FULL_STRENGTH = 0.25;

/**
 * Expects the current story to go on: the side that its candles took, once it stands and unless the
 * last candle broke it.
 *
 * Each candle is one of four words: up or down, loud (more volume than the mean of 20 before it) or
 * quiet. A story is a stretch of candles drawn from one distribution over the words, unknown but
 * for a flat Dirichlet prior, and it ends at each candle with the same chance. The exact posterior
 * of the story's age gives all three figures:
 *
 * - persistence: the probability that the story is at least 10 candles old;
 * - surprise: the bits by which the last candle moved the beliefs on the story, their relative
 *   entropy after it to before;
 * - the forecast: the probability that the next candle of it is up.
 */
export const narrativeForecaster = defineStreamingExpert({
  name: 'narrative-forecaster',
  title: 'The story of price and volume: how surprising, how persistent',
  source:
    'Adams & MacKay (2007), Bayesian online changepoint detection, arXiv:0710.3742; Itti & Baldi ' +
    '(2009), Bayesian surprise attracts human attention, Vision Research 49(10)',
  lookback: REGION.lookback,
  stream: () => {
    const story = new Story();
    const recursion = new AnchoredRecursion(
      {
        start: () => {
          story.start();
        },
        step: ({ close, volume }, index) => {
          const change = close[index] - close[index - 1];
          // A candle that ends where the last one did says nothing.
          if (change === 0) return;
          const loud = volume[index] > mean(volume, index - VOLUME_CANDLES, index);
          story.tell(change > 0, loud);
        },
      },
      REGION,
    );
    return {
      take: (window, index) => {
        recursion.take(window, index);
      },
      opinion: (window) => forecast(story, window),
    };
  },
});

function forecast(story: Story, { volume, length }: CandleWindow): Opinion {
  if (mean(volume, length - VOLUME_CANDLES, length) === 0) return abstain('NO_VOLUME');
  const { words, surprise } = story;
  if (words === 0 || Number.isNaN(surprise)) return abstain('DEGENERATE_WINDOW');
  const persistence = story.persistence(STANDING_CANDLES);
  if (persistence < 0.5 || surprise >= BREAKING_BITS) return abstain('NO_SIGNAL');
  const certainty = persistence * (1 - surprise / BREAKING_BITS);
  return lean(story.edge() * certainty, FULL_STRENGTH);
}

/** Ages above this count as this: the beliefs of older stories differ little. */
const OLDEST = 31;
const WORDS = 4;
const HAZARD = 1 / STORY_CANDLES;
/** ln k; at 0 it is not used. */
const LOGARITHMS = Float64Array.from({ length: OLDEST + WORDS + 1 }, (_, k) =>
  k === 0 ? NaN : log(k),
);
const BITS = 1 / LOGARITHMS[2];

/** The posterior of a story's age, in words, and what follows from it. O(32) a word. */
export class Story {
  /** Probability of each age. */
  readonly #ages = new Float64Array(OLDEST + 2);
  /** The last OLDEST words, in a ring. */
  readonly #told = new Uint8Array(OLDEST + 1);
  #words = 0;
  /** Probability of the last word. */
  #evidence = 1;
  /** Σ of joint probability times logarithm of the word's probability at that age. */
  #divergence = 0;

  constructor() {
    this.start();
  }

  /** A new story, of which nothing is known. */
  start(): void {
    this.#ages.fill(0);
    this.#ages[0] = 1;
    this.#words = 0;
    this.#evidence = 1;
    this.#divergence = 0;
  }

  /** Takes the next word. */
  tell(up: boolean, loud: boolean): void {
    const word = (up ? 1 : 0) + (loud ? 2 : 0);
    const ages = this.#ages;
    const oldest = Math.min(this.#words, OLDEST);
    // From here on `ages` holds the joint probabilities of age and word.
    let evidence = 0;
    let divergence = 0;
    let count = 0;
    for (let age = 0; age <= oldest; age++) {
      if (age > 0 && this.#toldBefore(age) === word) count++;
      const joint = (ages[age] * (count + 1)) / (age + WORDS);
      divergence += joint * (LOGARITHMS[count + 1] - LOGARITHMS[age + WORDS]);
      evidence += joint;
      ages[age] = joint;
    }
    this.#evidence = evidence;
    this.#divergence = divergence;
    for (let age = oldest; age >= 0; age--) ages[age + 1] = (ages[age] / evidence) * (1 - HAZARD);
    ages[0] = HAZARD;
    if (oldest === OLDEST) {
      ages[OLDEST] += ages[OLDEST + 1];
      ages[OLDEST + 1] = 0;
    }
    this.#told[this.#words & OLDEST] = word;
    this.#words++;
  }

  get words(): number {
    return this.#words;
  }

  /** Bits between the beliefs on the story's age before and after the last word. */
  get surprise(): number {
    // Rounding may leave less than nothing.
    return Math.max(0, this.#divergence / this.#evidence - log(this.#evidence)) * BITS;
  }

  /** Probability that the story is at least `age` words old. */
  persistence(age: number): number {
    let sum = 0;
    for (let k = OLDEST; k >= age; k--) sum += this.#ages[k];
    return sum;
  }

  /** Probability that the next word of the story is up, less that of down; in (−1, 1). */
  edge(): number {
    const oldest = Math.min(this.#words, OLDEST);
    let sum = 0;
    let balance = 0;
    for (let age = 1; age <= oldest; age++) {
      balance += (this.#toldBefore(age) & 1) === 1 ? 1 : -1;
      sum += (this.#ages[age] * balance) / (age + WORDS);
    }
    return sum;
  }

  /** The word told `age` words ago, 1 for the last. */
  #toldBefore(age: number): number {
    return this.#told[(this.#words - age) & OLDEST];
  }
}
