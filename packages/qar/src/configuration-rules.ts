import { QarError } from './errors.ts';
import { EXPERTS } from './experts/board.ts';
import { MOST_BIN_QUBITS } from './normal-bins.ts';
import { MOST_TRADES } from './risk/protections.ts';
import { SELECTION_MODES } from './selection/basal-ganglia.ts';
import { INTELLIGENCE_TYPES } from './transference/collective-twin.ts';

type Range = readonly [low: number, high: number];

/** What a setting may be, and what it means. Ranges are closed. */
export type ConfigurationRule = { readonly says: string } & (
  | { readonly kind: 'number' | 'integer' | 'number or null'; readonly range: Range }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly rule: string }
  | { readonly kind: 'ascending numbers'; readonly range: Range; readonly most: number }
);

const FRACTION: Range = [0, 1];
const POSITIVE: Range = [Number.MIN_VALUE, Number.MAX_VALUE];
const NOT_NEGATIVE: Range = [0, Number.MAX_VALUE];
/** Trades a protection counts: all of them are remembered. */
const TRADES: Range = [0, MOST_TRADES];
const CANDLES: Range = [0, 1_000_000];

function number(range: Range, says: string): ConfigurationRule {
  return { kind: 'number', range, says };
}

function integer(range: Range, says: string): ConfigurationRule {
  return { kind: 'integer', range, says };
}

function flag(says: string): ConfigurationRule {
  return { kind: 'boolean', says };
}

/** Every setting by its path: the one list that checks, schema and environment all read. */
export const CONFIGURATION_RULES: Readonly<Record<string, ConfigurationRule>> = {
  pair: {
    kind: 'text',
    pattern: /^[\w./:-]{1,64}$/,
    rule: '1 to 64 letters, digits and ./:-_',
    says: 'Name of the market.',
  },
  intervalMs: number([1000, 366 * 86_400_000], 'Spacing of the candles, milliseconds.'),
  periodsPerYear: number([1, 366 * 86_400], 'Candles in a year, for annualised figures.'),
  path: {
    kind: 'choice',
    values: ['quantum', 'twin'],
    says: 'Circuits, or their closed-form twins.',
  },
  circuitDeadlineMs: {
    kind: 'number or null',
    range: [0.001, 3_600_000],
    says: 'Time for the circuits of a decision, milliseconds; null for no deadline.',
  },
  windowCandles: integer([256, 4096], 'Candles a decision sees.'),
  startingEquity: number(POSITIVE, 'Equity at the start, quote currency.'),
  feeRate: number([0, 0.1], 'Fee per traded notional.'),
  slippageRate: number([0, 0.1], 'Price given up on each fill, as a fraction of it.'),
  liquidity: number([1e-6, 1e6], 'LMSR liquidity b, in shares.'),
  evaluationCandles: integer([1, 1e9], 'Candles over which prospect theory judges a gamble.'),
  choiceSensitivity: number([0, 1e3], 'Logit sensitivity of the choice between prospects.'),
  learningRate: number([1e-9, 8], 'Learning rate of the expert weights.'),
  learningSeed: integer([0, 4_294_967_295], 'Chooses the outcomes held back to measure couplings.'),
  recordMemory: integer([20, 1_000_000], "Outcomes an expert's track record remembers."),
  'qubits.core': integer([5, 16], 'Qubits of the fusion; lent to the algorithms before it.'),
  'qubits.workingMemory': integer([6, 13], "Qubits of the experts' and regimes' amplitudes."),
  'qubits.feedback': integer([2, 9], "Qubits of the regime's operator."),
  'qubits.algorithms': integer([5, 16], 'Qubits of LMSR, prospect theory and Hedge.'),
  'qubits.returnQubits': integer([3, MOST_BIN_QUBITS], 'Most qubits that index bins of returns.'),
  'qubits.entanglement': {
    kind: 'choice',
    values: ['none', 'learned', 'always'],
    says: "When the regime's pattern entangles the algorithms before their fusion.",
  },
  'qubits.entanglementAngle': number([-0.7854, 0.7854], 'Angle of the patterns, radians.'),
  selectionMode: {
    kind: 'choice',
    values: SELECTION_MODES,
    says: 'How many positions that end without profit may go: a tenth, a quarter or a half.',
  },
  positionCandles: integer([1, 1000], 'Candles after which it is seen whether a position paid.'),
  emergenceThreshold: {
    kind: 'number or null',
    range: FRACTION,
    says: 'Emergence above which entries shrink, 0.7 by design; null to leave it unmeasured.',
  },
  collective: {
    kind: 'choice',
    values: ['off', ...INTELLIGENCE_TYPES],
    says: 'Which intelligence of the collective acts on decisions.',
  },
  'risk.minimumConfidence': number(FRACTION, 'Least probability of a profit for an entry.'),
  'risk.minimumVotes': integer([1, EXPERTS.length], 'Experts that must have voted.'),
  'risk.entriesOnFallback': flag('Whether the twin may enter when the circuits have failed.'),
  'risk.ladder': {
    kind: 'ascending numbers',
    range: [1e-6, 1],
    most: 16,
    says: 'Largest position per rung, as fractions of equity.',
  },
  'risk.promotionTrades': integer([2, 10_000], 'Trades on a rung before a promotion.'),
  'risk.promotionTStatistic': number([0, 100], "Least t-statistic of those trades' returns."),
  'risk.dailyLossLimit': number(FRACTION, 'Loss of 24 hours that stops entries.'),
  'risk.rollingDrawdownLimit': number(FRACTION, 'Loss from the rolling high that stops entries.'),
  'risk.rollingDays': integer([1, 366], 'Days the rolling high looks back over.'),
  'risk.drawdownLimit': number(FRACTION, 'Loss from the highest equity that halts trading.'),
  'risk.crisisVolatility': number(POSITIVE, 'Annualised volatility that stops entries.'),
  'risk.maximumJumpSigmas': number(POSITIVE, 'Largest move of the newest candle, in σ.'),
  'risk.maximumOrdersPerHour': integer([1, 1000], 'Orders in any hour.'),
  'risk.maximumOrdersPerDay': integer([1, 1000], 'Orders in any 24 hours.'),
  'risk.maximumDataAgeMs': number(NOT_NEGATIVE, 'Age of the newest close that is stale, ms.'),
  'risk.maximumGapIntervals': number([1, Number.MAX_VALUE], 'Longest gap, in intervals.'),
  'risk.maximumVolumeShare': number(FRACTION, "Largest position over one candle's volume."),
  'risk.shorting': flag('Whether a position may be negative.'),
  'risk.protections.coolDownCandles': integer(CANDLES, 'Candles without an entry after a close.'),
  'risk.protections.stopGuardTrades': integer(TRADES, 'Stops that lock entries; 0 for never.'),
  'risk.protections.lowProfitTrades': integer(TRADES, 'Trades judged for profit; 0 for never.'),
  'risk.protections.lowProfitReturn': number([-1, 1], 'Mean return below which entries lock.'),
  'risk.protections.lossStreakTrades': integer(TRADES, 'Losses in a row that lock; 0 for never.'),
  'risk.protections.lookbackCandles': integer(CANDLES, 'Candles the rules look back over.'),
  'risk.protections.lockCandles': integer(CANDLES, 'Candles a lock lasts.'),
  'risk.venue.quantityStep': number(NOT_NEGATIVE, 'Step of quantities; 0 for any.'),
  'risk.venue.minimumQuantity': number(NOT_NEGATIVE, 'Smallest order, base units.'),
  'risk.venue.maximumQuantity': number(POSITIVE, 'Largest order, base units.'),
  'risk.venue.minimumNotional': number(NOT_NEGATIVE, 'Smallest order, quote currency.'),
  'risk.venue.priceStep': number(NOT_NEGATIVE, 'Step of stop prices; 0 for any.'),
  'execution.fillShare': number([1e-6, 1], "Largest part of a candle's volume that fills."),
  'execution.orderLifeCandles': integer([1, 1000], 'Candles an order works for.'),
  'execution.stopLossFraction': {
    kind: 'number or null',
    range: [1e-6, 1],
    says: 'Loss from the entry price that closes a position; null for no stop.',
  },
};

/** @throws {QarError} `BAD_CONFIGURATION`, naming the path, its value and the rule. */
export function checkValue(path: string, value: unknown, rule: ConfigurationRule): void {
  switch (rule.kind) {
    case 'number':
      return checkNumber(path, value, rule.range);
    case 'integer':
      checkNumber(path, value, rule.range);
      if (!Number.isInteger(value)) throw refusal(path, value, 'a whole number');
      return;
    case 'number or null':
      if (value !== null) checkNumber(path, value, rule.range);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw refusal(path, value, 'true or false');
      return;
    case 'choice':
      if (typeof value === 'string' && rule.values.includes(value)) return;
      throw refusal(path, value, rule.values.map((known) => `'${known}'`).join(' or '));
    case 'text':
      if (typeof value === 'string' && rule.pattern.test(value)) return;
      throw refusal(path, value, rule.rule);
    case 'ascending numbers':
      return checkAscending(path, value, rule);
  }
}

export function refusal(path: string, value: unknown, rule: string): QarError {
  // JSON has no form for a number that is none, nor for nothing at all.
  const shown = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
  return new QarError('BAD_CONFIGURATION', `${path} is ${shown}; it must be ${rule}`);
}

function checkNumber(path: string, value: unknown, [low, high]: Range): void {
  if (typeof value === 'number' && value >= low && value <= high) return;
  throw refusal(path, value, `in [${low}, ${high}]`);
}

function checkAscending(
  path: string,
  value: unknown,
  rule: ConfigurationRule & { readonly kind: 'ascending numbers' },
): void {
  if (!Array.isArray(value) || value.length < 1 || value.length > rule.most) {
    throw refusal(path, value, `1 to ${rule.most} numbers`);
  }
  let last = -Infinity;
  for (const [index, entry] of value.entries()) {
    checkNumber(`${path}.${index}`, entry, rule.range);
    if (!(Number(entry) > last)) throw refusal(path, value, 'ascending');
    last = Number(entry);
  }
}
