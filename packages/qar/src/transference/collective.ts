import type { Clock } from '@sema/timing-buffer';
import { ACTIONS } from '../actions.ts';
import type { DecisionPath } from '../configuration.ts';
import type { PathQuestion } from '../path-question.ts';
import type { PathAnswer } from '../twin-path.ts';
import { collectiveByCircuits, collectiveQubits } from './collective-circuits.ts';
import { collectiveByTwin } from './collective-twin.ts';
import type { CollectiveOpinions, IntelligenceType } from './collective-twin.ts';
import { componentsOf } from './components.ts';
import type { BoardVoices } from './components.ts';

/** What the collective said of one decision. */
export interface CollectiveVerdict {
  /** The type that acts. */
  readonly type: IntelligenceType;
  readonly opinions: CollectiveOpinions;
  /** The preferences before the collective acted on them. */
  readonly alone: Float64Array;
}

export interface CollectiveAnswer {
  readonly answer: PathAnswer;
  readonly verdict: CollectiveVerdict;
}

/** Lets the collective of all components act on the decisions of an engine. */
export class Collective {
  readonly #type: IntelligenceType;
  readonly #clock: Clock;

  constructor(type: IntelligenceType, clock: Clock) {
    this.#type = type;
    this.#clock = clock;
  }

  /**
   * The answer after the collective's opinion was one more filter on the actions, in the manner of
   * fusion: long gets its odds of a gain, short those of a loss, and flat stands between. Where the
   * acting type has nothing to say the answer is as it was.
   */
  join(
    board: BoardVoices,
    question: PathQuestion,
    answer: PathAnswer,
    path: DecisionPath,
  ): CollectiveAnswer {
    const components = componentsOf(board, question, answer);
    const opinions =
      path === 'quantum'
        ? collectiveByCircuits(collectiveQubits(this.#clock), components)
        : collectiveByTwin(components);
    const { preferences: alone } = answer;
    const verdict = { type: this.#type, opinions, alone };
    const up = opinions[this.#type];
    if (up === undefined) return { answer, verdict };
    return { answer: { ...answer, preferences: filtered(alone, up) }, verdict };
  }
}

function filtered(preferences: Float64Array, up: number): Float64Array {
  const filter: Readonly<Record<(typeof ACTIONS)[number], number>> = {
    short: 1 - up,
    flat: Math.sqrt(up * (1 - up)),
    long: up,
  };
  const joint = preferences.map((preference, action) => preference * filter[ACTIONS[action]]);
  let total = 0;
  for (const preference of joint) total += preference;
  return joint.map((preference) => preference / total);
}
