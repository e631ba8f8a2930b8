import { regimeMemberships } from '@sema/learning';
import type { FeedbackOperator, Regime } from '@sema/learning';
import { conveneBoard, voteCount } from './board.ts';
import type { BoardReading } from './board-stream.ts';
import type { Seat } from './board.ts';
import type { DecisionPath, EngineConfiguration } from './configuration.ts';
import { contrarianLook } from './emergence/contrarian-look.ts';
import { judgeEmergence } from './emergence/emergence.ts';
import type { Emergence, EmergenceVerdict } from './emergence/emergence.ts';
import { QarError } from './errors.ts';
import { learningContext } from './learning-context.ts';
import type { CandleWindow } from './market-data/candles.ts';
import { marketFeatures } from './market-features.ts';
import type { DecidingModel } from './model.ts';
import { pathQuestion } from './path-question.ts';
import type { DecisionResources, PathQuestion } from './path-question.ts';
import type { Paths } from './paths.ts';
import type { NoDecisionReason } from './receipt.ts';
import { algorithmForecasts, fusionForecasts } from './resources/algorithm-forecasts.ts';
import { REGIME_PATTERNS } from './resources/entanglement-pattern.ts';
import { planQubits } from './resources/qubit-plan.ts';
import type { Selection } from './selection/basal-ganglia.ts';
import type { CollectiveVerdict } from './transference/collective.ts';
import type { BoardVoices } from './transference/components.ts';
import { decideByTwin } from './twin-path.ts';
import type { PathAnswer } from './twin-path.ts';

/** Which path to take; a replay names the one its receipt names. */
export interface PathChoice {
  readonly path: DecisionPath;
  /** Why the twin decides although the quantum path was configured. */
  readonly fallback: string | null;
}

interface JoinedAnswer {
  readonly answer: PathAnswer;
  readonly verdict: CollectiveVerdict | undefined;
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
        /** What the algorithms were given to compute with. */
        readonly resources: DecisionResources;
        readonly answer: PathAnswer;
        /** What the model judges the algorithms by. */
        readonly forecasts: Float64Array;
        readonly selection: Selection;
        /** Where the configuration asks and enough is remembered. */
        readonly emergence: EmergenceVerdict | undefined;
        /** Where the configuration asks. */
        readonly collective: CollectiveVerdict | undefined;
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
 * Of the model it changes the regime, what is remembered of the board, and what waits for its
 * outcome.
 *
 * @param reading - of that window, by a `BoardStream`.
 * @param limitMs - how long the circuits may take; null for ever, as in a replay.
 */
export function decide(
  model: DecidingModel,
  window: CandleWindow,
  reading: BoardReading,
  configuration: EngineConfiguration,
  paths: Paths,
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
  const figures = model.observe(seats);
  const resources = resourcesFor(model, regime, seats, configuration);
  const { distribution } = reading;
  const question = pathQuestion(seats, weights, distribution, features, configuration, resources);
  if (question === undefined) {
    const known = { lesson, regime, memberships };
    return { kind: 'undecided', reason: 'ALL_ABSTAINED', seats, ...known, ...choice };
  }
  const feedback = model.feedback[regime];
  const board = { seats, weights };
  const { answer, verdict, ...taken } = answerOrFallBack(
    board,
    question,
    feedback,
    paths,
    choice,
    limitMs,
  );
  const selection = model.select(answer.preferences, regime);
  const { volatility } = features;
  const emergence = emergenceOf(figures, configuration, board, selection);
  const extras = { emergence, collective: verdict };
  const known = { lesson, regime, memberships, volatility, resources, ...extras };
  const forecasts = forecastsOf(answer, regime, configuration);
  return { kind: 'decided', seats, ...known, answer, forecasts, selection, ...taken };
}

/** Qubits by what the model learned of the algorithms, and entanglement by regime. */
function resourcesFor(
  model: DecidingModel,
  regime: Regime,
  seats: readonly Seat[],
  { qubits }: EngineConfiguration,
): DecisionResources {
  return {
    plan: planQubits(model.algorithmWeights, voteCount(seats), qubits),
    pattern: model.entangles(regime) ? REGIME_PATTERNS[regime] : 'none',
    patternAngle: qubits.entanglementAngle,
  };
}

/** Of the algorithms; where entanglement is learned, of the fusion without and with it too. */
function forecastsOf(
  answer: PathAnswer,
  regime: Regime,
  { choiceSensitivity, qubits }: EngineConfiguration,
): Float64Array {
  const forecasts = algorithmForecasts(answer, choiceSensitivity);
  if (qubits.entanglement !== 'learned') return forecasts;
  const fused = fusionForecasts(answer, choiceSensitivity, regime, qubits.entanglementAngle);
  return Float64Array.of(...forecasts, ...fused);
}

/** The twin decides when the circuits throw or are late: the receipt then says why. */
function answerOrFallBack(
  board: BoardVoices,
  question: PathQuestion,
  feedback: FeedbackOperator,
  { quantum, collective }: Paths,
  choice: PathChoice,
  limitMs: number | null,
): PathChoice & JoinedAnswer {
  const joined = (answer: PathAnswer, path: DecisionPath): JoinedAnswer =>
    collective?.join(board, question, answer, path) ?? { answer, verdict: undefined };
  if (choice.path === 'twin' || quantum === undefined) {
    return { ...choice, path: 'twin', ...joined(decideByTwin(question, feedback), 'twin') };
  }
  try {
    const answer = joined(quantum.decide(question, feedback, limitMs), 'quantum');
    if (collective !== undefined) quantum.checkTime();
    return { ...choice, ...answer };
  } catch (error) {
    const fallback = reasonOf(error);
    const answer = quantum.recorder.timeStandIn(() => decideByTwin(question, feedback));
    return { path: 'twin', fallback, ...joined(answer, 'twin') };
  }
}

function emergenceOf(
  figures: Emergence | undefined,
  { emergenceThreshold }: EngineConfiguration,
  board: BoardVoices,
  { action }: Selection,
): EmergenceVerdict | undefined {
  if (figures === undefined || emergenceThreshold === null) return undefined;
  const look = () => contrarianLook(board, action);
  return judgeEmergence(figures, emergenceThreshold, look);
}

/** A reason that is the same on every machine: the error's class and code, not its message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error instanceof QarError && error.code === 'DEADLINE_MISSED') return 'DEADLINE';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
