import { deflatedSharpe, sharpeMoments, type SharpeMoments } from '@sema/qar/evaluation';
import type { Candles } from '@sema/qar';
import type { Trial } from '../evaluation/trial-ledger.ts';
import { growthOf, type SweepOutcome, type SweepResult } from './outcome.ts';
import type { SweepPlan, SweepPoint, SweepWindow } from './sweep-plan.ts';

/** A point of the grid and what came of it. */
export interface GridRow {
  readonly title: string;
  readonly values: SweepPoint['values'];
  /** Annualised; null where the returns did not vary. */
  readonly sharpe: number | null;
  readonly growth: number;
  readonly drawdown: number;
  readonly trades: number;
}

/** The best of a window by what came before it, and what it was worth in it. */
export interface WindowRow {
  /** Open of the first and the last candle that are traded in the test, ms. */
  readonly from: number;
  readonly to: number;
  readonly chosen: string;
  /** Annualised, each null where the returns did not vary. */
  readonly trained: number | null;
  readonly tested: number | null;
  readonly unchanged: number | null;
  /** Points that failed and so could not be chosen. */
  readonly failed: number;
}

/** Tests of all windows joined. */
export interface JoinedRow {
  readonly sharpe: number | null;
  readonly growth: number;
  readonly drawdown: number;
}

export interface FailedRow {
  readonly title: string;
  readonly values: SweepPoint['values'];
  /** Number of the window, from 1; null without windows. */
  readonly window: number | null;
  readonly code: string;
  readonly message: string;
}

/** Everything there is to say of a sweep: it follows from the plan and the outcomes alone. */
export interface SweepTable {
  /** Best first; empty with windows. */
  readonly rows: readonly GridRow[];
  readonly windows: readonly WindowRow[];
  /** With windows. */
  readonly joined: { readonly chosen: JoinedRow; readonly unchanged: JoinedRow } | null;
  readonly failed: readonly FailedRow[];
}

export interface TableContext {
  readonly plan: SweepPlan;
  readonly outcomes: ReadonlyMap<string, SweepOutcome>;
  readonly candles: Candles;
  readonly windowCandles: number;
  readonly periodsPerYear: number;
}

export function sweepTable(context: TableContext): SweepTable {
  const { plan } = context;
  const isGrid = plan.windows.every(({ test }) => test === undefined);
  const judged = isGrid ? [] : plan.windows.map((window, at) => windowOf(context, window, at));
  const annual = Math.sqrt(context.periodsPerYear);
  const joined = (pick: (one: JudgedWindow) => Float64Array): JoinedRow =>
    joinedRow(judged.map(pick), annual);
  return {
    rows: isGrid ? gridRows(context) : [],
    windows: judged.map(({ row }) => row),
    joined: isGrid
      ? null
      : { chosen: joined((one) => one.chosen), unchanged: joined((one) => one.unchanged) },
    failed: failedRows(context, isGrid),
  };
}

function gridRows({ plan, outcomes, periodsPerYear }: TableContext): GridRow[] {
  const annual = Math.sqrt(periodsPerYear);
  return plan.points
    .flatMap(({ title, values }, point): GridRow[] => {
      const result = outcomes.get(plan.taskOf[point][0])?.result;
      if (result === undefined) return [];
      const { moments, growth, drawdown, trades } = result;
      return [{ title, values, sharpe: times(moments, annual), growth, drawdown, trades }];
    })
    .sort((left, right) => (right.sharpe ?? -Infinity) - (left.sharpe ?? -Infinity));
}

interface JudgedWindow {
  readonly row: WindowRow;
  readonly chosen: Float64Array;
  readonly unchanged: Float64Array;
}

function windowOf(context: TableContext, { test }: SweepWindow, at: number): JudgedWindow {
  const { plan, outcomes, candles, windowCandles } = context;
  const results = plan.points.map((_, point) => outcomes.get(plan.taskOf[point][at])?.result);
  let best = 0;
  results.forEach((result, point) => {
    if (sharpeOf(result) > sharpeOf(results[best])) best = point;
  });
  const annual = Math.sqrt(context.periodsPerYear);
  const [chosen, unchanged] = [results[best], results[0]];
  const { from, to } = test ?? { from: 0, to: 0 };
  return {
    chosen: chosen?.tested ?? new Float64Array(0),
    unchanged: unchanged?.tested ?? new Float64Array(0),
    row: {
      // A decision is traded at the next open.
      from: candles.time[from + windowCandles],
      to: candles.time[to + windowCandles - 1],
      chosen: chosen === undefined ? 'none' : plan.points[best].title,
      trained: times(chosen?.moments ?? null, annual),
      tested: times(momentsOf(chosen?.tested), annual),
      unchanged: times(momentsOf(unchanged?.tested), annual),
      failed: results.filter((result) => result === undefined).length,
    },
  };
}

/** What has failed is never chosen, and what took no position only if nothing is better. */
function sharpeOf(result: SweepResult | undefined): number {
  return result === undefined ? -Infinity : (result.moments?.sharpe ?? 0);
}

function failedRows({ plan, outcomes }: TableContext, isGrid: boolean): FailedRow[] {
  return plan.points.flatMap(({ title, values }, point) =>
    plan.windows.flatMap((_, at): FailedRow[] => {
      const failure = outcomes.get(plan.taskOf[point][at])?.failure;
      if (failure === undefined) return [];
      const { code, message } = failure;
      return [{ title, values, window: isGrid ? null : at + 1, code, message }];
    }),
  );
}

function joinedRow(pieces: readonly Float64Array[], annual: number): JoinedRow {
  const all = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return { sharpe: times(momentsOf(all), annual), ...growthOf(all) };
}

function momentsOf(returns: Float64Array | undefined): SharpeMoments | null {
  return returns === undefined || returns.length < 4 ? null : (sharpeMoments(returns) ?? null);
}

function times(moments: SharpeMoments | null, factor: number): number | null {
  return moments === null ? null : moments.sharpe * factor;
}

/** One trial for each task that came to a result, in the order of the plan. */
export function trialsOf(
  { plan, outcomes }: Pick<TableContext, 'plan' | 'outcomes'>,
  { data, judged, at }: { readonly data: string; readonly judged: string; readonly at: string },
): Trial[] {
  return plan.windows.flatMap(({ train: { from, to } }, window) =>
    plan.points.flatMap(({ title, configurationId }, point): Trial[] => {
      const result = outcomes.get(plan.taskOf[point][window])?.result;
      if (result === undefined) return [];
      const configuration = `${judged}-${configurationId}`;
      const sharpe = result.moments?.sharpe ?? null;
      return [{ data, from, to, configuration, title: `${judged}: ${title}`, sharpe, at }];
    }),
  );
}

/**
 * How sure one can be that the best of a grid is better than luck among so many trials, or null
 * where there is none.
 */
export function deflatedBest(
  { plan, outcomes }: Pick<TableContext, 'plan' | 'outcomes'>,
  trials: readonly Trial[],
): number | null {
  let best: SharpeMoments | null = null;
  for (const [task] of plan.taskOf) {
    const moments = outcomes.get(task)?.result?.moments ?? null;
    if (moments !== null && moments.sharpe > (best?.sharpe ?? -Infinity)) best = moments;
  }
  if (best === null) return null;
  // Sorted, so that it does not depend on who was through first.
  const sharpes = trials.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe]));
  const variance = varianceOf(sharpes.sort((left, right) => left - right));
  return deflatedSharpe(best, { trials: Math.max(1, trials.length), variance });
}

function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return squares / (values.length - 1);
}
