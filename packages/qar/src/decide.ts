import { regimeMemberships } from '@sema/learning';
import type { FeedbackOperator, Regime } from '@sema/learning';
import { selectAction } from './actions.ts';
import type { Selection } from './actions.ts';
import { conveneBoard } from './board.ts';
import type { BoardReading } from './board-stream.ts';
import type { Seat } from './board.ts';
import type { DecisionPath, EngineConfiguration } from './configuration.ts';
import { QarError } from './errors.ts';
import { learningContext } from './learning-context.ts';
import type { CandleWindow } from './market-data/candles.ts';
import { marketFeatures } from './market-features.ts';
import type { Model } from './model.ts';
import { pathQuestion } from './path-question.ts';
import type { PathQuestion } from './path-question.ts';
import type { QuantumPath } from './quantum-path.ts';
import type { NoDecisionReason } from './receipt.ts';
import { decideByTwin } from './twin-path.ts';
import type { PathAnswer } from './twin-path.ts';

/** Which path to take; a replay names the one its receipt names. */
export interface PathChoice {
  readonly path: DecisionPath;
  /** Why the twin decides although the quantum path was configured. */
  readonly fallback: string | null;
}

/** What the path said about one window, before the risk gate. */
export type Decision = PathChoice & { readonly seats: readonly Seat[] } & (
    | {
        readonly kind: 'decided';
        /** The number under which the model learns the outcome. */
        readonly lesson: number;
        readonly regime: Regime;
        readonly memberships: Float64Array;
        /** Annualised. */
        readonly volatility: number;
        readonly answer: PathAnswer;
        readonly selection: Selection;
      }
    | {
        readonly kind: 'undecided';
        readonly reason: NoDecisionReason;
        /** This and what follows are missing where the window has no features. */
        readonly lesson: number | undefined;
        readonly regime: Regime | undefined;
        readonly memberships: Float64Array | undefined;
      }
  );

/**
 * Decides on one window: a function of the model as it stands and the window, and of nothing else.
 * Of the model it changes the regime and what waits for its outcome.
 *
 * @param reading - of that window, by a `BoardStream`.
 * @param quantum - the circuits; `undefined` where the twin is to decide.
 * @param limitMs - how long the circuits may take; null for ever, as in a replay.
 */
export function decide(
  model: Pick<Model, 'record' | 'feedback' | 'weigh'>,
  window: CandleWindow,
  reading: BoardReading,
  configuration: EngineConfiguration,
  quantum: QuantumPath | undefined,
  choice: PathChoice,
  limitMs: number | null,
): Decision {
  const seats = conveneBoard(reading.opinions, model.record);
  const features = marketFeatures(window, configuration.periodsPerYear);
  if (features === undefined) {
    const nothing = { lesson: undefined, regime: undefined, memberships: undefined };
    return { kind: 'undecided', reason: 'DEGENERATE_WINDOW', seats, ...nothing, ...choice };
  }
  const memberships = regimeMemberships(features);
  const { lesson, regime, weights } = model.weigh({
    time: window.time[window.length - 1],
    regimes: memberships,
    contexts: learningContext(window, features),
    seats,
  });
  const question = pathQuestion(seats, weights, reading.distribution, features, configuration);
  if (question === undefined) {
    const known = { lesson, regime, memberships };
    return { kind: 'undecided', reason: 'ALL_ABSTAINED', seats, ...known, ...choice };
  }
  const { answer, ...taken } = answerOrFallBack(
    question,
    model.feedback[regime],
    quantum,
    choice,
    limitMs,
  );
  const selection = selectAction(answer.preferences, regime);
  const { volatility } = features;
  const known = { lesson, regime, memberships, volatility };
  return { kind: 'decided', seats, ...known, answer, selection, ...taken };
}

/** The twin decides when the circuits throw or are late: the receipt then says why. */
function answerOrFallBack(
  question: PathQuestion,
  feedback: FeedbackOperator,
  quantum: QuantumPath | undefined,
  choice: PathChoice,
  limitMs: number | null,
): PathChoice & { readonly answer: PathAnswer } {
  if (choice.path === 'twin' || quantum === undefined) {
    return { ...choice, path: 'twin', answer: decideByTwin(question, feedback) };
  }
  try {
    return { ...choice, answer: quantum.decide(question, feedback, limitMs) };
  } catch (error) {
    const fallback = reasonOf(error);
    return { path: 'twin', fallback, answer: decideByTwin(question, feedback) };
  }
}

/** A reason that is the same on every machine: the error's class and code, not its message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error instanceof QarError && error.code === 'DEADLINE_MISSED') return 'DEADLINE';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
