import { log } from '@sema/simulator/elementary';
import { checkColumns, checkCount } from './sample-checks.ts';
import { QarError } from '../errors.ts';
import { combinations, evenGroups } from './splits.ts';

export interface Overfitting {
  /** Share of the splits in which the best in sample fell below the median out of sample. */
  readonly probability: number;
  /** For each split: ln(ω/(1 − ω)) of the winner's relative rank ω out of sample. */
  readonly logits: Float64Array;
  /** Of performance out of sample on that in sample; `undefined` where the latter does not vary. */
  readonly slope: number | undefined;
  readonly splits: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation: the periods
 * are cut into blocks, and every half of the blocks picks the trial with the highest Sharpe ratio,
 * which is then ranked on the other half. O(C(S, S/2) · trials · S).
 *
 * @param trials - returns of each trial over the same periods, two trials or more.
 * @param blocks - S, even, in [2, 20].
 * @throws {QarError} `BAD_SAMPLE`
 * @see Bailey, Borwein, López de Prado & Zhu (2017), The probability of backtest overfitting.
 */
export function overfittingProbability(
  trials: readonly ArrayLike<number>[],
  blocks: number,
): Overfitting {
  checkCount('blocks', blocks, 2, 20);
  if (blocks % 2 !== 0) throw new QarError('BAD_SAMPLE', `${blocks} blocks have no halves`);
  checkCount('trials', trials.length, 2, 100_000);
  checkColumns('trials', trials, Math.max(blocks, 4));
  const sums = trials.map((returns) => new BlockSums(returns, blocks));
  const halves = combinations(blocks, blocks / 2);
  const logits = new Float64Array(halves.length);
  const inSample = new Float64Array(halves.length);
  const outOfSample = new Float64Array(halves.length);
  const scores = new Float64Array(trials.length);
  halves.forEach((tested, split) => {
    const isTested = Array.from({ length: blocks }, (_, block) => tested.includes(block));
    let best = 0;
    let bestScore = -Infinity;
    sums.forEach((trial, index) => {
      const score = trial.sharpe(isTested, false);
      if (score > bestScore) [best, bestScore] = [index, score];
      scores[index] = trial.sharpe(isTested, true);
    });
    const relative = averageRank(scores, best) / (trials.length + 1);
    logits[split] = log(relative / (1 - relative));
    inSample[split] = bestScore;
    outOfSample[split] = scores[best];
  });
  let below = 0;
  for (const logit of logits) if (logit < 0) below++;
  return {
    probability: below / halves.length,
    logits,
    slope: slopeOf(inSample, outOfSample),
    splits: halves.length,
  };
}

/** Count, sum and sum of squares of each block of one trial, around the trial's own mean. */
class BlockSums {
  readonly #counts: number[] = [];
  readonly #sums: number[] = [];
  readonly #squares: number[] = [];
  readonly #least: number[] = [];
  readonly #most: number[] = [];
  readonly #centre: number;

  constructor(returns: ArrayLike<number>, blocks: number) {
    let total = 0;
    for (let i = 0; i < returns.length; i++) total += returns[i];
    this.#centre = total / returns.length;
    for (const { from, to } of evenGroups(returns.length, blocks)) {
      let [sum, squares, least, most] = [0, 0, Infinity, -Infinity];
      for (let i = from; i < to; i++) {
        const value = returns[i] - this.#centre;
        sum += value;
        squares += value * value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      this.#counts.push(to - from);
      this.#sums.push(sum);
      this.#squares.push(squares);
      this.#least.push(least);
      this.#most.push(most);
    }
  }

  /** Over the blocks that are `wanted`; 0 where the returns do not vary. */
  sharpe(isTested: readonly boolean[], wanted: boolean): number {
    let [count, sum, squares, least, most] = [0, 0, 0, Infinity, -Infinity];
    for (let block = 0; block < isTested.length; block++) {
      if (isTested[block] !== wanted) continue;
      count += this.#counts[block];
      sum += this.#sums[block];
      squares += this.#squares[block];
      least = Math.min(least, this.#least[block]);
      most = Math.max(most, this.#most[block]);
    }
    if (count < 2 || least === most) return 0;
    const variance = (squares - (sum * sum) / count) / (count - 1);
    return variance > 0 ? (this.#centre + sum / count) / Math.sqrt(variance) : 0;
  }
}

/** Rank of one score among all, 1 the lowest, ties sharing theirs. */
function averageRank(scores: Float64Array, index: number): number {
  let below = 0;
  let equal = 0;
  for (const score of scores) {
    if (score < scores[index]) below++;
    else if (score === scores[index]) equal++;
  }
  return below + (equal + 1) / 2;
}

function slopeOf(x: Float64Array, y: Float64Array): number | undefined {
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    meanX += x[i] / x.length;
    meanY += y[i] / x.length;
  }
  let [squares, products] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    squares += (x[i] - meanX) * (x[i] - meanX);
    products += (x[i] - meanX) * (y[i] - meanY);
  }
  return squares > 0 ? products / squares : undefined;
}
