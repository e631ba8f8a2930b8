import { choiceProbabilities } from '@sema/algorithms';
import { ACTIONS } from '../actions.ts';
import type { Seat } from '../board.ts';
import type { PathQuestion } from '../path-question.ts';
import { gainProbability } from '../return-bins.ts';
import type { PathAnswer } from '../twin-path.ts';
import { ALGORITHMS_GROUP, GROUP_OF_EXPERT } from './groups.ts';
import { logOdds, probabilityAt } from './odds.ts';

/** One voice of the collective: an expert that voted, or an algorithm. */
export interface Component {
  /** Index into `GROUPS`. */
  readonly group: number;
  /** > 0; those of all components sum to 1. */
  readonly weight: number;
  /** Probability of a gain, in [1e-6, 1 − 1e-6]. */
  readonly probabilityUp: number;
}

/** Nobody counts as surer than this: the odds of certainty are no number. */
const SUREST = 1 - 1e-6;
const SHORT = ACTIONS.indexOf('short');
const LONG = ACTIONS.indexOf('long');

/** What the board was asked: every seat, in the order of `EXPERTS`. */
export interface BoardVoices {
  readonly seats: readonly Seat[];
  /** Weight per seat, 0 without a vote, sum 1. */
  readonly weights: Float64Array;
}

/**
 * The voices of one decision: the experts that voted, by the weights of the learner, and the three
 * algorithms, alike among each other. The board and the algorithms count alike. An expert speaks
 * here even where the register of Hedge has no place for it.
 */
export function componentsOf(
  { seats, weights }: BoardVoices,
  { choiceSensitivity }: Pick<PathQuestion, 'choiceSensitivity'>,
  answer: PathAnswer,
): Component[] {
  const components: Component[] = [];
  const add = (group: number, weight: number, p: number): void => {
    // A weight that halves to nothing is no voice.
    if (!(weight > 0)) return;
    const probabilityUp = Math.min(SUREST, Math.max(1 - SUREST, p));
    components.push({ group, weight, probabilityUp });
  };
  seats.forEach((seat, expert) => {
    if (seat.kind !== 'vote') return;
    add(GROUP_OF_EXPERT[expert], weights[expert] / 2, seat.probabilityUp);
  });
  const choices = choiceProbabilities(answer.prospects, choiceSensitivity);
  const preferred = choices[LONG] / (choices[LONG] + choices[SHORT]);
  const said = [gainProbability(answer.prices), preferred, answer.mixture];
  for (const probability of said) add(ALGORITHMS_GROUP, 1 / (2 * said.length), probability);
  return components;
}

/** Components by group, without the groups that say nothing, in the order of `GROUPS`. */
export function byGroup(components: readonly Component[]): Component[][] {
  const groups: Component[][] = [];
  for (let group = 0; group <= ALGORITHMS_GROUP; group++) {
    const members = components.filter((component) => component.group === group);
    if (members.length > 0) groups.push(members);
  }
  return groups;
}

/**
 * The probabilities as they enter a product of odds, each with the odds (p/(1 − p))^share, where
 * the shares of the list are in the proportion of the weights and sum to `total`.
 */
export function tempered(components: readonly Component[], total: number): Float64Array {
  let sum = 0;
  for (const { weight } of components) sum += weight;
  return Float64Array.from(components, ({ weight, probabilityUp }) =>
    probabilityAt(logOdds(probabilityUp) * ((total * weight) / sum)),
  );
}
