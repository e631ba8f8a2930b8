import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { runBacktest } from '../freqtrade/backtest-run.ts';
import { frameQuestion, minuteCandles, trainedModel } from '../freqtrade/trained-service.ts';
import { median, row } from '../harness.ts';
import type { Row, Suite } from '../harness.ts';
import { buildService, ServiceProcess, temporaryData } from '../service/service-process.ts';

const SEED = 20_000_103;
const LEARNED = 2000;
const SHORT = { rows: 1000, rounds: 15 };
const LONG = { rows: 50_000, rounds: 3 };

/** What the strategy asks of the service as it is installed, over loopback, frame by frame. */
export const freqtrade: Suite = {
  name: 'freqtrade',
  title: "signals for whole frames over HTTP, and their share of freqtrade's own backtest",
  async run({ quick, skipped }) {
    buildService();
    const candles = minuteCandles(quick ? 5000 : LONG.rows, SEED);
    using data = temporaryData();
    const service = await ServiceProcess.start(data.path);
    try {
      const model = await trainedModel(service, minuteCandles(LEARNED, SEED + 1));
      const rows: Row[] = [];
      for (const { rows: asked, rounds } of [SHORT, { ...LONG, rows: candles.length }]) {
        const question = frameQuestion(candles, asked, model);
        rows.push(
          row({
            name: `signals of a pair, ${String(asked)} candles, median`,
            value: await medianMs(service, question, { asked, rounds }),
            unit: 'ms',
          }),
        );
      }
      const python = process.env['SEMA_FREQTRADE'] ?? '';
      if (spawnSync(python, ['-c', 'import freqtrade']).status !== 0) {
        skipped('backtest of freqtrade: SEMA_FREQTRADE names no Python with freqtrade');
        return rows;
      }
      using folder = temporaryData();
      const times = await runBacktest(python, folder.path, { service, model, candles });
      const over = `${String(candles.length)} candles`;
      return [
        ...rows,
        row({ name: `freqtrade backtesting, ${over}`, value: times.seconds, unit: 's' }),
        row({
          name: `share of it in which Sema answers, ${over}`,
          value: (100 * times.semaSeconds) / times.seconds,
          unit: '%',
        }),
      ];
    } finally {
      await service.stop();
    }
  },
};

async function medianMs(
  service: ServiceProcess,
  question: object,
  { asked, rounds }: { readonly asked: number; readonly rounds: number },
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const answer = await service.ask('POST', '/v1/signals', question);
    times.push(performance.now() - started);
    // As the API describes its answer.
    const { columns } = JSON.parse(answer) as { columns: { id: (string | null)[] } };
    const decided = columns.id.filter((id) => id !== null).length;
    if (decided !== asked - 255) throw new Error(`${String(decided)} rows were decided on`);
  }
  return median(times);
}
