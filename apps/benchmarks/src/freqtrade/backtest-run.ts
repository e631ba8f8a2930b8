import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Candles } from '@sema/qar';
import type { ServiceProcess } from '../service/service-process.ts';
import { PAIR } from './trained-service.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const STRATEGIES = join(ROOT, 'apps', 'freqtrade', 'user_data', 'strategies');
const SEMA = ['--import', 'tsx', '--conditions=@sema/source', 'apps/cli/src/main.ts'];

export interface BacktestTimes {
  /** From the start of `freqtrade backtesting` to its end. */
  readonly seconds: number;
  /** Of these, those in which the service answered. */
  readonly semaSeconds: number;
}

/** Runs freqtrade's backtest over candles, decided by the model. */
export async function runBacktest(
  python: string,
  folder: string,
  { service, model, candles }: { service: ServiceProcess; model: string; candles: Candles },
): Promise<BacktestTimes> {
  const exchange = await startExchange(folder, candles);
  try {
    writeCandles(folder, candles);
    const sema = { url: service.url, token: service.token, model };
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(configuration(exchange.url, sema)));
    const before = await answeringSeconds(service);
    const started = performance.now();
    await runFreqtrade(python, ['--config', file, '--userdir', folder]);
    const seconds = (performance.now() - started) / 1000;
    return { seconds, semaSeconds: (await answeringSeconds(service)) - before };
  } finally {
    const ended = once(exchange.child, 'exit');
    exchange.child.kill('SIGTERM');
    await ended;
  }
}

async function runFreqtrade(python: string, places: readonly string[]): Promise<void> {
  const strategy = ['--strategy', 'SemaQuantumEnhanced', '--strategy-path', STRATEGIES];
  const args = ['-m', 'freqtrade', 'backtesting', ...places, ...strategy, '--cache', 'none'];
  const child = spawn(python, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`freqtrade backtesting failed: ${log.slice(-2000)}`);
}

/** freqtrade asks an exchange what its markets are, also for a backtest. */
async function startExchange(folder: string, { time, open, high, low, close, volume }: Candles) {
  const file = join(folder, 'candles.csv');
  const lines = Array.from({ length: 1000 }, (_, row) =>
    [time[row], open[row], high[row], low[row], close[row], volume[row]].join(','),
  );
  writeFileSync(file, `time,open,high,low,close,volume\n${lines.join('\n')}\n`);
  const args = ['exchange', file, '--pair', PAIR, '--interval', '1m', '--port', '0'];
  const child = spawn(process.execPath, [...SEMA, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  // It prints where it is in one line of JSON.
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

function writeCandles(folder: string, candles: Candles): void {
  const { time, open, high, low, close, volume, length } = candles;
  const rows = Array.from({ length }, (_, row) =>
    [time, open, high, low, close, volume].map((column) => column[row]),
  );
  mkdirSync(join(folder, 'data', 'binance'), { recursive: true });
  writeFileSync(join(folder, 'data', 'binance', 'BTC_USDT-1m.json'), JSON.stringify(rows));
}

function configuration(exchangeUrl: string, sema: object): object {
  const pricing = { price_side: 'other', use_order_book: true, order_book_top: 1 };
  const api = `${exchangeUrl}/api/v3`;
  return {
    dry_run: true,
    dry_run_wallet: 10_000,
    stake_currency: 'USDT',
    stake_amount: 'unlimited',
    max_open_trades: 1,
    timeframe: '1m',
    fee: 0.001,
    entry_pricing: pricing,
    exit_pricing: pricing,
    pairlists: [{ method: 'StaticPairList' }],
    dataformat_ohlcv: 'json',
    exchange: {
      name: 'binance',
      enable_ws: false,
      pair_whitelist: [PAIR],
      ccxt_config: {
        urls: { api: { public: api, private: api, v1: `${exchangeUrl}/api/v1` } },
        options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
      },
    },
    sema,
  };
}

/** Seconds that the service has spent answering frames, as its own metrics tell them. */
async function answeringSeconds(service: ServiceProcess): Promise<number> {
  const metrics = await service.ask('GET', '/metrics');
  const sum = /^sema_http_request_seconds_sum\{route="\/v1\/signals"\} (\S+)$/m.exec(metrics)?.[1];
  return sum === undefined ? 0 : Number(sum);
}
