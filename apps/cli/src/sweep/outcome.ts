import type { Candles } from '@sema/qar';
import { sharpeMoments, type SharpeMoments } from '@sema/qar/evaluation';
import { decodeSnapshot, encodeSnapshot, SerializerError } from '@sema/serializer';
import { returnsOf } from '../evaluation/search.ts';
import { studyEngine } from '../evaluation/study.ts';
import { candlesBetween } from '../candles-between.ts';
import type { SweepWork } from './sweep-task.ts';

/** What is kept of a run. Returns are per period and net of costs. */
export interface SweepResult {
  /** Of the periods settings are chosen by; null where the returns did not vary. */
  readonly moments: SharpeMoments | null;
  /** Growth over those periods, less 1. */
  readonly growth: number;
  /** Largest loss in them from an earlier peak, as a fraction of it. */
  readonly drawdown: number;
  /** Positions that the engine closed, in the whole run. */
  readonly trades: number;
  /** Returns of the periods that the chosen are judged by. */
  readonly tested: Float64Array;
}

/** Why a task was given up, once for each round. */
export interface SweepFailure {
  readonly round: number;
  readonly code: string;
  readonly message: string;
}

export type SweepOutcome =
  | { readonly result: SweepResult; readonly failure?: undefined }
  | { readonly failure: SweepFailure; readonly result?: undefined };

const MESSAGE_LETTERS = 500;

/**
 * The run of a task, the same on every machine.
 *
 * @param candles - all of the sweep's.
 * @throws {QarError} `NOT_ENOUGH_CANDLES`, `BAD_SAMPLE`
 */
export async function performWork(work: SweepWork, candles: Candles): Promise<SweepResult> {
  const { span, configuration, judged } = work;
  const seen = candlesBetween(candles, span.from, Math.min(span.to, candles.length));
  const study = await studyEngine(seen, configuration, { breathe: () => Promise.resolve() });
  const returns = returnsOf(study, seen, judged);
  const chosenBy = returns.subarray(0, span.train);
  return {
    moments: sharpeMoments(chosenBy) ?? null,
    ...growthOf(chosenBy),
    trades: study.trades.length,
    tested: returns.slice(span.test),
  };
}

/** Growth less 1 of returns joined, and the largest loss from a peak. */
export function growthOf(returns: Float64Array): { growth: number; drawdown: number } {
  let [equity, peak, drawdown] = [1, 1, 0];
  for (const change of returns) {
    equity *= 1 + change;
    peak = Math.max(peak, equity);
    drawdown = Math.max(drawdown, 1 - equity / peak);
  }
  return { growth: equity - 1, drawdown };
}

export function encodeResult({ tested, moments, ...figures }: SweepResult): Uint8Array {
  const values = moments === null ? null : { ...moments };
  return encodeSnapshot({ result: { ...figures, moments: values }, tested });
}

export function encodeFailure({ round, code, message }: SweepFailure): Uint8Array {
  return encodeSnapshot({ failure: { round, code, message: message.slice(0, MESSAGE_LETTERS) } });
}

/** An outcome, or undefined for bytes that are none. */
export function decodeOutcome(bytes: Uint8Array): SweepOutcome | undefined {
  let sections: ReadonlyMap<string, unknown>;
  try {
    sections = new Map<string, unknown>(Object.entries(decodeSnapshot(bytes)));
  } catch (error) {
    if (error instanceof SerializerError) return undefined;
    throw error;
  }
  const tested = sections.get('tested');
  const result = sections.get('result');
  if (tested instanceof Float64Array && isResult(result)) return { result: { ...result, tested } };
  const failure = sections.get('failure');
  return isFailure(failure) ? { failure } : undefined;
}

function isResult(value: unknown): value is Omit<SweepResult, 'tested'> {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return hasNumbers(value, ['growth', 'drawdown', 'trades']) && isMoments(fields.get('moments'));
}

function isMoments(value: unknown): value is SharpeMoments | null {
  return value === null || hasNumbers(value, ['count', 'sharpe', 'skewness', 'kurtosis']);
}

function isFailure(value: unknown): value is SweepFailure {
  if (!hasNumbers(value, ['round'])) return false;
  const fields = new Map<string, unknown>(Object.entries(Object(value) as object));
  return typeof fields.get('code') === 'string' && typeof fields.get('message') === 'string';
}

function hasNumbers(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return names.every((name) => Number.isFinite(fields.get(name)));
}
