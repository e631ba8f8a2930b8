import { log } from '@sema/simulator/elementary';
import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';

/** Which form of the three algorithms decides: circuits, or their closed-form twins. */
export type DecisionPath = 'quantum' | 'twin';

export interface RiskLimits {
  /** Least Born probability of the chosen action for an entry, in [0, 1]. */
  readonly minimumConfidence: number;
  /** Largest position per rung, as fractions of equity, ascending. */
  readonly ladder: readonly number[];
  /** Closed trades on a rung before a promotion is considered. */
  readonly promotionTrades: number;
  /** Least t-statistic of those trades' returns for a promotion. */
  readonly promotionTStatistic: number;
  /** Loss over the last 24 hours that stops entries, as a fraction of equity. */
  readonly dailyLossLimit: number;
  /** Loss from the highest equity so far that halts trading, as a fraction of it. */
  readonly drawdownLimit: number;
  /** Annualised volatility from which no position is opened. */
  readonly crisisVolatility: number;
  /** Orders in any 24 hours. */
  readonly maximumOrdersPerDay: number;
  /** Age of the newest candle's close from which it is stale, ms. */
  readonly maximumDataAgeMs: number;
  /** Smallest order, quote currency. */
  readonly minimumNotional: number;
  /** Whether a position may be negative. */
  readonly shorting: boolean;
}

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
}

export const DEFAULT_RISK_LIMITS: RiskLimits = {
  minimumConfidence: 0.8,
  ladder: [0.01, 0.02, 0.05],
  promotionTrades: 30,
  promotionTStatistic: 1.645,
  dailyLossLimit: 0.02,
  drawdownLimit: 0.1,
  crisisVolatility: 0.7,
  maximumOrdersPerDay: 24,
  maximumDataAgeMs: 5 * 60_000,
  minimumNotional: 10,
  shorting: false,
};

type Required = Pick<EngineConfiguration, 'pair' | 'intervalMs' | 'periodsPerYear' | 'path'>;
export interface ConfigurationOverrides extends Partial<
  Omit<EngineConfiguration, keyof Required | 'risk'>
> {
  readonly risk?: Partial<RiskLimits>;
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
    risk: { ...DEFAULT_RISK_LIMITS, ...overrides.risk },
  };
  checkConfiguration(configuration);
  return configuration;
}

const FRACTION: readonly [number, number] = [0, 1];
const POSITIVE: readonly [number, number] = [Number.MIN_VALUE, Number.MAX_VALUE];

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
  ['risk.promotionTrades', [2, 10_000]],
  ['risk.promotionTStatistic', [0, 100]],
  ['risk.dailyLossLimit', FRACTION],
  ['risk.drawdownLimit', FRACTION],
  ['risk.crisisVolatility', POSITIVE],
  ['risk.maximumOrdersPerDay', [1, 1000]],
  ['risk.maximumDataAgeMs', [0, Number.MAX_VALUE]],
  ['risk.minimumNotional', [0, Number.MAX_VALUE]],
];

const INTEGERS = new Set([
  'recordMemory',
  'windowCandles',
  'evaluationCandles',
  'risk.promotionTrades',
  'risk.maximumOrdersPerDay',
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
  if (typeof configuration.risk.shorting !== 'boolean') {
    throw bad('risk.shorting', configuration.risk.shorting, 'true or false');
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
