import type { Regime } from '@sema/learning';
import type { Action } from './actions.ts';
import type { DecisionPath, EngineConfiguration } from './configuration.ts';
import type { EntanglementPattern } from './resources/entanglement-pattern.ts';
import type { ContrarianLook } from './emergence/contrarian-look.ts';
import type { Emergence } from './emergence/emergence.ts';
import type { DenialReason } from './risk/denial.ts';
import type { InterventionReceipt } from './risk/intervention.ts';
import type { TradingState } from './risk/trading-state.ts';
import type { IntelligenceType } from './transference/collective-twin.ts';

/**
 * One expert's seat at one decision: a vote with its calibrated probability of a gain, or why there
 * is none.
 */
export type SeatReceipt =
  | { readonly expert: string; readonly direction: 1 | -1; readonly probabilityUp: number }
  | { readonly expert: string; readonly abstained: string };

export interface FillReceipt {
  readonly cause: 'order' | 'stop';
  readonly units: number;
  readonly price: number;
  readonly fee: number;
  readonly position: number;
  readonly realized: number;
}

/** What the path computed: all of it can be recomputed from the model and the window. */
export interface Verdict {
  /** Qubits that LMSR, prospect theory and Hedge might hold, by what was learned of them. */
  readonly quotas: readonly number[];
  /** How the algorithms were entangled before their fusion. */
  readonly entanglement: EntanglementPattern;
  /** LMSR prices of the return bins, sum 1. */
  readonly prices: readonly number[];
  /** Prospect value of each action, in units of evaluation-horizon σ. */
  readonly prospects: readonly number[];
  /** Hedge mixture's probability of a gain. */
  readonly mixture: number;
  /** Born probability of each action. */
  readonly preferences: readonly number[];
  readonly action: Action;
  /** Probability of a profit; null for `flat` and while too little is known. */
  readonly confidence: number | null;
  readonly go: boolean;
  /**
   * Share of the regime's wrong decisions with no less evidence, and the most at which one goes;
   * null for `flat`.
   */
  readonly wrongShare: number | null;
  readonly goLevel: number | null;
  /** Where the configuration asks for it and enough is remembered. */
  readonly emergence?: EmergenceReceipt;
  /** Where the configuration asks for it. */
  readonly collective?: CollectiveReceipt;
}

export interface EmergenceReceipt extends Emergence {
  readonly flagged: boolean;
  readonly multiplier: number;
  /** Null where none was asked for. */
  readonly contrarian: ContrarianLook | null;
}

export interface CollectiveReceipt {
  /** The type that acts. */
  readonly type: IntelligenceType;
  /** Probability of a gain by type, null where it had nothing to say. */
  readonly opinions: Readonly<Record<IntelligenceType, number | null>>;
  /** The preferences as they would have been. */
  readonly alone: readonly number[];
}

export type Outcome =
  | {
      readonly kind: 'order';
      readonly targetUnits: number;
      readonly limitFraction: number;
      /** Set when the entry was refused and only the opposite position is closed. */
      readonly denied: DenialReason | null;
    }
  | { readonly kind: 'hold' }
  | { readonly kind: 'no-go' }
  | { readonly kind: 'denied'; readonly reason: DenialReason }
  | { readonly kind: 'no-decision'; readonly reason: NoDecisionReason };

/** Why the path had nothing to say. */
export type NoDecisionReason = 'DEGENERATE_WINDOW' | 'ALL_ABSTAINED';

export interface DecisionReceipt {
  readonly kind: 'decision';
  readonly sequence: number;
  /** Open time of the newest candle, ms since the Unix epoch. */
  readonly time: number;
  /**
   * When the decision was made, ms since the Unix epoch: an input, so a replay takes it from here.
   */
  readonly decidedAt: number;
  /** Hash of the window's six columns. */
  readonly window: string;
  /** Hash of the model that decided, which commits to all it has learned. */
  readonly model: string;
  /** The path that decided, which a replay takes too. */
  readonly path: DecisionPath;
  /** Why the twin decided although the quantum path was asked. */
  readonly fallback: string | null;
  readonly regime: Regime | null;
  readonly memberships: readonly number[] | null;
  readonly seats: readonly SeatReceipt[];
  readonly verdict: Verdict | null;
  readonly outcome: Outcome;
  readonly trading: TradingState;
  /** What was traded in this candle, before the decision: at most an order's fill and a stop's. */
  readonly fills: readonly FillReceipt[];
  /** Equity at this candle's close. */
  readonly equity: number;
}

export interface JournalHeader {
  readonly kind: 'header';
  readonly format: 'sema-journal';
  readonly version: 2;
  readonly configuration: EngineConfiguration;
  /** Hash of the model that decides and learns nothing; left out where the model learns. */
  readonly frozenModel?: string;
  /**
   * Name and SHA-256 of the candle file, and how many candles it holds; both null where candles
   * arrived one by one.
   */
  readonly data: {
    readonly name: string;
    readonly hash: string | null;
    readonly candles: number | null;
  };
  /** Ed25519 public key, base64url. */
  readonly publicKey: string;
}

/** The last line of a finished run: a journal without it may have been cut. */
export interface JournalSeal {
  readonly kind: 'seal';
  readonly decisions: number;
}

export type JournalBody = JournalHeader | DecisionReceipt | InterventionReceipt | JournalSeal;
