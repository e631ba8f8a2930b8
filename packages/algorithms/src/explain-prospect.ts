import { pow } from '@sema/simulator/elementary';
import { subjectiveLottery } from './prospect.ts';
import type { Lottery, ProspectParameters } from './prospect.ts';

/** What one outcome adds to the value of a lottery. */
export interface ProspectReason {
  readonly payoff: number;
  readonly probability: number;
  /** v of the payoff. */
  readonly value: number;
  /** π: what its probability counts for. */
  readonly weight: number;
  /** π·v; these sum to the value of the lottery. */
  readonly contribution: number;
}

export interface ProspectExplanation {
  /** As `prospectValue` gives it. */
  readonly value: number;
  /**
   * The sure payoff of the same value, in payoff units. Infinite where a curvature near 0 makes
   * every payoff feel the same.
   */
  readonly certaintyEquivalent: number;
  /** Σ p·x, in payoff units. */
  readonly expectedPayoff: number;
  /** In the order of the lottery. */
  readonly reasons: readonly ProspectReason[];
  /** The same for a person: a line per possible outcome, what counts most first, and the sum. */
  readonly text: string;
}

/**
 * Why cumulative prospect theory values a lottery as it does: what each outcome is felt as, what
 * its probability counts for, and what the two contribute. O(n log n).
 *
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function explainProspect(
  lottery: Lottery,
  parameters: ProspectParameters,
): ProspectExplanation {
  const { weights, values } = subjectiveLottery(lottery, parameters);
  let value = 0;
  let expectedPayoff = 0;
  const reasons = Array.from(weights, (weight, i): ProspectReason => {
    const payoff = lottery.payoffs[i];
    const probability = lottery.probabilities[i];
    const contribution = weight * values[i];
    value += contribution;
    expectedPayoff += probability * payoff;
    return { payoff, probability, value: values[i], weight, contribution };
  });
  const certaintyEquivalent = sureAlternative(value, parameters);
  const ranked = reasons
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const text = [
    ...ranked.map(lineOf),
    `value ${short(value)}: as good as a sure ${short(certaintyEquivalent)}; expected payoff ` +
      short(expectedPayoff),
  ].join('\n');
  return { value, certaintyEquivalent, expectedPayoff, reasons, text };
}

/** v⁻¹. */
function sureAlternative(value: number, { alpha, beta, lambda }: ProspectParameters): number {
  return value < 0 ? -pow(-value / lambda, 1 / beta) : pow(value, 1 / alpha);
}

function lineOf({ payoff, probability, value, weight, contribution }: ProspectReason): string {
  const sign = contribution < 0 ? '' : '+';
  return (
    `${sign}${short(contribution)}: ${short(payoff)}, felt as ${short(value)}, ` +
    `at probability ${short(probability)}, which counts for ${short(weight)}`
  );
}

/** Four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
