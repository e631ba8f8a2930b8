import type { Clock } from '@sema/timing-buffer';

/** The bound a value must keep, in its own unit. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** One measured figure, and what it is held against. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target;
  /** The same figure of somebody else, measured in the same run. */
  readonly peer?: { readonly name: string; readonly value: number };
}

/** A measurement judged; what there is none of is null. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: Target | null;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Value over the peer's. */
  readonly ratio: number | null;
  readonly met: boolean | null;
}

export interface SuiteOptions {
  readonly clock: Clock;
  /** Fewer and smaller rounds: shows that the suite works, not what it measures. */
  readonly quick: boolean;
  /** Folder for what a suite draws; nothing is drawn when there is none. */
  readonly plots?: string | undefined;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Measures, after checking that what is measured computes the right thing. */
  readonly run: (options: SuiteOptions) => Row[] | Promise<Row[]>;
}

export function row({ name, value, unit, target, peer }: Measurement): Row {
  return {
    name,
    value,
    unit,
    target: target ?? null,
    peer: peer?.name ?? null,
    peerValue: peer?.value ?? null,
    ratio: peer === undefined ? null : value / peer.value,
    met: target === undefined ? null : meets(value, target),
  };
}

/** A bound is kept when it is just reached; a value that is no number keeps none. */
function meets(value: number, target: Target): boolean {
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
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
