import type { Action } from '../actions.ts';
import type { BoardVoices } from '../transference/components.ts';
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
 * @returns undefined for an action that takes no side.
 */
export function contrarianLook(
  { seats, weights }: BoardVoices,
  action: Action,
): ContrarianLook | undefined {
  if (action === 'flat') return undefined;
  const side = action === 'long' ? 1 : -1;
  let votes = 0;
  let weight = 0;
  let pooled = 0;
  seats.forEach((seat, i) => {
    if (seat.kind !== 'vote' || !(side * (seat.probabilityUp - 0.5) < 0)) return;
    // A weight that halves to nothing is no voice.
    if (!(weights[i] > 0)) return;
    votes++;
    weight += weights[i];
    pooled += weights[i] * logOdds(seat.probabilityUp);
  });
  return { votes, weight, probabilityUp: votes === 0 ? null : probabilityAt(pooled / weight) };
}
