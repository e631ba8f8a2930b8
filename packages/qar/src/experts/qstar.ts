import type { CandleWindow } from '../market-data/candles.ts';
import { BIN_COUNT, binOf, NORMAL_MEANS } from '../return-bins.ts';
import { abstain, defineStreamingExpert, lean } from './expert.ts';
import type { ExpertStream, Opinion } from './expert.ts';
import { GroupedSums } from './indicators/exact-sums.ts';
import { SMALLEST_SPREAD } from './indicators/smallest-spread.ts';
import {
  standardizedReturn,
  volatilityBefore,
  VOLATILITY_RETURNS,
} from './indicators/volatility-before.ts';

const CANDLES = 256;
/** Candles that the plan looks ahead. */
const DEPTH = 3;
/** Fee and slippage of changing the position by one, as a share of the price. */
const COST = 0.0015;
/** How many candles of the market's distribution each row of transitions starts from. */
const PRIOR_CANDLES = 8;
/**
 * Advantage of the plan over staying out, in units of one candle's volatility, at full strength.
 */
const FULL_STRENGTH = 1;

/**
 * The first move of the best plan for the next three candles, from no position.
 *
 * The outcomes of a candle are the eight return bins of the market before the board trades. Which
 * comes next depends on the last: the window's transitions from it, on top of eight candles' worth
 * of that distribution. A plan chooses after every candle to be long, short or out; it earns the
 * mean return of the bin that comes, pays for each change of position, and ends without one. Its
 * value is the exact expectation over all 8³ continuations, by backward induction: V_d(b, p) =
 * max_a { Σ P(b′|b) (a·z(b′) + V_{d−1}(b′, a)) − c·|a − p| }, V_0(b, p) = −c·|p|.
 */
export const qstar = defineStreamingExpert({
  name: 'qstar',
  title: 'Best plan for 3 candles over the return bins, after costs',
  source:
    'Bellman (1957), Dynamic Programming; finite-horizon recursion of Puterman (1994), Markov ' +
    'Decision Processes, ch. 4; costs of 10 + 5 basis points',
  lookback: CANDLES,
  stream: () => new Transitions(),
});

class Transitions implements ExpertStream {
  /** Standardised returns by bin. */
  readonly #bins = new GroupedSums(BIN_COUNT, CANDLES - VOLATILITY_RETURNS - 2);
  /** How many candles of bin b′ came after one of bin b, in group 8·b + b′. */
  readonly #pairs = new GroupedSums(BIN_COUNT * BIN_COUNT, CANDLES - VOLATILITY_RETURNS - 2);
  /** Bin of the last candle, −1 for none. */
  #last = -1;
  readonly #transitions = new Float64Array(BIN_COUNT * BIN_COUNT);
  readonly #memory = planMemory();

  take({ close }: CandleWindow, index: number): void {
    if (index <= VOLATILITY_RETURNS) return;
    const standardized = standardizedReturn(close, index);
    const bin = Number.isNaN(standardized) ? -1 : binOf(standardized);
    if (index > VOLATILITY_RETURNS + 1) {
      const group = bin < 0 || this.#last < 0 ? -1 : BIN_COUNT * this.#last + bin;
      this.#pairs.push(group, 0);
      this.#bins.push(bin, standardized);
    }
    this.#last = bin;
  }

  opinion({ close, length }: CandleWindow): Opinion {
    const sigma = volatilityBefore(close, length);
    if (this.#last < 0 || !(sigma >= SMALLEST_SPREAD)) return abstain('DEGENERATE_WINDOW');
    const plan = bestPlan(this.#market(), this.#last, COST / sigma, this.#memory);
    return lean(plan.position * plan.advantage, FULL_STRENGTH);
  }

  #market(): OutcomeMarket {
    const probabilities = new Float64Array(BIN_COUNT);
    const means = new Float64Array(BIN_COUNT);
    let total = 0;
    for (let bin = 0; bin < BIN_COUNT; bin++) {
      const count = this.#bins.count(bin) + 1;
      probabilities[bin] = count;
      means[bin] = (this.#bins.sum(bin) + NORMAL_MEANS[bin]) / count;
      total += count;
    }
    const transitions = this.#transitions;
    for (let row = 0; row < transitions.length; row += BIN_COUNT) {
      let seen = PRIOR_CANDLES;
      for (let to = 0; to < BIN_COUNT; to++) seen += this.#pairs.count(row + to);
      for (let to = 0; to < BIN_COUNT; to++) {
        const prior = (PRIOR_CANDLES * probabilities[to]) / total;
        transitions[row + to] = (prior + this.#pairs.count(row + to)) / seen;
      }
    }
    return { transitions, means };
  }
}

/** A Markov chain over the bins and what a unit of position earns in each. */
export interface OutcomeMarket {
  /** P(b′|b) at 8·b + b′, each row of sum 1. */
  readonly transitions: Float64Array;
  /** Return of each bin, in units of σ. */
  readonly means: Float64Array;
}

/** What a plan is made in: values of bin and position, of now and of a candle later. */
interface PlanMemory {
  readonly ahead: Float64Array;
  readonly values: Float64Array;
  readonly worth: Float64Array;
}

function planMemory(): PlanMemory {
  const size = BIN_COUNT * POSITIONS.length;
  return {
    ahead: new Float64Array(size),
    values: new Float64Array(size),
    worth: new Float64Array(POSITIONS.length),
  };
}

/** Positions in the order in which equals are preferred: out first. */
const POSITIONS = [0, 1, -1] as const;

/**
 * The best first position of `DEPTH` candles from none, after a candle of bin `last`, and how much
 * more that is worth than staying out for the next candle. O(DEPTH · 8 · 8 · 3).
 *
 * @param cost - of changing the position by one, in the units of the means.
 */
export function bestPlan(
  market: OutcomeMarket,
  last: number,
  cost: number,
  memory: PlanMemory = planMemory(),
): { readonly position: -1 | 0 | 1; readonly advantage: number } {
  const held = POSITIONS.length;
  let { ahead, values } = memory;
  for (let k = 0; k < ahead.length; k++) ahead[k] = -cost * Math.abs(POSITIONS[k % held]);
  const { worth } = memory;
  for (let depth = 1; depth < DEPTH; depth++) {
    for (let bin = 0; bin < BIN_COUNT; bin++) {
      expectations(market, bin, ahead, worth);
      for (let p = 0; p < POSITIONS.length; p++) {
        let best = -Infinity;
        for (let a = 0; a < POSITIONS.length; a++) {
          best = Math.max(best, worth[a] - cost * Math.abs(POSITIONS[a] - POSITIONS[p]));
        }
        values[held * bin + p] = best;
      }
    }
    [ahead, values] = [values, ahead];
  }
  expectations(market, last, ahead, worth);
  let best = 0;
  for (let a = 1; a < POSITIONS.length; a++) {
    const value = worth[a] - cost;
    if (value > (best === 0 ? worth[0] : worth[best] - cost)) best = a;
  }
  const advantage = best === 0 ? 0 : worth[best] - cost - worth[0];
  return { position: POSITIONS[best], advantage };
}

/** Σ P(b′|b) (a·z(b′) + V(b′, a)) for each position a, in the order of `POSITIONS`. */
function expectations(
  { transitions, means }: OutcomeMarket,
  from: number,
  ahead: Float64Array,
  into: Float64Array,
): void {
  let out = 0;
  let long = 0;
  let short = 0;
  for (let to = 0; to < BIN_COUNT; to++) {
    const probability = transitions[BIN_COUNT * from + to];
    const mean = means[to];
    out += probability * ahead[3 * to];
    long += probability * (ahead[3 * to + 1] + mean);
    short += probability * (ahead[3 * to + 2] - mean);
  }
  into[0] = out;
  into[1] = long;
  into[2] = short;
}
