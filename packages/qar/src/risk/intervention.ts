import { REGIMES } from '@sema/learning';
import type { Regime } from '@sema/learning';
import type { Engine } from '../engine.ts';
import { QarError } from '../errors.ts';
import { LEAST_EVIDENCE, MOST_EVIDENCE } from '../selection/evidence.ts';
import type { RiskGate } from './risk-gate.ts';
import type { TradingState } from './trading-state.ts';

/** What opened a trade that was closed elsewhere. */
export interface TradedDecision {
  /** Of the frame decision. */
  readonly id: string;
  /** 1 long, −1 short. */
  readonly side: 1 | -1;
  /** What spoke for the action against the others, log-odds. */
  readonly evidence: number;
  readonly regime: Regime;
}

/** What a person, or a program that trades elsewhere, does to the gate between two decisions. */
export type Intervention =
  | {
      /**
       * `arm` and `disarm` say from when to when orders went to an exchange too; they change
       * nothing of the gate.
       */
      readonly kind: 'halt' | 'reduce' | 'resume' | 'kill' | 'arm' | 'disarm';
      readonly reason: string;
      readonly who: string;
    }
  | {
      /** A trade that was closed elsewhere, to count in the ladder and the protections. */
      readonly kind: 'trade';
      readonly id: string;
      /** Ms since the Unix epoch. */
      readonly closedAt: number;
      /** Profit over the notional closed. */
      readonly return: number;
      readonly stopped: boolean;
      readonly who: string;
      /** Whose outcome the model learns; left out where it is not known. */
      readonly decision?: TradedDecision;
    };

/** An intervention in the journal: an input of all that follows, so a replay applies it too. */
export interface InterventionReceipt {
  readonly kind: 'intervention';
  /** Decisions before it. */
  readonly sequence: number;
  /** When it was made, ms since the Unix epoch. */
  readonly at: number;
  readonly intervention: Intervention;
  /** Equity at the last decision, from which a resumed gate measures anew. */
  readonly equity: number;
  /** The state of trading after it. */
  readonly trading: TradingState;
}

const LONGEST_TEXT = 1000;

/**
 * Applies an intervention and says what became of it.
 *
 * @param at - when it is made, ms since the Unix epoch.
 * @throws {QarError} `BAD_INTERVENTION`; the engine is then as it was.
 */
export function intervene(
  engine: Engine,
  intervention: Intervention,
  at: number,
): InterventionReceipt {
  const { gate, sequence } = engine;
  const equity = lastEquity(gate);
  applyIntervention(engine, intervention, equity);
  return { kind: 'intervention', sequence, at, intervention, equity, trading: gate.trading };
}

/** @throws {QarError} `BAD_INTERVENTION` */
export function applyIntervention(engine: Engine, made: Intervention, equity: number): void {
  checkIntervention(made);
  applyToGate(engine.gate, made, equity);
  if (made.kind !== 'trade' || made.decision === undefined) return;
  engine.learnTrade(made.decision, made.return > 0);
}

function applyToGate(gate: RiskGate, made: Intervention, equity: number): void {
  switch (made.kind) {
    case 'halt':
      return gate.halt();
    case 'reduce':
      return gate.reduce();
    case 'resume':
      return gate.resume(equity);
    case 'kill':
      return gate.kill();
    case 'arm':
    case 'disarm':
      return;
    case 'trade':
      return gate.recordTrade({ time: made.closedAt, return: made.return, stopped: made.stopped });
  }
}

function checkIntervention(made: Intervention): void {
  const texts = made.kind === 'trade' ? [made.id, made.who] : [made.reason, made.who];
  for (const text of texts) {
    if (text.length >= 1 && text.length <= LONGEST_TEXT) continue;
    throw new QarError('BAD_INTERVENTION', `a text of ${text.length} letters is not of 1 to 1000`);
  }
  if (made.kind !== 'trade') return;
  if (!Number.isFinite(made.return) || made.return < -1 || !Number.isSafeInteger(made.closedAt)) {
    throw new QarError(
      'BAD_INTERVENTION',
      `a return of ${made.return} at ${made.closedAt} is not of a closed trade`,
    );
  }
  if (made.decision !== undefined) checkDecision(made.decision);
}

function checkDecision({ id, side, evidence, regime }: TradedDecision): void {
  const isSide = side === 1 || side === -1;
  const isEvidence = evidence >= LEAST_EVIDENCE && evidence <= MOST_EVIDENCE;
  const isNamed = id.length >= 1 && id.length <= LONGEST_TEXT;
  if (isSide && isEvidence && isNamed && REGIMES.includes(regime)) return;
  throw new QarError(
    'BAD_INTERVENTION',
    `side ${side}, evidence ${evidence} and regime ${regime} are of no decision`,
  );
}

function lastEquity(gate: RiskGate): number {
  const { dayHighs, peakEquity } = gate.state().equity;
  // The newest mark is always the last; before the first one equity is what it started with.
  const newest = dayHighs.at(-1);
  return newest === undefined ? peakEquity : newest[1];
}
