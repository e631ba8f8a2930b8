import { regimeMemberships } from '@sema/learning';
import type { Regime } from '@sema/learning';
import { selectAction } from './actions.ts';
import type { Selection } from './actions.ts';
import { conveneBoard } from './board.ts';
import type { BoardReading } from './board-stream.ts';
import type { Seat } from './board.ts';
import type { DecisionPath, EngineConfiguration } from './configuration.ts';
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
        readonly regime: Regime | undefined;
        readonly memberships: Float64Array | undefined;
      }
  );

/**
 * Decides on one window: a function of the model as it stands and the window, and of nothing else.
 * The only thing it changes is the model's regime.
 *
 * @param reading - of that window, by a `BoardStream`.
 * @param quantum - the circuits; `undefined` where the twin is to decide.
 */
export function decide(
  model: Model,
  window: CandleWindow,
  reading: BoardReading,
  configuration: EngineConfiguration,
  quantum: QuantumPath | undefined,
  choice: PathChoice,
): Decision {
  const seats = conveneBoard(reading.opinions, model.record);
  const features = marketFeatures(window, configuration.periodsPerYear);
  if (features === undefined) {
    const nothing = { regime: undefined, memberships: undefined };
    return { kind: 'undecided', reason: 'DEGENERATE_WINDOW', seats, ...nothing, ...choice };
  }
  const memberships = regimeMemberships(features);
  const regime = model.tracker.update(memberships);
  const question = pathQuestion(
    seats,
    model.learner.weights,
    reading.distribution,
    features,
    configuration,
  );
  if (question === undefined) {
    return { kind: 'undecided', reason: 'ALL_ABSTAINED', seats, regime, memberships, ...choice };
  }
  const { answer, ...taken } = answerOrFallBack(question, model, regime, quantum, choice);
  const selection = selectAction(answer.preferences, regime);
  const { volatility } = features;
  return { kind: 'decided', seats, regime, memberships, volatility, answer, selection, ...taken };
}

/** The twin decides when the circuits throw: the receipt then says why. */
function answerOrFallBack(
  question: PathQuestion,
  model: Model,
  regime: Regime,
  quantum: QuantumPath | undefined,
  choice: PathChoice,
): PathChoice & { readonly answer: PathAnswer } {
  const feedback = model.feedback[regime];
  if (choice.path === 'twin' || quantum === undefined) {
    return { ...choice, path: 'twin', answer: decideByTwin(question, feedback) };
  }
  try {
    return { ...choice, answer: quantum.decide(question, feedback) };
  } catch (error) {
    const fallback = reasonOf(error);
    return { path: 'twin', fallback, answer: decideByTwin(question, feedback) };
  }
}

/** A reason that is the same on every machine: the error's class and code, not its message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
