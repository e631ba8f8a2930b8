import type { Action } from '../actions.ts';
import { logOdds, probabilityAt } from '../transference/odds.ts';

/** What those say who expect the opposite of what is about to be done. */
export interface ContrarianLook {
  /** How many they are. */
  readonly votes: number;
  /** Their share of the voters' weight. */
  readonly weight: number;
  /** Their weighted logarithmic opinion pool; null when there is nobody. */
  readonly probabilityUp: number | null;
}

/**
 * Hears the dissenters of a decision: voters who give the other side more than one half.
 *
 * @param weights - per voter, sum 1, 0 for who did not vote.
 * @param probabilities - of a gain, as long as `weights`.
 * @returns undefined for an action that takes no side.
 */
export function contrarianLook(
  weights: Float64Array,
  probabilities: Float64Array,
  action: Action,
): ContrarianLook | undefined {
  if (action === 'flat') return undefined;
  const side = action === 'long' ? 1 : -1;
  let votes = 0;
  let weight = 0;
  let pooled = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] > 0) || !(side * (probabilities[i] - 0.5) < 0)) continue;
    votes++;
    weight += weights[i];
    pooled += weights[i] * logOdds(probabilities[i]);
  }
  return { votes, weight, probabilityUp: votes === 0 ? null : probabilityAt(pooled / weight) };
}
