import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { CandleCsvReader, engineConfiguration, type Candles } from '@sema/qar';
import { inProcessPorts, type OpenPorts, type PortLimits } from '@sema/qar/ports';
import type { Axis } from '../../src/evaluation/search-space.ts';
import { CandleShelf } from '../../src/sweep/candle-shelf.ts';
import { coordinate, type CoordinatorOptions } from '../../src/sweep/coordinator.ts';
import { performWork, type SweepOutcome } from '../../src/sweep/outcome.ts';
import { planSweep, type SweepPlan, type SweepRequest } from '../../src/sweep/sweep-plan.ts';
import { runWorker, type SweepPorts, type WorkerOptions } from '../../src/sweep/worker.ts';
import { systemClock } from '../../src/system-clock.ts';
import { candleRows } from '../candle-fixture.ts';

export const PROGRAM = 'test-0';
export const AXES: readonly Axis[] = [
  { path: 'choiceSensitivity', values: [2, 3] },
  { path: 'risk.shorting', values: [false, true] },
];

export function candlesOf(rows = 340): Candles {
  const reader = new CandleCsvReader({ file: 'test.csv', maximumRows: rows });
  reader.push(`${candleRows(rows).join('\n')}\n`);
  return reader.end();
}

export function plan(changes: Partial<SweepRequest> = {}): SweepPlan {
  const settings = { pair: 'test', intervalMs: 86_400_000, periodsPerYear: 365 };
  return planSweep({
    candles: candlesOf(),
    configuration: engineConfiguration({ ...settings, path: 'twin' }, { windowCandles: 256 }),
    axes: AXES,
    judged: 'decisions',
    holdOut: 0,
    windows: undefined,
    maximumTasks: 100,
    program: PROGRAM,
    ...changes,
  });
}

/** A world of its own, on the machine's clock; a silence of a minute is longer than any test. */
export function world(limits: Partial<PortLimits> = {}, silenceMs = 60_000): OpenPorts {
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    await wait(ms, undefined, { signal }).catch(() => undefined);
  };
  return inProcessPorts({ clock: systemClock(), sleep, leaseMs: 1000, silenceMs, limits });
}

export function coordinatorOptions(ports: SweepPorts): CoordinatorOptions {
  return {
    ports,
    program: PROGRAM,
    attempts: 3,
    inFlight: 256,
    lookMs: 100,
    maximumBytes: 1e9,
    signal: new AbortController().signal,
    onOutcome: () => undefined,
    onProgress: () => undefined,
    breathe: () => setImmediate(),
  };
}

export function workerOptions(ports: SweepPorts): WorkerOptions {
  return {
    ports,
    program: PROGRAM,
    shelf: new CandleShelf(ports.blobs),
    signal: new AbortController().signal,
    isDraining: () => false,
    waitMs: 1,
    extendMs: 1000,
    perform: performWork,
  };
}

/** Has a plan done by so many workers, and gives what came of it. */
export async function outcomesOf(
  { id, candles, tasks }: SweepPlan,
  ports: SweepPorts,
  options: {
    readonly workers?: number;
    readonly coordinator?: Partial<CoordinatorOptions>;
    readonly worker?: Partial<WorkerOptions>;
  } = {},
): Promise<ReadonlyMap<string, SweepOutcome>> {
  const outcomes = new Map<string, SweepOutcome>();
  const stop = new AbortController();
  const { signal } = stop;
  const team = Array.from({ length: options.workers ?? 1 }, () =>
    runWorker({ ...workerOptions(ports), signal, ...options.worker }),
  );
  const failing = Promise.all(team).then(() => new Promise<never>(() => undefined));
  try {
    const onOutcome = (task: string, outcome: SweepOutcome) => outcomes.set(task, outcome);
    const coordinating = coordinate(
      { sweep: id, candles, tasks },
      { ...coordinatorOptions(ports), signal, onOutcome, ...options.coordinator },
    );
    await Promise.race([coordinating, failing]);
    return outcomes;
  } finally {
    stop.abort();
    await Promise.allSettled(team);
  }
}
