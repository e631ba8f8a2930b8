import { TextDecoder } from 'node:util';
import { engineConfiguration, type EngineConfiguration } from '@sema/qar';
import { monadHash, type CanonicalValue } from '@sema/synthesis-crypto';
import type { Judged } from '../evaluation/search.ts';

/** Candles that a new engine runs over, and the periods of that run that are judged. */
export interface SweepSpan {
  /** Rows [from, to) of the candles, those before the first decision included. */
  readonly from: number;
  readonly to: number;
  /** The first so many periods are what settings are chosen by. */
  readonly train: number;
  /** Periods from here on are what the chosen are judged by; as many as there are for none. */
  readonly test: number;
}

/** Everything that the outcome of a piece of a sweep follows from. */
export interface SweepWork {
  /** SHA-256 of the blob of candles, hex. */
  readonly candles: string;
  readonly span: SweepSpan;
  readonly judged: Judged;
  readonly configuration: EngineConfiguration;
}

/** A piece of work on its way to a worker. */
export interface SweepTask {
  readonly sweep: string;
  /** Follows from the work: the same work is the same task, whoever asks for it. */
  readonly id: string;
  /** Counts how often the task was given up and asked for anew. */
  readonly round: number;
  /** So many workers may fail on it before it is given up. */
  readonly attempts: number;
  readonly work: SweepWork;
}

/** What no sweep may go beyond, on either side of a queue. */
export const MOST_TASKS = 100_000;
export const MOST_ATTEMPTS = 100;
const ID_LETTERS = 32;

/**
 * Another program may decide otherwise, so its workers have a queue of their own.
 *
 * @param program - as of `programId`.
 */
export function sweepQueue(program: string): string {
  return `sweep/${program}`;
}

/** Where a worker says that an outcome is there to be read. */
export function sweepSubject(sweep: string): string {
  return `sweep/${sweep}`;
}

export function candlesName(hash: string): string {
  return `sweep/candles/${hash}`;
}

/** The prefix of the names of a sweep's outcomes, each of which ends with its task. */
export function outcomePrefix(sweep: string): string {
  return `sweep/${sweep}/`;
}

export function outcomeName({ sweep, id }: Pick<SweepTask, 'sweep' | 'id'>): string {
  return `${outcomePrefix(sweep)}${id}`;
}

/** The queue's id of a task: one that was given up is another submission. */
export function submissionId({ sweep, id, round }: SweepTask): string {
  return `${sweep}.${id}.${String(round)}`;
}

export function taskId(program: string, work: SweepWork): string {
  // Interfaces lack the index signature of CanonicalValue; work is plain data.
  const value = { program, ...work } as unknown as CanonicalValue;
  return monadHash('sema/sweep-task/v1', value).slice(0, ID_LETTERS);
}

/** The id of a sweep: the same inputs are the same sweep, which goes on where it was left. */
export function sweepId(tasks: readonly string[], document: CanonicalValue): string {
  return monadHash('sema/sweep/v1', { tasks, document }).slice(0, ID_LETTERS);
}

export function encodeTask(task: SweepTask): Uint8Array {
  return Buffer.from(JSON.stringify(task));
}

/** A task, or undefined for bytes that are none of this program's or were changed on the way. */
export function decodeTask(bytes: Uint8Array, program: string): SweepTask | undefined {
  try {
    const task = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    return isTask(task) && task.id === taskId(program, task.work) ? task : undefined;
  } catch {
    // JSON, UTF-8, or settings that are none.
    return undefined;
  }
}

function isTask(value: unknown): value is SweepTask {
  const task = fields(value);
  const work = fields(task.get('work'));
  return (
    isName(task.get('sweep')) &&
    isName(task.get('id')) &&
    isCount(task.get('round'), 0, Number.MAX_SAFE_INTEGER) &&
    isCount(task.get('attempts'), 1, MOST_ATTEMPTS) &&
    /^[0-9a-f]{64}$/.test(String(work.get('candles'))) &&
    ['decisions', 'trades'].includes(String(work.get('judged'))) &&
    isSpan(fields(work.get('span'))) &&
    isConfiguration(work.get('configuration'))
  );
}

function isSpan(span: ReadonlyMap<string, unknown>): boolean {
  const [from, to, train, test] = ['from', 'to', 'train', 'test'].map((name) => span.get(name));
  const most = Number.MAX_SAFE_INTEGER;
  return (
    isCount(from, 0, most) &&
    isCount(to, Number(from) + 1, most) &&
    isCount(train, 0, most) &&
    isCount(test, Number(train), most)
  );
}

function isConfiguration(value: unknown): value is EngineConfiguration {
  if (typeof value !== 'object' || value === null) return false;
  // It is checked field by field here, whatever it was; what it lacks would change the task's id.
  const configuration = value as EngineConfiguration;
  engineConfiguration(configuration, configuration);
  return true;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

function isCount(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function fields(value: unknown): ReadonlyMap<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null;
  return new Map<string, unknown>(isRecord ? Object.entries(value) : []);
}
