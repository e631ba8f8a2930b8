export { Account } from './account.ts';
export type { AccountState, Costs, Fill, Order } from './account.ts';
export { ACTIONS, selectAction } from './actions.ts';
export type { Action, Selection } from './actions.ts';
export { runBacktest } from './backtest.ts';
export type { BacktestOptions, BacktestRun } from './backtest.ts';
export { buyAndHold, holdCash } from './baselines.ts';
export type { BaselineRun } from './baselines.ts';
export { CIRCUITS } from './circuit-recorder.ts';
export type { CircuitName, CircuitSummaries, CircuitSummary } from './circuit-recorder.ts';
export { DEFAULT_RISK_LIMITS, engineConfiguration } from './configuration.ts';
export type {
  ConfigurationOverrides,
  DecisionPath,
  EngineConfiguration,
  RiskLimits,
} from './configuration.ts';
export { Engine } from './engine.ts';
export type { EngineOptions, Step, StepOptions } from './engine.ts';
export { QarError } from './errors.ts';
export type { QarErrorCode } from './errors.ts';
export { EXPERTS } from './experts/board.ts';
export type { AbstentionReason, Expert, Opinion } from './experts/expert.ts';
export { inferIntervalMs, periodsPerYear } from './interval.ts';
export { verifyJournal } from './journal.ts';
export type { JournalFault, JournalLine, JournalVerdict } from './journal.ts';
export { LatencyHistogram } from './latency-histogram.ts';
export { CandleCsvReader } from './market-data/candle-csv.ts';
export type { Candles, CandleWindow } from './market-data/candles.ts';
export { MarketDataError } from './market-data/market-data-error.ts';
export { performanceMetrics } from './performance-metrics.ts';
export type { PerformanceMetrics, PerformanceRecord } from './performance-metrics.ts';
export type {
  DecisionReceipt,
  FillReceipt,
  JournalBody,
  JournalHeader,
  JournalSeal,
  Outcome,
  SeatReceipt,
  Verdict,
} from './receipt.ts';
export { replayJournal } from './replay.ts';
export type { ReplayDifference, ReplayResult } from './replay.ts';
export { DENIAL_REASONS, RiskGate } from './risk-gate.ts';
export type { DenialReason, RiskQuestion, RiskVerdict, TradingState } from './risk-gate.ts';
