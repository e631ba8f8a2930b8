import type { RandomSource } from '@sema/simulator';
import { QarError } from '../errors.ts';
import { quantileOf } from './bootstrap.ts';
import { checkReplications, checkSample } from './sample-checks.ts';

export interface PositionRecord {
  /** Position over equity held through each period, signed, fixed before it began. */
  readonly positions: ArrayLike<number>;
  /** Simple return of the market over each period. */
  readonly changes: ArrayLike<number>;
  /** Cost of changing the position by the whole equity. */
  readonly costRate: number;
}

export interface RandomisationOptions {
  readonly random: RandomSource;
  /** In [1, 10^6]. */
  readonly replications: number;
}

/** A figure beside its values where only chance was at work. */
export interface Randomisation {
  readonly actual: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** Share of chance at least as high as the actual, which counts as one of them: in (0, 1]. */
  readonly pValue: number;
}

const TAIL = 0.05;
/** Of sums and products of some thousand terms. */
const ROUNDING = 1e-10;

/**
 * Mean return per period, net of costs, of positions held at the same market.
 *
 * @returns one net return per period.
 * @throws {QarError} `BAD_SAMPLE`
 */
export function netReturns({ positions, changes, costRate }: PositionRecord): Float64Array {
  checkSample('positions', positions, 1);
  checkSample('changes', changes, 1);
  if (positions.length !== changes.length) {
    const rule = `${positions.length} positions for ${changes.length} changes`;
    throw new QarError('BAD_SAMPLE', rule);
  }
  if (!(costRate >= 0 && costRate < 1)) {
    throw new QarError('BAD_SAMPLE', `costRate is ${costRate}, not in [0, 1)`);
  }
  const net = new Float64Array(positions.length);
  let before = 0;
  for (let i = 0; i < net.length; i++) {
    // From 0, so that nothing held at a loss is 0 and not −0.
    net[i] = 0 + positions[i] * changes[i] - costRate * Math.abs(positions[i] - before);
    before = positions[i];
  }
  return net;
}

/**
 * The mean net return beside that of random entries: the same trades, of the same length, side and
 * size and so of the same turnover, in random order at random times. `undefined` without a trade.
 *
 * A trade is a run of positions on one side. Between two there is a free period, as far as the span
 * has so many.
 *
 * @throws {QarError} `BAD_SAMPLE`
 */
export function randomEntries(
  record: PositionRecord,
  { random, replications }: RandomisationOptions,
): Randomisation | undefined {
  checkReplications(replications);
  const actual = sumOf(netReturns(record)) / record.positions.length;
  const positions = Float64Array.from(record.positions);
  const trades = runs(positions);
  if (trades.length === 0) return undefined;
  const held = trades.reduce((sum, trade) => sum + trade.length, 0);
  const apart = held + trades.length - 1 <= positions.length ? 1 : 0;
  const free = positions.length - held - apart * (trades.length - 1);
  const means = new Float64Array(replications);
  for (let b = 0; b < replications; b++) {
    shuffle(trades, random);
    const slots = distinctNumbers(trades.length, free + trades.length, random);
    positions.fill(0);
    let at = 0;
    trades.forEach((trade, index) => {
      // Of the free periods so many lie before this trade; the trades before it took theirs.
      positions.set(trade, slots[index] - index + at);
      at += trade.length + apart;
    });
    means[b] = sumOf(netReturns({ ...record, positions })) / positions.length;
  }
  return besideChance(actual, means);
}

/**
 * The deepest draw-down beside that of the same trades in random order: whether the loss came of
 * the trades or of their sequence.
 *
 * @param returns - of each trade, as a fraction of equity, above −1.
 * @throws {QarError} `BAD_SAMPLE`
 */
export function shuffledDrawdown(
  returns: ArrayLike<number>,
  { random, replications }: RandomisationOptions,
): Randomisation {
  checkSample('returns', returns, 1);
  checkReplications(replications);
  const order = Array.from(returns);
  const actual = deepestDrawdown(order);
  const depths = new Float64Array(replications);
  for (let b = 0; b < replications; b++) {
    shuffle(order, random);
    depths[b] = deepestDrawdown(order);
  }
  return besideChance(actual, depths);
}

function besideChance(actual: number, values: Float64Array): Randomisation {
  let atLeast = 0;
  // The same trades in another order differ in their last bits.
  const equal = actual - ROUNDING * Math.abs(actual);
  for (const value of values) if (value >= equal) atLeast++;
  values.sort();
  return {
    actual,
    low: quantileOf(values, TAIL),
    median: quantileOf(values, 0.5),
    high: quantileOf(values, 1 - TAIL),
    pValue: (1 + atLeast) / (1 + values.length),
  };
}

/** The runs of positions on one side, each as the positions held. */
function runs(positions: Float64Array): Float64Array[] {
  const result: Float64Array[] = [];
  let from = 0;
  for (let i = 1; i <= positions.length; i++) {
    if (i < positions.length && Math.sign(positions[i]) === Math.sign(positions[from])) continue;
    if (positions[from] !== 0) result.push(positions.slice(from, i));
    from = i;
  }
  return result;
}

/** In place; every order is as likely (Fisher & Yates). */
function shuffle(items: unknown[], random: RandomSource): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}

/** So many of 0 … below − 1, ascending; every choice is as likely (Floyd). */
function distinctNumbers(count: number, below: number, random: RandomSource): number[] {
  const chosen = new Set<number>();
  for (let most = below - count; most < below; most++) {
    const drawn = Math.floor(random.next() * (most + 1));
    chosen.add(chosen.has(drawn) ? most : drawn);
  }
  return [...chosen].sort((left, right) => left - right);
}

function deepestDrawdown(returns: readonly number[]): number {
  let [equity, peak, deepest] = [1, 1, 0];
  for (const change of returns) {
    equity *= 1 + change;
    peak = Math.max(peak, equity);
    deepest = Math.max(deepest, 1 - equity / peak);
  }
  return deepest;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
