import type { Candles } from '@sema/qar';
import { seededCandles } from '../seeded-candles.ts';
import type { ServiceProcess } from '../service/service-process.ts';

export const PAIR = 'BTC/USDT';
const MINUTE_MS = 60_000;

const START = Date.UTC(2024, 0, 1);
const CANDLES_A_CALL = 5000;
const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;
/** Rarely entered, so that a backtest has trades to make. */
const SETTINGS = {
  selectionMode: 'aggressive',
  risk: { minimumConfidence: 0, minimumVotes: 1, crisisVolatility: 1 },
};

/** Seeded candles, one a minute. */
export function minuteCandles(length: number, seed: number): Candles {
  const candles = seededCandles(length, seed);
  return { ...candles, time: candles.time.map((_, index) => START + index * MINUTE_MS) };
}

/** Makes a market, lets it learn from candles, and gives the id of what it has learned. */
export async function trainedModel(service: ServiceProcess, candles: Candles): Promise<string> {
  const id = 'bench';
  const market = { id, pair: PAIR, intervalMs: MINUTE_MS, decideAt: 'close', settings: SETTINGS };
  await service.ask('POST', '/v1/markets', market);
  for (let from = 0; from < candles.length; from += CANDLES_A_CALL) {
    const rows = Math.min(CANDLES_A_CALL, candles.length - from);
    const list = Array.from({ length: rows }, (_, row) => ({
      time: candles.time[from + row],
      ...Object.fromEntries(COLUMNS.map((name) => [name, candles[name][from + row]])),
    }));
    await service.ask('POST', `/v1/markets/${id}/candles`, { candles: list });
  }
  // As the API describes its answer.
  const made = JSON.parse(await service.ask('POST', `/v1/markets/${id}/snapshots`)) as {
    snapshot: { id: string };
  };
  return made.snapshot.id;
}

/** What the strategy asks about the first `rows` candles. */
export function frameQuestion(candles: Candles, rows: number, model: string): object {
  const column = (values: Float64Array): number[] => Array.from(values.subarray(0, rows));
  const prices = Object.fromEntries(COLUMNS.map((name) => [name, column(candles[name])]));
  return { pair: PAIR, interval: '1m', model, columns: { time: column(candles.time), ...prices } };
}
