import { log } from '@sema/simulator/elementary';

/**
 * Statistical complexity of a distribution: its entropy times its Jensen–Shannon divergence from
 * the uniform one, over the largest such product there is. 0 for a distribution without surprise
 * and for one without structure; in between 1 is reached. O(cells).
 *
 * @param probabilities - sum 1.
 * @param largest - of `largestComplexity` for as many cells.
 * @see López-Ruiz, Mancini & Calbet (1995), Phys. Lett. A 209, 321; Lamberti, Martín, Plastino &
 *   Rosso (2004), Physica A 334, 119
 */
export function statisticalComplexity(probabilities: Float64Array, largest: number): number {
  return Math.max(0, Math.min(1, complexity(probabilities) / largest));
}

/** Steps of the first look at each family, and of the golden section that follows. */
const GRID = 200;
const SECTIONS = 48;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

export interface LargestComplexity {
  readonly value: number;
  /** Where it is reached. */
  readonly distribution: Float64Array;
}

/**
 * The largest entropy times divergence over all distributions of so many cells. For a given entropy
 * the product is largest where some cells are empty and all others but one are alike, so it is
 * looked for among those.
 *
 * @param cells - at least 2.
 * @see Martín, Plastino & Rosso (2006), Physica A 369, 439
 */
export function largestComplexity(cells: number): LargestComplexity {
  let best: LargestComplexity = { value: 0, distribution: spread(cells, 0, 1) };
  for (let empty = 0; empty <= cells - 2; empty++) {
    const at = (own: number) => complexity(spread(cells, empty, own));
    let peak = 0;
    for (let k = 1; k <= GRID; k++) if (at(k / GRID) > at(peak / GRID)) peak = k;
    const own = goldenSection(at, Math.max(0, peak - 1) / GRID, Math.min(GRID, peak + 1) / GRID);
    if (at(own) > best.value) best = { value: at(own), distribution: spread(cells, empty, own) };
  }
  return best;
}

/** One cell of probability `own`, `empty` cells of 0, and the rest alike. */
function spread(cells: number, empty: number, own: number): Float64Array {
  const probabilities = new Float64Array(cells);
  probabilities[0] = own;
  const alike = cells - empty - 1;
  for (let cell = 1; cell <= alike; cell++) probabilities[cell] = (1 - own) / alike;
  return probabilities;
}

function goldenSection(value: (x: number) => number, low: number, high: number): number {
  for (let k = 0; k < SECTIONS; k++) {
    const width = GOLDEN * (high - low);
    if (value(high - width) < value(low + width)) low = high - width;
    else high = low + width;
  }
  return (low + high) / 2;
}

/** Entropy times Jensen–Shannon divergence from the uniform distribution, in nats². */
function complexity(probabilities: Float64Array): number {
  const even = 1 / probabilities.length;
  let own = 0;
  let mixed = 0;
  for (const p of probabilities) {
    own += surprise(p);
    mixed += surprise((p + even) / 2);
  }
  return own * (mixed - (own + log(probabilities.length)) / 2);
}

function surprise(p: number): number {
  return p > 0 ? -p * log(p) : 0;
}
