import { decodeSnapshot, encodeSnapshot, SerializerError } from '@sema/serializer';
import type { SectionValue } from '@sema/serializer';
import { configurationHash } from './configuration.ts';
import type { EngineConfiguration } from './configuration.ts';
import { QarError } from './errors.ts';
import { Account } from './execution/account.ts';
import type { AccountState } from './execution/account.ts';
import { restoreWorkingOrder } from './execution/paper-execution.ts';
import type { WorkingOrder } from './execution/paper-execution.ts';
import { Model } from './model.ts';
import { OutcomeQueue } from './outcome-queue.ts';
import { RiskGate } from './risk/risk-gate.ts';
import type { RiskState } from './risk/risk-gate.ts';

/** Changes with what a snapshot holds: a model of another version would decide otherwise. */
const SNAPSHOT_VERSION = 3;

/** Everything an engine needs to go on. */
export interface EngineState {
  readonly model: Model;
  readonly account: Account;
  readonly gate: RiskGate;
  readonly outcomes: OutcomeQueue;
  readonly order: WorkingOrder | undefined;
  readonly sequence: number;
  readonly lastTime: number;
}

/** The model's sections, and one each for the account, the gate and the engine's own counters. */
export function encodeEngine(state: EngineState, configuration: EngineConfiguration): Uint8Array {
  // JSON sections are typed by structure, which the state interfaces lack an index signature for.
  const json = (value: object): SectionValue => value as SectionValue;
  return encodeSnapshot({
    ...state.model.sections(),
    account: json(state.account.state()),
    risk: json(state.gate.state()),
    outcomes: json(state.outcomes.waiting),
    engine: {
      version: SNAPSHOT_VERSION,
      configuration: configurationHash(configuration),
      order: state.order === undefined ? null : { ...state.order },
      sequence: state.sequence,
      // −Infinity, before the first candle, has no place in JSON.
      lastTime: state.sequence === 0 ? null : state.lastTime,
    },
  });
}

/** An engine's bytes, the journal's last hash then, and the settings of both: it stands alone. */
export function encodeRun(
  engine: Uint8Array,
  lastHash: string,
  configuration: EngineConfiguration,
): Uint8Array {
  // JSON sections are typed by structure, which interfaces lack an index signature for.
  const settings = configuration as unknown as SectionValue;
  return encodeSnapshot({ engine, lastHash, configuration: settings });
}

/** @throws {QarError} `BAD_SNAPSHOT`, with the cause. */
export function decodeEngine(bytes: Uint8Array, configuration: EngineConfiguration): EngineState {
  const sections = readSections(bytes);
  const engine = record(sections, 'engine');
  const { sequence, lastTime, order } = engine;
  if (engine.version !== SNAPSHOT_VERSION) {
    throw new QarError(
      'BAD_SNAPSHOT',
      `the snapshot is not of version ${SNAPSHOT_VERSION}, the only one this engine reads`,
    );
  }
  if (engine.configuration !== configurationHash(configuration)) {
    throw new QarError('BAD_SNAPSHOT', 'the snapshot was taken under another configuration');
  }
  if (!Number.isSafeInteger(sequence) || Number(sequence) < 0) {
    throw new QarError('BAD_SNAPSHOT', `sequence is ${String(sequence)}`);
  }
  if (Number(sequence) > 0 && !Number.isFinite(lastTime)) {
    throw new QarError('BAD_SNAPSHOT', `lastTime is ${String(lastTime)}`);
  }
  // Each restore below checks the fields of its own part.
  return {
    model: Model.restore(sections, configuration),
    account: Account.restore(record(sections, 'account') as unknown as AccountState, configuration),
    gate: RiskGate.restore(
      configuration.risk,
      configuration.intervalMs,
      record(sections, 'risk') as unknown as RiskState,
    ),
    outcomes: OutcomeQueue.restore(sections.outcomes),
    order: restoreWorkingOrder(order),
    sequence: Number(sequence),
    lastTime: sequence === 0 ? -Infinity : Number(lastTime),
  };
}

/**
 * The sections of a snapshot's bytes.
 *
 * @throws {QarError} `BAD_SNAPSHOT`
 */
export function readSections(bytes: Uint8Array): Record<string, SectionValue> {
  try {
    return decodeSnapshot(bytes);
  } catch (error) {
    if (!(error instanceof SerializerError)) throw error;
    throw new QarError('BAD_SNAPSHOT', error.message, { cause: error });
  }
}

function record(
  sections: Readonly<Record<string, SectionValue>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = sections[name];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    throw new QarError('BAD_SNAPSHOT', `the snapshot has no section ${name}`);
  }
  return value as Readonly<Record<string, unknown>>;
}
