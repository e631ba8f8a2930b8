import { quantileOf } from '../harness.ts';
import type { RandomSource } from '@sema/simulator';

/** Bins of equal frequency into which a probability is put. */
const BINS = 8;
/** Neighbouring decisions that are exchanged together, because they resemble each other. */
const BLOCK = 20;

/** What one forecast tells about the outcomes beyond another, and what chance alone would give. */
export interface GainedBits {
  readonly bits: number;
  /** Holds 95 % of what is found when it is chance which of the two forecasts is which. */
  readonly chance: readonly [number, number];
}

/**
 * I(forecast; outcome) − I(other; outcome), with an interval from random exchanges of the two.
 *
 * @param outcomes - 0 or 1.
 */
export function gainedBits(
  forecast: ArrayLike<number>,
  other: ArrayLike<number>,
  outcomes: Uint8Array,
  options: { readonly exchanges: number; readonly random: RandomSource },
): GainedBits {
  const ours = binned(forecast);
  const theirs = binned(other);
  const difference = (a: Uint8Array, b: Uint8Array): number =>
    mutualInformationBits(a, outcomes) - mutualInformationBits(b, outcomes);
  const first = new Uint8Array(ours.length);
  const second = new Uint8Array(ours.length);
  const exchanged = Float64Array.from({ length: options.exchanges }, () => {
    for (let from = 0; from < ours.length; from += BLOCK) {
      const isSwapped = options.random.next() < 0.5;
      const to = Math.min(ours.length, from + BLOCK);
      for (let t = from; t < to; t++) {
        first[t] = isSwapped ? theirs[t] : ours[t];
        second[t] = isSwapped ? ours[t] : theirs[t];
      }
    }
    return difference(first, second);
  });
  return {
    bits: difference(ours, theirs),
    chance: [quantileOf(exchanged, 0.025), quantileOf(exchanged, 0.975)],
  };
}

/**
 * Mutual information of a bin in [0, 8) and an outcome of 0 or 1, in bits, each entropy with the
 * correction of Miller and Madow: (occupied cells − 1)/(2n) nats.
 *
 * @see Miller (1955), Note on the bias of information estimates
 */
export function mutualInformationBits(bins: Uint8Array, outcomes: Uint8Array): number {
  const joint = new Float64Array(2 * BINS);
  for (let t = 0; t < bins.length; t++) joint[2 * bins[t] + outcomes[t]]++;
  const byBin = new Float64Array(BINS);
  const byOutcome = new Float64Array(2);
  joint.forEach((count, cell) => {
    byBin[cell >> 1] += count;
    byOutcome[cell & 1] += count;
  });
  return (
    correctedEntropyBits(byBin) + correctedEntropyBits(byOutcome) - correctedEntropyBits(joint)
  );
}

function correctedEntropyBits(counts: Float64Array): number {
  let total = 0;
  let occupied = 0;
  for (const count of counts) {
    total += count;
    if (count > 0) occupied++;
  }
  let nats = (occupied - 1) / (2 * total);
  for (const count of counts) if (count > 0) nats -= (count / total) * Math.log(count / total);
  return nats / Math.LN2;
}

/** The octile of each value among all; equal values share one. */
export function binned(values: ArrayLike<number>): Uint8Array {
  const edges = Array.from({ length: BINS - 1 }, (_, k) => quantileOf(values, (k + 1) / BINS));
  return Uint8Array.from(values, (value) => edges.filter((edge) => value > edge).length);
}
