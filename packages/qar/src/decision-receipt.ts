import type { Seat } from './board.ts';
import type { Decision } from './decide.ts';
import type { ExecutedFill } from './execution/paper-execution.ts';
import { EXPERTS } from './experts/board.ts';
import type {
  CollectiveReceipt,
  DecisionReceipt,
  FillReceipt,
  Outcome,
  SeatReceipt,
  Verdict,
} from './receipt.ts';
import { ALGORITHMS } from './resources/qubit-shares.ts';
import type { TradingState } from './risk/trading-state.ts';
import type { CollectiveVerdict } from './transference/collective.ts';

/** What one step knows, before it becomes a receipt. */
export interface StepFacts {
  readonly sequence: number;
  readonly time: number;
  readonly decidedAt: number;
  readonly window: string;
  readonly model: string;
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly trading: TradingState;
  readonly fills: readonly ExecutedFill[];
  readonly equity: number;
}

/** The receipt of one step: plain JSON data, without −0, which JSON cannot carry. */
export function decisionReceipt(facts: StepFacts): DecisionReceipt {
  const { decision } = facts;
  return {
    kind: 'decision',
    sequence: facts.sequence,
    time: facts.time,
    decidedAt: facts.decidedAt,
    window: facts.window,
    model: facts.model,
    outcome: facts.outcome,
    trading: facts.trading,
    equity: facts.equity,
    path: decision.path,
    fallback: decision.fallback,
    regime: decision.regime ?? null,
    memberships: decision.memberships === undefined ? null : plain(decision.memberships),
    seats: decision.seats.map(seatReceipt),
    verdict: decision.kind === 'decided' ? verdictOf(decision) : null,
    fills: facts.fills.map(fillReceipt),
  };
}

type Decided = Decision & { readonly kind: 'decided' };

function verdictOf({ resources, answer, selection, emergence, collective }: Decided): Verdict {
  const { plan, pattern } = resources;
  return {
    quotas: ALGORITHMS.map((algorithm) => plan.quotas[algorithm]),
    entanglement: pattern,
    prices: plain(answer.prices),
    prospects: plain(answer.prospects),
    mixture: answer.mixture,
    preferences: plain(answer.preferences),
    action: selection.action,
    confidence: selection.confidence ?? null,
    go: selection.go,
    wrongShare: selection.wrongShare ?? null,
    goLevel: selection.goLevel ?? null,
    ...(emergence !== undefined && {
      emergence: { ...emergence, contrarian: emergence.contrarian ?? null },
    }),
    ...(collective !== undefined && { collective: collectiveReceipt(collective) }),
  };
}

function collectiveReceipt({ type, opinions, alone }: CollectiveVerdict): CollectiveReceipt {
  const { consensus, divergent, breakthrough } = opinions;
  return {
    type,
    opinions: {
      consensus: consensus ?? null,
      divergent: divergent ?? null,
      breakthrough: breakthrough ?? null,
    },
    alone: plain(alone),
  };
}

function seatReceipt(seat: Seat, index: number): SeatReceipt {
  const { name: expert } = EXPERTS[index];
  return seat.kind === 'vote'
    ? { expert, direction: seat.direction, probabilityUp: seat.probabilityUp }
    : { expert, abstained: seat.reason };
}

function fillReceipt(fill: ExecutedFill): FillReceipt {
  const { cause, units, price, fee, position, realized } = fill;
  return { cause, units, price, fee, position, realized: realized + 0 };
}

function plain(values: Float64Array): number[] {
  const numbers: number[] = [];
  for (let k = 0; k < values.length; k++) numbers.push(values[k] + 0);
  return numbers;
}
