/*
 * What the dashboard reads of the service's answers. The receipts are the engine's own; the rest is
 * held to the service's schemas by a test that the compiler runs.
 */
import type {
  Candle,
  DecisionReceipt,
  EngineConfiguration,
  PerformanceReport,
  RiskLimits,
  RiskState as GateState,
  TradingState,
} from '@sema/qar';
import type { Regime } from '@sema/learning';

export interface ExpertWeight {
  readonly expert: string;
  readonly weight: number;
}

export interface Market {
  readonly id: string;
  readonly pair: string;
  readonly intervalMs: number;
  readonly configuration: EngineConfiguration;
  readonly candles: number;
  readonly decisions: number;
  /** The last decision; null before it. */
  readonly sequence: number | null;
  readonly lastTime: number | null;
  readonly trading: TradingState;
  readonly equity: number;
  readonly regime: Regime | null;
  readonly weights: readonly ExpertWeight[];
}

/** A line of the journal as the service sends it. */
export interface JournalLine {
  readonly body: DecisionReceipt;
  readonly hash: string;
  readonly signature: string;
}

/** A line of the journal that holds a decision. */
export interface JournalEntry {
  readonly receipt: DecisionReceipt;
  readonly hash: string;
  readonly signature: string;
}

export function journalEntry({ body, hash, signature }: JournalLine): JournalEntry {
  return { receipt: body, hash, signature };
}

export interface EquityPoint {
  readonly sequence: number;
  readonly time: number;
  readonly equity: number;
  /** Position over equity, signed. */
  readonly exposure: number;
}

export interface WeightsHistory {
  readonly experts: readonly string[];
  readonly points: readonly {
    readonly sequence: number;
    readonly time: number;
    readonly weights: readonly number[];
  }[];
}

export interface RiskView {
  readonly trading: TradingState;
  readonly equity: number;
  readonly exposure: number | null;
  readonly state: GateState;
  readonly limits: RiskLimits;
  /** Each reason in words. */
  readonly denials: Readonly<Record<string, string>>;
}

export type RiskCommand = 'halt' | 'reduce' | 'resume' | 'kill';

export interface RiskOrder {
  readonly command: RiskCommand;
  readonly reason: string;
  readonly who: string;
}

export type QubitSettings = EngineConfiguration['qubits'];

export type { Candle, DecisionReceipt, PerformanceReport, Regime, TradingState };

export type JournalVerification =
  | {
      readonly valid: true;
      readonly receipts: number;
      readonly publicKey: string;
      readonly lastHash: string;
    }
  | {
      readonly valid: false;
      /** 1-based line of the first fault. */
      readonly line: number;
      readonly reason: string;
    };
