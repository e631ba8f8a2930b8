export { ACTIONS } from './actions.ts';
export type { Action } from './actions.ts';
export type { AlgorithmFigures, AlgorithmPerformances } from './algorithm-performance.ts';
export type { ExpertFigures } from './board-record.ts';
export { runBacktest } from './backtest.ts';
export type { BacktestOptions, BacktestRun } from './backtest.ts';
export { buyAndHold, holdCash } from './baselines.ts';
export type { BaselineRun } from './baselines.ts';
export { CIRCUITS } from './circuit-recorder.ts';
export type { CircuitName, CircuitSummaries, CircuitSummary } from './circuit-recorder.ts';
export { CONFIGURATION_RULES } from './configuration-rules.ts';
export type { ConfigurationRule } from './configuration-rules.ts';
export { configurationSchema } from './configuration-schema.ts';
export type { JsonSchema } from './configuration-schema.ts';
export { configurationOverrides, engineConfiguration } from './configuration.ts';
export type { ConfigurationOverrides, DecisionPath, EngineConfiguration } from './configuration.ts';
export { Engine } from './engine.ts';
export type { EngineOptions, LearningFigures, Step, StepOptions, StepTiming } from './engine.ts';
export { QarError } from './errors.ts';
export type { QarErrorCode } from './errors.ts';
export { Account } from './execution/account.ts';
export type { AccountState, Costs, Fill, FillLimits, Order } from './execution/account.ts';
export { PaperExecution } from './execution/paper-execution.ts';
export type {
  ExecutedFill,
  ExecutionRules,
  TradedCandle,
  WorkingOrder,
} from './execution/paper-execution.ts';
export { EXPERTS } from './experts/board.ts';
export type { AbstentionReason, Expert, Opinion } from './experts/expert.ts';
export { FrameDecider } from './frame-signals.ts';
export type { FrameDeciderOptions, FrameSignal } from './frame-signals.ts';
export { snapshotConfiguration } from './frozen-model.ts';
export { inferIntervalMs, periodsPerYear } from './interval.ts';
export { JournalWriter, verifyJournal } from './journal.ts';
export type { JournalFault, JournalLine, JournalVerdict } from './journal.ts';
export { LatencyHistogram } from './latency-histogram.ts';
export { CandleCsvReader } from './market-data/candle-csv.ts';
export type { CandleFileOptions } from './market-data/candle-collector.ts';
export { candlesFromColumns } from './market-data/candles-from-columns.ts';
export type { ColumnCandles, MarketColumn, TimeForm } from './market-data/candles-from-columns.ts';
export {
  CANDLE_COLUMNS,
  locateColumns,
  QUOTE_COLUMNS,
  TRADE_COLUMNS,
} from './market-data/column-names.ts';
export type { ColumnFault, ColumnRule } from './market-data/column-names.ts';
export { parseTime } from './market-data/candle-time.ts';
export type { TimeUnit } from './market-data/candle-time.ts';
export { CsvTable } from './market-data/csv-table.ts';
export type { CsvTableHandlers } from './market-data/csv-table.ts';
export { machineWithout } from './machine.ts';
export type { FusionPart, Machine, MachineMaker } from './machine.ts';
export { MarketRouter } from './market-data/market-router.ts';
export type {
  MarketRouterOptions,
  RoutedVerdict,
  SymbolChange,
} from './market-data/market-router.ts';
export { noisyMachine } from './noisy-machine.ts';
export type { MachineNoise } from './noisy-machine.ts';
export { parseNumber } from './market-data/number-text.ts';
export { QuoteAggregator } from './market-data/quote-aggregator.ts';
export type {
  Quote,
  QuoteAggregatorOptions,
  QuoteCandle,
  QuoteVerdict,
} from './market-data/quote-aggregator.ts';
export { TradeAggregator } from './market-data/trade-aggregator.ts';
export type {
  Trade,
  TradeAggregatorOptions,
  TradeVerdict,
} from './market-data/trade-aggregator.ts';
export { candleFault } from './market-data/candle-fault.ts';
export type { Candle, CandleFault } from './market-data/candle-fault.ts';
export { CandleStream } from './market-data/candle-stream.ts';
export type { CandleStreamOptions, CandleVerdict } from './market-data/candle-stream.ts';
export type { Candles, CandleWindow } from './market-data/candles.ts';
export { MarketDataError } from './market-data/market-data-error.ts';
export { performanceMetrics } from './performance-metrics.ts';
export type { PerformanceMetrics, PerformanceRecord } from './performance-metrics.ts';
export { PerformanceMonitor } from './performance-monitor.ts';
export type {
  BufferUse,
  Durations,
  MonitorOptions,
  PerformanceReport,
} from './performance-monitor.ts';
export { judgePerformance, PERFORMANCE_TARGETS } from './performance-targets.ts';
export type {
  JudgedTarget,
  PerformanceAspect,
  PerformanceJudgement,
  PerformanceTarget,
} from './performance-targets.ts';
export type {
  CollectiveReceipt,
  DecisionReceipt,
  EmergenceReceipt,
  FillReceipt,
  JournalBody,
  JournalHeader,
  JournalSeal,
  Outcome,
  SeatReceipt,
  Verdict,
} from './receipt.ts';
export { replayJournal } from './replay.ts';
export type { ReplayDifference, ReplayOptions, ReplayResult } from './replay.ts';
export { DecisionQubits } from './resources/decision-qubits.ts';
export type { EntanglementPattern } from './resources/entanglement-pattern.ts';
export { planQubits } from './resources/qubit-plan.ts';
export type { QubitPlan } from './resources/qubit-plan.ts';
export { POOL_QUBITS, poolOwners } from './resources/qubit-shares.ts';
export type { Algorithm, QubitSettings, QubitShares } from './resources/qubit-shares.ts';
export { DENIALS, DENIAL_REASONS } from './risk/denial.ts';
export type { DenialReason } from './risk/denial.ts';
export type { ClosedTrade, ProtectionLimits } from './risk/protections.ts';
export { CEREBELLAR_GAINS, CerebellarScheduler } from './rhythms/cerebellar-scheduler.ts';
export type { CerebellarOptions, TimingError } from './rhythms/cerebellar-scheduler.ts';
export { LiveRuntime } from './rhythms/live-runtime.ts';
export type { LiveAnswer, LiveOptions, LiveReport, WorkRhythm } from './rhythms/live-runtime.ts';
export type { BeatFigures } from './rhythms/beat-record.ts';
export type { MarketPicture } from './rhythms/market-picture.ts';
export { PidController } from './rhythms/pid-controller.ts';
export type { PidGains, PidOptions } from './rhythms/pid-controller.ts';
export { RiskGate } from './risk/risk-gate.ts';
export type { RiskQuestion, RiskState, RiskVerdict } from './risk/risk-gate.ts';
export type { Intervention, InterventionReceipt } from './risk/intervention.ts';
export { DEFAULT_RISK_LIMITS } from './risk/risk-limits.ts';
export type { RiskLimits } from './risk/risk-limits.ts';
export { TRADING_STATES } from './risk/trading-state.ts';
export type { TradingState } from './risk/trading-state.ts';
export type { VenueRules } from './risk/venue.ts';
export { BasalGanglia, FALSE_GO_TARGETS, SELECTION_MODES } from './selection/basal-ganglia.ts';
export type {
  Selection,
  SelectionMode,
  SelectionOptions,
  SelectionSnapshot,
} from './selection/basal-ganglia.ts';
export { reliability, wilsonInterval } from './selection/reliability.ts';
export type {
  Reliability,
  ReliabilityInterval,
  ReliabilityOptions,
} from './selection/reliability.ts';
export type { GoCounts, SelectionFigures } from './selection/selection-record.ts';
export type { IntelligenceType } from './transference/collective-twin.ts';
export type { CollectiveFigures, EmergenceFigures } from './transference/joint-record.ts';
export { Session } from './session.ts';
export type {
  Recovery,
  SessionAnswer,
  SessionOptions,
  SessionStore,
  TickAnswer,
} from './session.ts';
export { TickMemory } from './tick-memory.ts';
export type {
  MemoryAnswer,
  MemoryExchange,
  MemoryMoment,
  MemoryTicket,
  TickMemoryOptions,
} from './tick-memory.ts';
export { whatIf, WHAT_IF_FIELDS } from './what-if.ts';
export type { WhatIfDifference, WhatIfField, WhatIfOptions, WhatIfResult } from './what-if.ts';
