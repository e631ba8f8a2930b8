import type { Clock } from '@sema/timing-buffer';
import { GOALS, type Bound, type Goal } from './targets.ts';

/** The bound a value must keep, in its own unit. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** A value, and those of the rounds that it was taken from. */
export interface Figure {
  readonly value: number;
  readonly samples?: readonly number[];
}

/** One measured figure, and what it is held against. */
export interface Measurement extends Figure {
  readonly name: string;
  readonly unit: string;
  /** The demand that this row shows, whose bound is then its target. */
  readonly goal?: Goal;
  /** A bound that is no goal's. */
  readonly target?: Target;
  /** The same figure of somebody else, measured in the same run. */
  readonly peer?: Figure & { readonly name: string };
}

/** A measurement judged; what there is none of is null. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: Goal | null;
  readonly target: Target | null;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Value over the peer's. */
  readonly ratio: number | null;
  readonly met: boolean | null;
  /** Of rounds of one process, or of one process each. */
  readonly samples: readonly number[] | null;
  /** Of the same rounds, where there are as many. */
  readonly peerSamples: readonly number[] | null;
}

export interface SuiteOptions {
  readonly clock: Clock;
  /** Fewer rounds of the same measurements. */
  readonly quick: boolean;
  /** Folder for what a suite draws; nothing is drawn when there is none. */
  readonly plots?: string | undefined;
  /** Takes what is not measured here and why, to be said aloud and kept with the rows. */
  readonly skipped: (reason: string) => void;
  /** Takes a line about what goes on, for whoever waits. */
  readonly say: (line: string) => void;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Measures, after checking that what is measured computes the right thing. */
  readonly run: (options: SuiteOptions) => Row[] | Promise<Row[]>;
}

export function row(measurement: Measurement): Row {
  const { name, value, unit, goal, peer, samples } = measurement;
  const target = goal === undefined ? measurement.target : goalTarget(goal, unit, peer?.value);
  return {
    name,
    value,
    unit,
    goal: goal ?? null,
    target: target ?? null,
    peer: peer?.name ?? null,
    peerValue: peer?.value ?? null,
    ratio: peer === undefined ? null : value / peer.value,
    met: target === undefined ? null : meets(value, target),
    samples: samples ?? null,
    peerSamples: peer?.samples ?? null,
  };
}

/**
 * The bound of a goal, which may be a multiple of the peer's figure: without a peer there is none.
 *
 * @throws {RangeError} when the row measures in another unit.
 */
function goalTarget(goal: Goal, unit: string, peer: number | undefined): Target | undefined {
  const bound: Bound = GOALS[goal];
  if ('atMostOfPeer' in bound) {
    return peer === undefined ? undefined : { atMost: bound.atMostOfPeer * peer };
  }
  if (bound.unit !== unit) {
    throw new RangeError(`${goal} is measured in '${bound.unit}', and this row in '${unit}'`);
  }
  return 'atMost' in bound ? { atMost: bound.atMost } : { atLeast: bound.atLeast };
}

/** A bound is kept when it is just reached; a value that is no number keeps none. */
export function meets(value: number, target: Target): boolean {
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

/** Samples kept of a figure: enough for an interval of it, and few enough to keep in a file. */
const MOST_SAMPLES = 32;

/**
 * A quantile of values, in another unit, with the same quantile of consecutive parts as samples.
 *
 * @param values - at least one, in the order they were measured.
 * @param scale - of the unit: 0.001 makes microseconds of nanoseconds.
 */
export function quantileFigure(values: ArrayLike<number>, quantile: number, scale = 1): Figure {
  const all = Float64Array.from(values);
  const count = Math.min(MOST_SAMPLES, all.length);
  const samples = Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * all.length) / count);
    const to = Math.floor(((part + 1) * all.length) / count);
    return scale * quantileOf(all.subarray(from, to), quantile);
  });
  return { value: scale * quantileOf(all, quantile), samples };
}

export function medianFigure(values: ArrayLike<number>, scale = 1): Figure {
  return quantileFigure(values, 0.5, scale);
}

/**
 * The smallest value that at least the share `quantile` of all values does not exceed.
 *
 * @param values - at least one, in any order.
 * @param quantile - in [0, 1].
 */
export function quantileOf(values: ArrayLike<number>, quantile: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
}

export function median(values: ArrayLike<number>): number {
  return quantileOf(values, 0.5);
}

export function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Nanoseconds of one call, each call on its own. */
export function timesOf(
  { clock }: SuiteOptions,
  rounds: number,
  action: (round: number) => void,
): Float64Array {
  const times = new Float64Array(rounds);
  for (let round = 0; round < rounds; round += 1) {
    const start = clock.nowNs();
    action(round);
    times[round] = clock.nowNs() - start;
  }
  return times;
}

/**
 * Measures several contenders in turns, so that whatever else the machine does falls on all alike.
 * Every other round goes through them backwards.
 *
 * @param measure - the value of one contender in one round.
 * @returns a value per contender and round.
 */
export function interleave<Name extends string>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => number,
): Record<Name, Float64Array> {
  const samples = Object.fromEntries(names.map((name) => [name, new Float64Array(rounds)]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) samples[name][round] = measure(name, round);
  }
  // Object.fromEntries forgets which names it was given.
  return samples as Record<Name, Float64Array>;
}
