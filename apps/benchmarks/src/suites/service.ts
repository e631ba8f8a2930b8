import { performance } from 'node:perf_hooks';
import { quantileFigure, row } from '../harness.ts';
import type { Row, Suite, SuiteOptions } from '../harness.ts';
import { seededCandles } from '../seeded-candles.ts';
import { firstViewBytes } from '../service/first-view.ts';
import { buildService, ServiceProcess, temporaryData } from '../service/service-process.ts';
import { MarketStream, runLoad, warmMarket } from '../service/stream-load.ts';

const SEED = 20_000_103;
const MARKETS = 8;
const CANDLES_PER_SECOND = 1000;
const MINUTE = 60;
const COLD_STARTS = 5;

/** The service as it is installed, in a process of its own, and a real client over loopback. */
export const service: Suite = {
  name: 'service',
  title: 'candles in and decisions out over a WebSocket, cold start, first view of the dashboard',
  async run(options) {
    buildService();
    return [...(await loadRows(options)), ...(await coldStartRows()), ...(await viewRows(options))];
  },
};

async function loadRows({ quick }: SuiteOptions): Promise<Row[]> {
  const seconds = quick ? 15 : 10 * MINUTE;
  const load = { markets: MARKETS, candlesPerSecond: CANDLES_PER_SECOND, seconds };
  using data = temporaryData();
  const running = await ServiceProcess.start(data.path);
  try {
    const result = await runLoad(running, seededCandles(20_000, SEED), load);
    await checkJournals(running);
    const { latenciesMs, sent, decided, elapsedSeconds, residentBytes } = result;
    const third = Math.floor(residentBytes.length / 3);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const [middle, end] = [residentBytes.slice(third, 2 * third), residentBytes.slice(2 * third)];
    const over = `${String(CANDLES_PER_SECOND)}/s for ${String(seconds)} s`;
    return [
      row({
        name: `decisions, ${over} asked`,
        value: decided / elapsedSeconds,
        unit: '1/s',
        goal: 'service/decisions',
      }),
      row({
        name: 'candle in to decision out, p50',
        ...quantileFigure(latenciesMs, 0.5),
        unit: 'ms',
      }),
      row({
        name: 'candle in to decision out, p99',
        ...quantileFigure(latenciesMs, 0.99),
        unit: 'ms',
        goal: 'service/p99',
      }),
      row({ name: 'decisions lost', value: sent - decided, unit: '', goal: 'service/lost' }),
      row({
        name: `resident memory, last third of ${String(seconds)} s over the middle third`,
        value: mean(end) / mean(middle),
        unit: '×',
        goal: 'service/memory',
      }),
      row({ name: 'resident memory at the end', value: mean(end) / 2 ** 20, unit: 'MiB' }),
    ];
  } finally {
    await running.stop();
  }
}

/** What was measured is what the service is to do: every journal holds. */
async function checkJournals(running: ServiceProcess): Promise<void> {
  const text = await running.ask('GET', '/v1/markets/bench-0/journal/verification');
  if (!text.includes('"valid":true')) throw new Error(`the journal does not verify: ${text}`);
}

/** From nothing but a data directory to the first decision on a new candle. */
async function coldStartRows(): Promise<Row[]> {
  const record = seededCandles(1000, SEED);
  using data = temporaryData();
  const first = await ServiceProcess.start(data.path);
  const { token } = first;
  await warmMarket(first, 'cold', record);
  await first.stop();
  const times: number[] = [];
  for (let round = 0; round < COLD_STARTS; round++) {
    const started = performance.now();
    const running = await ServiceProcess.start(data.path, token);
    await new Promise<void>((resolve, reject) => {
      const onDecision = (): void => {
        resolve();
      };
      MarketStream.open(running, 'cold', record, onDecision, round).then((stream) => {
        stream.send();
      }, reject);
    });
    times.push(performance.now() - started);
    await running.stop();
  }
  return [
    row({
      name: 'cold start to the first decision, best of 5',
      value: Math.min(...times),
      unit: 'ms',
      target: { atMost: 1000 },
    }),
  ];
}

async function viewRows({ skipped }: SuiteOptions): Promise<Row[]> {
  using data = temporaryData();
  const running = await ServiceProcess.start(data.path);
  try {
    const bytes = await firstViewBytes(running.url);
    if (bytes === undefined) {
      skipped("dashboard's first view: the dashboard is not built");
      return [];
    }
    const target = { atMost: 300 };
    return [
      row({ name: "dashboard's first view, compressed", value: bytes / 1000, unit: 'kB', target }),
    ];
  } finally {
    await running.stop();
  }
}
