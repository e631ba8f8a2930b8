import { asin } from '@sema/simulator/elementary';
import type { Component } from './components.ts';
import { logOdds } from './odds.ts';

/** Evidence that is strong, in units of the mean. */
const STRONG = 2;
/** The largest weight of few: up to here a first round does not overshoot. */
const FEW = 0.25;
/** What next to nobody holds is not made certain. */
const MOST_ROUNDS = 8;

/** What breaks through at one decision. */
export interface Breakthrough {
  /** By component: whether it is amplified. */
  readonly marked: readonly boolean[];
  /** Their weight together, in (0, ¼]. */
  readonly weight: number;
  /** Rounds of amplitude amplification, in [1, 8]. */
  readonly rounds: number;
}

/**
 * Who is to be amplified: components on the side of the lesser weight whose evidence |ln odds| is
 * at least twice the weighted mean, if together they weigh at most a quarter. As many rounds as
 * bring their weight nearest to 1 without turning past it, 8 at most.
 *
 * @returns undefined where no such opinion is.
 */
export function breakthroughOf(components: readonly Component[]): Breakthrough | undefined {
  const evidence = components.map(({ probabilityUp }) => logOdds(probabilityUp));
  let up = 0;
  let mean = 0;
  components.forEach(({ weight }, i) => {
    up += weight * Math.sign(evidence[i]);
    mean += weight * Math.abs(evidence[i]);
  });
  const marked = evidence.map(
    (e) => Math.sign(e) * Math.sign(up) < 0 && Math.abs(e) >= STRONG * mean,
  );
  let weight = 0;
  components.forEach((component, i) => {
    if (marked[i]) weight += component.weight;
  });
  if (!(weight > 0 && weight <= FEW)) return undefined;
  const angle = asin(Math.sqrt(weight));
  let rounds = 1;
  while (rounds < MOST_ROUNDS && (2 * rounds + 3) * angle <= Math.PI / 2) rounds++;
  return { marked, weight, rounds };
}
