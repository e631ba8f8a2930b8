import { join } from 'node:path';
import { median, row } from '../harness.ts';
import type { Row, Suite, SuiteOptions } from '../harness.ts';
import { seededCandles } from '../seeded-candles.ts';
import { buildService, temporaryData } from '../service/service-process.ts';
import { brokerProgram, startedBroker } from '../sweep/broker-process.ts';
import { timedSema, writeCandles, type SemaPlace } from '../sweep/sema-process.ts';
import { signingRows } from '../sweep/signing-rows.ts';

const SEED = 20_210_104;
const LONG_CANDLES = 4000;
/** The fewest that a sweep takes: 256 to the first decision, and 32 to be judged. */
const SHORT_CANDLES = 287;

/** `sema sweep` from its sources, in processes of its own, and the cost of going through ports. */
export const sweep: Suite = {
  name: 'sweep',
  title: 'a grid of settings by 1 and 2 threads, tasks through ports, items signed over NATS',
  async run(options) {
    using data = temporaryData();
    const rows = await speedUpRows(data.path, options);
    const program = brokerProgram();
    if (program === undefined) {
      options.skipped('tasks and signatures over NATS: there is no nats-server on this machine');
      return [...rows, await taskRow(data.path, options)];
    }
    buildService();
    await using broker = await startedBroker(program, join(data.path, 'store'));
    return [
      ...rows,
      await taskRow(data.path, options),
      await taskRow(data.path, options, broker.url),
      ...(await signingRows(
        { home: join(data.path, 'signing'), broker: broker.url },
        data.path,
        options.quick,
      )),
    ];
  },
};

/**
 * Seconds of one more task: between a small and a large sweep everything else is alike, so the
 * start of a process and of its threads has no part in it.
 */
async function secondsOfTask(
  place: SemaPlace,
  file: string,
  [few, many]: readonly [number, number],
  workers: number,
): Promise<{ readonly seconds: number; readonly table: string }> {
  const run = (tasks: number) => {
    const values = `choiceSensitivity=1:${String(tasks)}:1`;
    // Results are discarded, so that nothing is found done.
    const options = ['--set', values, '--workers', String(workers), '--discard', '--json'];
    return timedSema(place, 'sweep', file, ...options);
  };
  const short = await run(few);
  const long = await run(many);
  return { seconds: (long.seconds - short.seconds) / (many - few), table: long.stdout };
}

async function speedUpRows(folder: string, { quick, say }: SuiteOptions): Promise<Row[]> {
  const file = writeCandles(folder, 'long.csv', seededCandles(LONG_CANDLES, SEED));
  const counts = quick ? ([2, 10] as const) : ([4, 24] as const);
  const samples: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const tables = new Set<string>();
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    for (const workers of round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) {
      say(`sweep by ${String(workers)}, round ${String(round + 1)}`);
      const home = join(folder, `home-${String(workers)}-${String(round)}`);
      const { seconds, table } = await secondsOfTask({ home }, file, counts, workers);
      samples[workers].push(seconds);
      tables.add(table);
    }
  }
  if (tables.size !== 1) throw new Error('the table depends on how many did the work');
  const ratios = samples[1].map((one, round) => one / samples[2][round]);
  const decisions = Math.round(0.8 * (LONG_CANDLES - 255));
  return [
    row({
      name: `task of ${String(decisions)} decisions, 1 thread`,
      value: 1000 * median(samples[1]),
      unit: 'ms',
    }),
    row({
      name: 'tasks a second by 2 threads over 1',
      value: median(ratios),
      unit: '×',
      target: { atLeast: 1.8 },
      peer: { name: 'Amdahl, nothing in turn', value: 2 },
      samples: ratios,
    }),
  ];
}

async function taskRow(folder: string, { quick }: SuiteOptions, broker?: string): Promise<Row> {
  const file = writeCandles(folder, 'short.csv', seededCandles(SHORT_CANDLES + 9, SEED));
  const through = broker === undefined ? 'the ports of one process, kept in files' : 'NATS';
  const counts = quick ? ([20, 120] as const) : ([50, 450] as const);
  const home = join(folder, broker === undefined ? 'home-local' : 'home-nats');
  const place = { home, ...(broker !== undefined && { broker }) };
  const { seconds } = await secondsOfTask(place, file, counts, 1);
  const name = `smallest task, queued, done and read, through ${through}`;
  return row({ name, value: 1000 * seconds, unit: 'ms' });
}
