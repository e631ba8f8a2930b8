import { once } from 'node:events';
import { row } from '../harness.ts';
import type { Row, SuiteOptions } from '../harness.ts';
import type { Goal } from '../targets.ts';
import { startThread } from './start-thread.ts';
import type { ScheduleReport, ThreadTask } from './thread-task.ts';

const PERIOD_NS = 1_000_000;

/**
 * An empty event every millisecond, in a thread of its own. Lateness is against the intended times,
 * and a beat that was passed over counts with how late it would have been.
 */
export async function schedulerRows({ quick }: SuiteOptions): Promise<Row[]> {
  const beats = quick ? 2000 : 5000;
  const ours = await report({ kind: 'schedule', how: 'orchestrator', beats, periodNs: PERIOD_NS });
  const theirs = await report({ kind: 'schedule', how: 'setTimeout', beats, periodNs: PERIOD_NS });
  const microseconds = (
    name: string,
    field: 'p50Ns' | 'p99Ns' | 'maxNs' | 'lastNs',
    goal?: Goal,
  ): Row =>
    row({
      name: `1 kHz, ${name}`,
      value: ours[field] / 1000,
      unit: 'µs',
      ...(goal && { goal }),
      peer: { name: 'setTimeout', value: theirs[field] / 1000 },
    });
  return [
    microseconds('late by, p50', 'p50Ns', 'scheduler/p50'),
    microseconds('late by, p99', 'p99Ns', 'scheduler/p99'),
    microseconds('late by, longest', 'maxNs'),
    // What drifts is late by more and more, so that the last beat is the latest.
    microseconds('drift: the last beat late by', 'lastNs', 'scheduler/drift'),
    row({ name: '1 kHz, beats passed over', value: ours.missed, unit: `of ${String(beats)}` }),
    row({
      name: '1 kHz, share of a core',
      value: 100 * ours.cpuShare,
      unit: '%',
      goal: 'scheduler/share of a core',
      peer: { name: 'setTimeout', value: 100 * theirs.cpuShare },
    }),
  ];
}

async function report(task: ThreadTask): Promise<ScheduleReport> {
  // What a thread with this task answers.
  const [answer] = (await once(await startThread(task), 'message')) as [ScheduleReport];
  return answer;
}
