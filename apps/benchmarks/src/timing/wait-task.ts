import { CEREBELLAR_GAINS, CerebellarScheduler } from '@sema/qar';
import type { Clock, Waiter } from '@sema/timing-buffer';
import { blockingWaiter } from '@sema/timing-buffer/node';
import { cpuUsage } from 'node:process';
import { quantileOf } from '../harness.ts';

/** How a loop waits: it sleeps, it sleeps and foresees its error, or it sleeps and spins. */
export const WAITS = ['sleep', 'cerebellar', 'spin'] as const;
export type Wait = (typeof WAITS)[number];

/** One round of a loop, its errors against its intended times; late is above 0. */
export interface WaitReport {
  readonly meanNs: number;
  readonly rootMeanSquareNs: number;
  /** Of the distance, early or late. */
  readonly p50Ns: number;
  readonly p99Ns: number;
  /** Of one core, by the whole process. */
  readonly cpuShare: number;
}

const PERIOD_NS = 1_000_000;
const HALF_NS = PERIOD_NS / 2;

export function waitersOf(clock: Clock): Record<Wait, Waiter> {
  const sleep = blockingWaiter({ clock, minSpinNs: 0, maxSpinNs: 0 });
  return {
    sleep,
    cerebellar: new CerebellarScheduler({
      clock,
      waiter: sleep,
      gains: CEREBELLAR_GAINS,
      maximumLeadNs: HALF_NS,
      earlyNs: HALF_NS,
    }),
    spin: blockingWaiter({ clock, minSpinNs: 20_000, maxSpinNs: 120_000 }),
  };
}

/** Waits for so many milliseconds one by one; one that is past when it comes is passed over. */
export async function waitRound(clock: Clock, waiter: Waiter, beats: number): Promise<WaitReport> {
  const errors = new Float64Array(beats);
  const before = cpuUsage();
  const startNs = clock.nowNs();
  let untilNs = startNs;
  for (let beat = 0; beat < beats; beat++) {
    const passedOver = Math.max(0, Math.floor((clock.nowNs() - untilNs) / PERIOD_NS));
    untilNs += PERIOD_NS * (1 + passedOver);
    const waiting = waiter.wait(untilNs);
    if (waiting !== undefined) await waiting;
    errors[beat] = clock.nowNs() - untilNs;
  }
  const { user, system } = cpuUsage(before);
  const cpuShare = ((user + system) * 1000) / (clock.nowNs() - startNs);
  let sum = 0;
  let squares = 0;
  for (const error of errors) {
    sum += error;
    squares += error * error;
  }
  const distances = errors.map(Math.abs);
  return {
    meanNs: sum / beats,
    rootMeanSquareNs: Math.sqrt(squares / beats),
    p50Ns: quantileOf(distances, 0.5),
    p99Ns: quantileOf(distances, 0.99),
    cpuShare,
  };
}
