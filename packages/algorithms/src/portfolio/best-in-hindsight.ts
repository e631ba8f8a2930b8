import { log } from '@sema/simulator/elementary';
import { checkMarket, growth } from './price-relatives.ts';
import type { PriceRelatives } from './price-relatives.ts';
import { solveCholesky } from '../solve-cholesky.ts';

/**
 * The asset whose price rose most over the whole market; the first of equals. O(T·m).
 *
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function bestAsset(market: PriceRelatives): number {
  const assets = checkMarket(market);
  let best = 0;
  let highest = -Infinity;
  for (let i = 0; i < assets; i += 1) {
    let risen = 0;
    for (const relatives of market) risen += log(relatives[i]);
    if (risen > highest) [best, highest] = [i, risen];
  }
  return best;
}

/** The constant rebalanced portfolio with the highest wealth, and how sure that is. */
export interface BestConstantPortfolio {
  readonly weights: Float64Array;
  /** ln wealth of these weights without costs. */
  readonly logWealth: number;
  /** No constant portfolio has a ln wealth above `logWealth` + `gap`: a proof, not an estimate. */
  readonly gap: number;
}

const MOST_STEPS = 200;
const GAP = 1e-9;
/** How much of the way to the nearest bound a step may go. */
const STEP_SHARE = 0.99;

/**
 * The best constant rebalanced portfolio in hindsight, by a primal-dual interior-point method on
 * max Σ ln(b·xₜ) − T Σ bᵢ over b ≥ 0, whose solution sums to 1 by itself. It stops when the duality
 * gap maxᵢ Σₜ xₜᵢ/(b·xₜ) − T is below 1e-9, after 200 steps at most, and says what the gap is.
 * O(T·m²) a step, some 20 of them.
 *
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 * @see Cover (1984), "An Algorithm for Maximizing Expected Log Investment Return", for the gap
 */
export function bestConstantPortfolio(market: PriceRelatives): BestConstantPortfolio {
  const assets = checkMarket(market);
  const periods = market.length;
  let weights: Float64Array = new Float64Array(assets).fill(1 / assets);
  let best = certify(market, weights);
  const slacks = new Float64Array(assets).fill(periods);
  for (let step = 0; step < MOST_STEPS && best.gap > GAP; step += 1) {
    const { gradient, curvature } = derivatives(market, weights);
    let complementarity = 0;
    for (let i = 0; i < assets; i += 1) complementarity += weights[i] * slacks[i];
    const barrier = (0.1 * complementarity) / assets;
    const move = new Float64Array(assets);
    for (let i = 0; i < assets; i += 1) {
      curvature[i * assets + i] += slacks[i] / weights[i];
      move[i] = gradient[i] - periods + barrier / weights[i];
    }
    solveCholesky(curvature, move);
    weights = takeStep(weights, slacks, move, barrier);
    const found = certify(market, normalised(weights));
    if (found.gap < best.gap) best = found;
  }
  return best;
}

/** Moves weights and slacks towards b·z = barrier, and keeps both positive. */
function takeStep(
  weights: Float64Array,
  slacks: Float64Array,
  move: Float64Array,
  barrier: number,
): Float64Array {
  const slackMove = move.map(
    (change, i) => (barrier - slacks[i] * change) / weights[i] - slacks[i],
  );
  const primal = longestStep(weights, move);
  const dual = longestStep(slacks, slackMove);
  for (let i = 0; i < slacks.length; i += 1) slacks[i] += dual * slackMove[i];
  return weights.map((weight, i) => weight + primal * move[i]);
}

function longestStep(from: Float64Array, move: Float64Array): number {
  let longest = 1;
  for (let i = 0; i < from.length; i += 1) {
    if (move[i] < 0) longest = Math.min(longest, (-STEP_SHARE * from[i]) / move[i]);
  }
  return longest;
}

/** Gradient Σ xₜ/(b·xₜ) and negated Hessian Σ xₜxₜᵀ/(b·xₜ)², its lower triangle, row-major. */
function derivatives(
  market: PriceRelatives,
  weights: Float64Array,
): { gradient: Float64Array; curvature: Float64Array } {
  const assets = weights.length;
  const gradient = new Float64Array(assets);
  const curvature = new Float64Array(assets * assets);
  const scaled = new Float64Array(assets);
  for (const relatives of market) {
    const gross = growth(weights, relatives);
    for (let i = 0; i < assets; i += 1) scaled[i] = relatives[i] / gross;
    for (let i = 0; i < assets; i += 1) {
      const own = scaled[i];
      gradient[i] += own;
      for (let j = 0; j <= i; j += 1) curvature[i * assets + j] += own * scaled[j];
    }
  }
  return { gradient, curvature };
}

/**
 * ln is concave, so no portfolio gains more than the gradient promises at the best corner of the
 * simplex.
 */
function certify(market: PriceRelatives, weights: Float64Array): BestConstantPortfolio {
  const gradient = new Float64Array(weights.length);
  let logWealth = 0;
  for (const relatives of market) {
    const gross = growth(weights, relatives);
    logWealth += log(gross);
    for (let i = 0; i < weights.length; i += 1) gradient[i] += relatives[i] / gross - 1;
  }
  let gap = 0;
  for (let i = 0; i < weights.length; i += 1) gap = Math.max(gap, gradient[i]);
  return { weights, logWealth, gap };
}

function normalised(weights: Float64Array): Float64Array {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += weights[i];
  return weights.map((weight) => weight / sum);
}
