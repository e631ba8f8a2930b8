import { readFileSync } from 'node:fs';
import {
  CandleCsvReader,
  Engine,
  engineConfiguration,
  inferIntervalMs,
  periodsPerYear,
  type Candles,
  type QubitSettings,
} from '@sema/qar';
import type { Clock } from '@sema/timing-buffer';

/** What one decision said of the next move, and what came of it. */
export interface ScoredDecision {
  /** Index of its candle. */
  readonly at: number;
  /** The preference for long among long and short. */
  readonly probabilityUp: number;
  readonly wentUp: boolean;
  /** Experts that voted. */
  readonly voters: number;
  /** Of LMSR, prospect theory and Hedge. */
  readonly quotas: readonly number[];
}

export function readCandles(file: string, limit: number): Candles {
  const reader = new CandleCsvReader({ file, maximumRows: 100_000 });
  const lines = readFileSync(file, 'utf8').split('\n');
  reader.push(`${lines.slice(0, limit + 1).join('\n')}\n`);
  return reader.end();
}

/** Every decision over a history by the twin, under some settings of the qubits. */
export function scoredDecisions(
  candles: Candles,
  qubits: Partial<QubitSettings>,
  clock: Clock,
): ScoredDecision[] {
  const intervalMs = inferIntervalMs(candles);
  const configuration = engineConfiguration(
    { pair: 'SCORED', intervalMs, periodsPerYear: periodsPerYear(candles), path: 'twin' },
    { qubits },
  );
  using engine = new Engine(configuration, { clock });
  const scored: ScoredDecision[] = [];
  for (let at = configuration.windowCandles - 1; at + 2 < candles.length; at++) {
    const { receipt } = engine.step(candles, at, { now: candles.time[at] + intervalMs });
    // An order placed at this close fills at the next open, and the one after settles it.
    const move = candles.open[at + 2] - candles.open[at + 1];
    if (receipt.verdict === null || move === 0) continue;
    const { preferences, quotas } = receipt.verdict;
    scored.push({
      at,
      probabilityUp: preferences[2] / (preferences[0] + preferences[2]),
      wentUp: move > 0,
      voters: receipt.seats.filter((seat) => 'direction' in seat).length,
      quotas,
    });
  }
  return scored;
}

export function brierScore({ probabilityUp, wentUp }: ScoredDecision): number {
  return (probabilityUp - Number(wentUp)) ** 2;
}

/** Mean of paired differences and the half-width of its 95 % interval by the normal law. */
export function pairedDifference(differences: readonly number[]): {
  readonly mean: number;
  readonly halfWidth: number;
} {
  const count = differences.length;
  const mean = sumOf(differences) / count;
  const squares = sumOf(differences.map((d) => (d - mean) ** 2));
  return { mean, halfWidth: 1.96 * Math.sqrt(squares / (count - 1) / count) };
}

/**
 * Losses of the second half after the log odds of all were multiplied by the one factor that has
 * the least log loss on the first: what is left of a difference is not a matter of being too sure.
 */
export function temperedLosses(decisions: readonly ScoredDecision[]): number[] {
  const half = Math.floor(decisions.length / 2);
  const odds = decisions.map(({ probabilityUp }) => logOdds(probabilityUp));
  let factor = 0;
  // The loss is convex in the factor: Newton's steps from 0 settle within ten.
  for (let step = 0; step < 20; step++) {
    let [slope, bend] = [0, 1e-12];
    for (let i = 0; i < half; i++) {
      const p = 1 / (1 + Math.exp(-factor * odds[i]));
      slope += (p - Number(decisions[i].wentUp)) * odds[i];
      bend += p * (1 - p) * odds[i] * odds[i];
    }
    factor -= slope / bend;
  }
  return decisions
    .slice(half)
    .map((_, i) => 1 / (1 + Math.exp(-factor * odds[half + i])))
    .map((probabilityUp, i) => brierScore({ ...decisions[half + i], probabilityUp }));
}

function logOdds(probability: number): number {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(bounded / (1 - bounded));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
