import {
  choiceProbabilities,
  mixtureProbability,
  prospectValue,
  settleTrade,
  TVERSKY_KAHNEMAN_1992,
} from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import { ACTIONS } from './actions.ts';
import { actionFilters, fuseAmplitudes } from './fusion.ts';
import { fuseEntangled, patternState } from './resources/entanglement-pattern.ts';
import type { PathQuestion } from './path-question.ts';
import { lotteryOf } from './path-question.ts';

/**
 * What a path answers: the three algorithms' results and the action probabilities fused from them.
 */
export interface PathAnswer {
  /** LMSR prices of the return bins, 2^k of them, sum 1. */
  readonly prices: Float64Array;
  /** Prospect value per action, in units of the evaluation horizon's σ. */
  readonly prospects: Float64Array;
  /** Probability of a gain under the Hedge mixture. */
  readonly mixture: number;
  /** Probability per action, sum 1. */
  readonly preferences: Float64Array;
}

const [SHORT, LONG] = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

/** The decision in closed form: the same quantities as the circuits, without any. */
export function decideByTwin(question: PathQuestion, feedback: FeedbackOperator): PathAnswer {
  const { prices } = settleTrade({
    prior: question.prior,
    shares: question.shares,
    liquidity: question.liquidity,
  });
  const prospects = new Float64Array(ACTIONS.length);
  prospects[SHORT] = prospectOf(-1, question, prices);
  prospects[LONG] = prospectOf(1, question, prices);
  const mixture = mixtureProbability(question.weights, question.probabilities);
  const choices = choiceProbabilities(prospects, question.choiceSensitivity);
  const filters = actionFilters(prices, choices, mixture);
  const { pattern, patternAngle } = question;
  const fused =
    pattern === 'none'
      ? fuseAmplitudes(filters)
      : fuseEntangled(filters, patternState(pattern, patternAngle));
  const turned = feedback.apply(fused);
  const preferences = new Float64Array(ACTIONS.length);
  for (let a = 0; a < preferences.length; a++) preferences[a] = turned[a] * turned[a];
  return { prices, prospects, mixture, preferences };
}

function prospectOf(side: 1 | -1, question: PathQuestion, prices: Float64Array): number {
  return prospectValue(lotteryOf(question, prices, side), TVERSKY_KAHNEMAN_1992);
}
