import { log } from '@sema/simulator/elementary';
import { QarError } from './errors.ts';
import { DEFAULT_EXECUTION } from './execution/paper-execution.ts';
import type { ExecutionRules } from './execution/paper-execution.ts';
import { EXPERTS } from './experts/board.ts';
import { MOST_TRADES } from './risk/protections.ts';
import { DEFAULT_RISK_LIMITS } from './risk/risk-limits.ts';
import type { RiskLimits } from './risk/risk-limits.ts';

/** Which form of the three algorithms decides: circuits, or their closed-form twins. */
export type DecisionPath = 'quantum' | 'twin';

export interface EngineConfiguration {
  readonly pair: string;
  /** Spacing of the candles, ms. */
  readonly intervalMs: number;
  /** Candles in a year, for annualised figures. */
  readonly periodsPerYear: number;
  readonly path: DecisionPath;
  /** Candles a decision sees: the last of these and no others. */
  readonly windowCandles: number;
  readonly startingEquity: number;
  /** Fee per traded notional. */
  readonly feeRate: number;
  /** Price given up on each fill, as a fraction of it. */
  readonly slippageRate: number;
  /** LMSR liquidity b, in shares. */
  readonly liquidity: number;
  /** Candles over which prospect theory judges a gamble (myopia of loss aversion). */
  readonly evaluationCandles: number;
  /** Logit sensitivity of the choice between prospects. */
  readonly choiceSensitivity: number;
  /** Hedge learning rate η of the expert weights. */
  readonly learningRate: number;
  /** Outcomes an expert's track record remembers, per direction. */
  readonly recordMemory: number;
  readonly risk: RiskLimits;
  readonly execution: ExecutionRules;
}

type Required = Pick<EngineConfiguration, 'pair' | 'intervalMs' | 'periodsPerYear' | 'path'>;
export interface ConfigurationOverrides extends Partial<
  Omit<EngineConfiguration, keyof Required | 'risk' | 'execution'>
> {
  readonly risk?: Partial<Omit<RiskLimits, 'protections' | 'venue'>> & {
    readonly protections?: Partial<RiskLimits['protections']>;
    readonly venue?: Partial<RiskLimits['venue']>;
  };
  readonly execution?: Partial<ExecutionRules>;
}

/**
 * A complete, checked configuration.
 *
 * @throws {QarError} `BAD_CONFIGURATION`, naming the field, its value and its range.
 */
export function engineConfiguration(
  required: Required,
  overrides: ConfigurationOverrides = {},
): EngineConfiguration {
  const configuration: EngineConfiguration = {
    windowCandles: 256,
    startingEquity: 100_000,
    feeRate: 0.001,
    slippageRate: 0.0005,
    liquidity: 1,
    // A year of daily sessions: investors are thought to judge about yearly (Benartzi & Thaler
    // 1995).
    evaluationCandles: 252,
    // The least whole number at which half of the decisions on AAPL daily 2013–2018 reach the
    // gate's minimum confidence. No other data were looked at for it.
    choiceSensitivity: 3,
    // The rate that makes Hedge's regret bound least over one year.
    learningRate: Math.sqrt((8 * log(EXPERTS.length)) / Math.max(1, required.periodsPerYear)),
    recordMemory: 250,
    ...overrides,
    ...required,
    risk: {
      ...DEFAULT_RISK_LIMITS,
      ...overrides.risk,
      protections: { ...DEFAULT_RISK_LIMITS.protections, ...overrides.risk?.protections },
      venue: { ...DEFAULT_RISK_LIMITS.venue, ...overrides.risk?.venue },
    },
    execution: { ...DEFAULT_EXECUTION, ...overrides.execution },
  };
  checkConfiguration(configuration);
  return configuration;
}

const FRACTION: readonly [number, number] = [0, 1];
const POSITIVE: readonly [number, number] = [Number.MIN_VALUE, Number.MAX_VALUE];
const NOT_NEGATIVE: readonly [number, number] = [0, Number.MAX_VALUE];
/** Trades a protection counts: all of them are remembered. */
const TRADES: readonly [number, number] = [0, MOST_TRADES];
const CANDLES: readonly [number, number] = [0, 1_000_000];

/** Closed ranges of every number in the configuration. */
const RANGES: readonly (readonly [string, readonly [number, number]])[] = [
  ['intervalMs', [1000, 366 * 86_400_000]],
  ['periodsPerYear', [1, 366 * 86_400]],
  ['windowCandles', [256, 4096]],
  ['startingEquity', POSITIVE],
  ['feeRate', [0, 0.1]],
  ['slippageRate', [0, 0.1]],
  ['liquidity', [1e-6, 1e6]],
  ['evaluationCandles', [1, 1e9]],
  ['choiceSensitivity', [0, 1e3]],
  ['learningRate', [1e-9, 8]],
  ['recordMemory', [20, 1_000_000]],
  ['risk.minimumConfidence', FRACTION],
  ['risk.minimumVotes', [1, EXPERTS.length]],
  ['risk.promotionTrades', [2, 10_000]],
  ['risk.promotionTStatistic', [0, 100]],
  ['risk.dailyLossLimit', FRACTION],
  ['risk.drawdownLimit', FRACTION],
  ['risk.crisisVolatility', POSITIVE],
  ['risk.rollingDrawdownLimit', FRACTION],
  ['risk.rollingDays', [1, 366]],
  ['risk.maximumJumpSigmas', POSITIVE],
  ['risk.maximumOrdersPerHour', [1, 1000]],
  ['risk.maximumOrdersPerDay', [1, 1000]],
  ['risk.maximumDataAgeMs', NOT_NEGATIVE],
  ['risk.maximumGapIntervals', [1, Number.MAX_VALUE]],
  ['risk.maximumVolumeShare', FRACTION],
  ['risk.protections.coolDownCandles', CANDLES],
  ['risk.protections.stopGuardTrades', TRADES],
  ['risk.protections.lowProfitTrades', TRADES],
  ['risk.protections.lowProfitReturn', [-1, 1]],
  ['risk.protections.lossStreakTrades', TRADES],
  ['risk.protections.lookbackCandles', CANDLES],
  ['risk.protections.lockCandles', CANDLES],
  ['risk.venue.quantityStep', NOT_NEGATIVE],
  ['risk.venue.minimumQuantity', NOT_NEGATIVE],
  ['risk.venue.maximumQuantity', POSITIVE],
  ['risk.venue.minimumNotional', NOT_NEGATIVE],
  ['risk.venue.priceStep', NOT_NEGATIVE],
  ['execution.fillShare', [1e-6, 1]],
  ['execution.orderLifeCandles', [1, 1000]],
];

const INTEGERS = new Set([
  'recordMemory',
  'windowCandles',
  'evaluationCandles',
  'risk.minimumVotes',
  'risk.promotionTrades',
  'risk.rollingDays',
  'risk.maximumOrdersPerHour',
  'risk.maximumOrdersPerDay',
  'risk.protections.coolDownCandles',
  'risk.protections.stopGuardTrades',
  'risk.protections.lowProfitTrades',
  'risk.protections.lossStreakTrades',
  'risk.protections.lookbackCandles',
  'risk.protections.lockCandles',
  'execution.orderLifeCandles',
]);

/**
 * Checks a configuration that came from outside, such as a journal's header.
 *
 * @throws {QarError} `BAD_CONFIGURATION`
 */
export function checkConfiguration(configuration: EngineConfiguration): void {
  for (const [path, range] of RANGES) checkNumber(path, valueAt(configuration, path), range);
  if (configuration.path !== 'quantum' && configuration.path !== 'twin') {
    throw bad('path', configuration.path, "'quantum' or 'twin'");
  }
  if (typeof configuration.pair !== 'string' || !/^[\w./:-]{1,64}$/.test(configuration.pair)) {
    throw bad('pair', configuration.pair, '1 to 64 letters, digits and ./:-_');
  }
  for (const path of ['risk.shorting', 'risk.entriesOnFallback']) {
    const value = valueAt(configuration, path);
    if (typeof value !== 'boolean') throw bad(path, value, 'true or false');
  }
  const { stopLossFraction } = configuration.execution;
  if (stopLossFraction !== null) {
    checkNumber('execution.stopLossFraction', stopLossFraction, [1e-6, 1]);
  }
  checkLadder(configuration.risk.ladder);
}

function checkLadder(ladder: readonly number[]): void {
  if (!Array.isArray(ladder) || ladder.length < 1 || ladder.length > 16) {
    throw bad('risk.ladder', ladder, '1 to 16 rungs');
  }
  ladder.forEach((rung, index) => {
    checkNumber(`risk.ladder.${String(index)}`, rung, [1e-6, 1]);
    if (index > 0 && !(rung > (ladder[index - 1] ?? 0))) {
      throw bad('risk.ladder', ladder, 'ascending');
    }
  });
}

function checkNumber(path: string, value: unknown, [low, high]: readonly [number, number]): void {
  const fits =
    typeof value === 'number' &&
    value >= low &&
    value <= high &&
    (!INTEGERS.has(path) || Number.isInteger(value));
  if (!fits) {
    throw bad(path, value, `${INTEGERS.has(path) ? 'an integer ' : ''}in [${low}, ${high}]`);
  }
}

function valueAt(configuration: EngineConfiguration, path: string): unknown {
  let value: unknown = configuration;
  for (const key of path.split('.')) {
    // Walking a plain configuration object by the names in RANGES.
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return value;
}

function bad(path: string, value: unknown, rule: string): QarError {
  return new QarError('BAD_CONFIGURATION', `${path} is ${String(value)}; it must be ${rule}`);
}
