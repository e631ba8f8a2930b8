import { once } from 'node:events';
import { median, row, type Row, type SuiteOptions } from '../harness.ts';
import { startThread } from './start-thread.ts';
import type { WaitRounds } from './thread-task.ts';
import type { Wait, WaitReport } from './wait-task.ts';

/**
 * The cerebellar scheduler's loop of a millisecond in a thread of its own, beside one that sleeps
 * without foreseeing its error and one that spins at the end. Medians of rounds in turns.
 */
export async function waitRows({ quick }: SuiteOptions): Promise<Row[]> {
  const task = { kind: 'wait', rounds: quick ? 3 : 15, beats: quick ? 100 : 1000 } as const;
  // What a thread with this task answers.
  const [rounds] = (await once(await startThread(task), 'message')) as [WaitRounds];
  const of = (wait: Wait, field: keyof WaitReport): number =>
    median(rounds[wait].map((report) => Math.abs(report[field])));
  const beside = (name: string, field: keyof WaitReport, lowers: boolean): Row => {
    const without = of('sleep', field) / 1000;
    return row({
      name: `1 ms loop, ${name}`,
      value: of('cerebellar', field) / 1000,
      unit: 'µs',
      ...(lowers && { target: { atMost: without } }),
      peer: { name: 'without foresight', value: without },
    });
  };
  return [
    beside('timing error, root mean square', 'rootMeanSquareNs', true),
    beside('timing error, mean', 'meanNs', true),
    beside('timing error, p50 of its distance', 'p50Ns', true),
    beside('timing error, p99 of its distance', 'p99Ns', false),
    row({
      name: '1 ms loop, share of a core',
      value: 100 * of('cerebellar', 'cpuShare'),
      unit: '%',
      target: { atMost: 15 },
      peer: { name: 'without foresight', value: 100 * of('sleep', 'cpuShare') },
    }),
    row({
      name: '1 ms loop that spins at the end, timing error, root mean square',
      value: of('spin', 'rootMeanSquareNs') / 1000,
      unit: 'µs',
      peer: { name: 'foresight', value: of('cerebellar', 'rootMeanSquareNs') / 1000 },
    }),
    row({
      name: '1 ms loop that spins at the end, share of a core',
      value: 100 * of('spin', 'cpuShare'),
      unit: '%',
      peer: { name: 'foresight', value: 100 * of('cerebellar', 'cpuShare') },
    }),
  ];
}
