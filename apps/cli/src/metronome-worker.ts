import { parentPort, workerData } from 'node:worker_threads';
import { CEREBELLAR_GAINS, CerebellarScheduler } from '@sema/qar';
import { Orchestrator, RHYTHMS_NS, RhythmSchedule, type Beat } from '@sema/timing-buffer';
import { blockingWaiter } from '@sema/timing-buffer/node';
import type { MetronomeBeat, MetronomeTask } from './metronome.ts';
import { clockFrom } from './system-clock.ts';

/** Half a period of the loop: a beat is then never nearer to its neighbour than to its own time. */
const EARLY_NS = 500_000;
/** Once a second. */
const REPORT_EVERY = 1000;

/**
 * A background loop of one millisecond that sleeps, foresees how late it will be woken, and tells
 * the main thread of each beat of a rhythm.
 */
async function beat({ origin }: MetronomeTask): Promise<void> {
  const clock = clockFrom(origin);
  const scheduler = new CerebellarScheduler({
    clock,
    waiter: blockingWaiter({ clock, minSpinNs: 0, maxSpinNs: 0 }),
    gains: CEREBELLAR_GAINS,
    maximumLeadNs: EARLY_NS,
    earlyNs: EARLY_NS - 1,
  });
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 5,
    batchNs: EARLY_NS,
    lateNs: RHYTHMS_NS.gamma,
    onFailure: (error) => {
      throw error;
    },
  });
  const rhythms = new RhythmSchedule(orchestrator, { startNs: 0 });
  let due = false;
  const note = (): void => void (due = true);
  for (const rhythm of ['gamma', 'beta', 'theta', 'delta'] as const) {
    rhythms.subscribe(rhythm, clock.nowNs(), { priority: 0, run: note });
  }
  const tell = ({ beat: number }: Beat): void => {
    if (!due && number % REPORT_EVERY !== 0) return;
    due = false;
    const { error } = scheduler;
    parentPort?.postMessage({ error } satisfies MetronomeBeat);
  };
  // Of what is due together it runs last, and all rhythms' periods are whole milliseconds.
  rhythms.subscribe('market', clock.nowNs(), { priority: 1, run: tell });
  await orchestrator.run(scheduler);
}

// The main thread starts this one with a task of this form.
void beat(workerData as MetronomeTask);
