import { log } from '@sema/simulator/elementary';
import { monadHash } from '@sema/synthesis-crypto';
import type { CanonicalValue } from '@sema/synthesis-crypto';
import { checkValue, CONFIGURATION_RULES, refusal } from './configuration-rules.ts';
import { DEFAULT_EXECUTION } from './execution/paper-execution.ts';
import type { ExecutionRules } from './execution/paper-execution.ts';
import { EXPERTS } from './experts/board.ts';
import { checkShares, DEFAULT_QUBITS } from './resources/qubit-shares.ts';
import type { QubitSettings } from './resources/qubit-shares.ts';
import { DEFAULT_RISK_LIMITS } from './risk/risk-limits.ts';
import type { RiskLimits } from './risk/risk-limits.ts';
import type { SelectionMode } from './selection/basal-ganglia.ts';
import type { IntelligenceType } from './transference/collective-twin.ts';

/** Which form of the three algorithms decides: circuits, or their closed-form twins. */
export type DecisionPath = 'quantum' | 'twin';

export interface EngineConfiguration {
  readonly pair: string;
  /** Spacing of the candles, ms. */
  readonly intervalMs: number;
  /** Candles in a year, for annualised figures. */
  readonly periodsPerYear: number;
  readonly path: DecisionPath;
  /** How long the circuits of one decision may take before the twin decides, ms; null for ever. */
  readonly circuitDeadlineMs: number | null;
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
  /** Learning rate η of the expert weights. */
  readonly learningRate: number;
  /** Chooses which outcomes are held back to measure couplings of experts, in [0, 2^32). */
  readonly learningSeed: number;
  /** Outcomes an expert's track record remembers, per direction; confidence and selection too. */
  readonly recordMemory: number;
  readonly qubits: QubitSettings;
  /** How many of the positions that end without profit may go: see `FALSE_GO_TARGETS`. */
  readonly selectionMode: SelectionMode;
  /** Candles after which it is seen whether a position paid: what `confidence` speaks of. */
  readonly positionCandles: number;
  /** Emergence of the board above which entries shrink; null where it is not measured. */
  readonly emergenceThreshold: number | null;
  /** Which intelligence of the collective acts on decisions. */
  readonly collective: IntelligenceType | 'off';
  readonly risk: RiskLimits;
  readonly execution: ExecutionRules;
}

type Required = Pick<EngineConfiguration, 'pair' | 'intervalMs' | 'periodsPerYear' | 'path'>;
export interface ConfigurationOverrides extends Partial<
  Omit<EngineConfiguration, keyof Required | 'qubits' | 'risk' | 'execution'>
> {
  readonly qubits?: Partial<QubitSettings>;
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
    // What a deadline decides depends on the machine: only who trades live has a reason to set one.
    circuitDeadlineMs: null,
    windowCandles: 256,
    startingEquity: 100_000,
    feeRate: 0.001,
    slippageRate: 0.0005,
    liquidity: 1,
    // A year of daily sessions: investors are thought to judge about yearly (Benartzi & Thaler
    // 1995).
    evaluationCandles: 252,
    // The least whole number at which half of the decisions on AAPL daily 2013–2018 prefer an
    // action with 0.8 or more. No other data were looked at for it.
    choiceSensitivity: 3,
    // The rate that makes the learner's regret bound ln(16·N)/η + (η/8)·presence least over a year.
    learningRate: Math.sqrt((8 * log(16 * EXPERTS.length)) / Math.max(1, required.periodsPerYear)),
    learningSeed: 1,
    recordMemory: 250,
    selectionMode: 'balanced',
    // About as long as the likeliest action stays the same, 9 candles in the median of AAPL daily,
    // nine stocks of NYSE(O) and two resolutions of BTC-PERP. No other data were looked at for it.
    positionCandles: 10,
    // Neither has been shown to improve a decision.
    emergenceThreshold: null,
    collective: 'off',
    ...overrides,
    ...required,
    qubits: { ...DEFAULT_QUBITS, ...overrides.qubits },
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

/**
 * Checks a configuration that came from outside, such as a journal's header: every field is there
 * and in its range, and there is no other.
 *
 * @throws {QarError} `BAD_CONFIGURATION`
 */
export function checkConfiguration(configuration: EngineConfiguration): void {
  const values = new Map(leaves(configuration));
  for (const [path, rule] of Object.entries(CONFIGURATION_RULES)) {
    checkValue(path, values.get(path), rule);
    values.delete(path);
  }
  for (const [path, value] of values) throw refusal(path, value, 'left out: it is no setting');
  checkShares(configuration.qubits);
}

/** SHA-256 of a configuration's canonical form, hex. */
export function configurationHash(configuration: EngineConfiguration): string {
  // Interfaces lack the index signature of CanonicalValue; a configuration is plain data.
  return monadHash('sema/configuration/v1', configuration as unknown as CanonicalValue);
}

/**
 * The settings in a document from outside, such as a parsed YAML file: any of them, each checked.
 *
 * @throws {QarError} `BAD_CONFIGURATION`, naming the path, its value and the rule.
 */
export function configurationOverrides(
  document: unknown,
): ConfigurationOverrides & Partial<Required> {
  if (!isRecord(document)) throw refusal('the document', document, 'a mapping of settings');
  for (const [path, value] of leaves(document)) {
    const rule = Object.hasOwn(CONFIGURATION_RULES, path) ? CONFIGURATION_RULES[path] : undefined;
    if (rule === undefined) throw refusal(path, value, otherThan(path));
    checkValue(path, value, rule);
  }
  // Every leaf was just checked, and the groups between are those of the rules' paths.
  return document;
}

/** Every value that is not a group of settings, with the path to it. */
function leaves(group: object, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(group).flatMap(([key, value]): [string, unknown][] => {
    const path = `${prefix}${key}`;
    return isRecord(value) && isGroup(path) ? leaves(value, `${path}.`) : [[path, value]];
  });
}

function otherThan(path: string): string {
  return isGroup(path) ? 'a group of settings' : 'left out: it is no setting';
}

function isGroup(path: string): boolean {
  return Object.keys(CONFIGURATION_RULES).some((known) => known.startsWith(`${path}.`));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
