import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agreementTable } from '../agreement/agreement-table.ts';
import { sleep } from './child.ts';
import type { Child } from './child.ts';
import { AS_FREQTRADE, comparedWithSema, writeModel } from './compare.ts';
import { freqtradePython, freqtradeVersion } from './freqtrade-python.ts';
import { Freqtrade } from './freqtrade.ts';
import { chooseStart, offsetOf, openStage, PAIR, startExchange } from './stage.ts';
import type { StageOptions } from './stage.ts';
import { tradeTable } from './trade-table.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const USAGE = `npm run freqtrade:demo [-- --candles FILE] [--backtest-only]

Tries the strategy SemaQuantumEnhanced without network or account: downloads candles from the
offline exchange, backtests on them, and trades them in a dry run until a trade has closed, which
takes five to ten minutes.

Needs Python 3.11 or newer and, the first time, PyPI, for freqtrade; SEMA_FREQTRADE names a Python
that has it. Replays the CSV file of one-minute candles given, or the month of BTC in
SEMA_DATA_DIR, or a seeded walk where there is neither.
`;
const ENTRIES = 3;
const HISTORY_DAYS = 2;
const LOOK_EVERY_MS = 5000;
/** Longer than any replay that is chosen needs. */
const MOST_MINUTES = 25;
const WALLET = 10_000;

/** What was started, the last first when it has to stop. */
const children: Child[] = [];
let stopping: Promise<void> | undefined;

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const child of children.reverse()) await child.stop();
  })();
  return stopping;
}

async function demo(options: StageOptions, backtestOnly: boolean): Promise<void> {
  const { folder, say, started } = options;
  const python = await freqtradePython(process.env['SEMA_FREQTRADE'], {
    folder: join(ROOT, '.tools'),
    say,
    started,
  });
  say(`freqtrade ${freqtradeVersion(python) ?? '?'}; everything is written to ${folder}`);
  const stage = await openStage(options);
  const { index, minutesToExit } = await chooseStart(stage, { entries: ENTRIES, quiet: 0 });
  say('demo settings: any confidence and any vote suffice; nobody should trade so');
  const settings = (exchangeUrl: string) => ({
    pair: PAIR,
    exchangeUrl,
    sema: {
      url: stage.service.url,
      token: stage.token,
      model: stage.model,
      position_fraction: 0.01,
    },
    wallet: WALLET,
  });
  const past = await startExchange(stage, index, options);
  const freqtrade = new Freqtrade(python, folder, settings(past.url), started);
  say('\n$ freqtrade download-data');
  await freqtrade.run('download-data', ['--days', String(HISTORY_DAYS), '--timeframes', '1m']);
  say('\n$ freqtrade backtesting --strategy SemaQuantumEnhanced');
  const backtest = await freqtrade.backtest();
  say(backtest.printed);
  say('\n$ sema backtest --model');
  const offsetMs = await offsetOf(past, stage);
  const comparison = { stage, freqtrade, backtest, offsetMs, started };
  const model = await writeModel(comparison);
  const found = await comparedWithSema(comparison, AS_FREQTRADE, model);
  say(agreementTable('the same candles, costs and model', found));
  await past.process.stop();
  if (backtestOnly) return;

  say('\n$ freqtrade trade --dry-run --strategy SemaQuantumEnhanced');
  const present = await startExchange(stage, index, options);
  freqtrade.configure(settings(present.url));
  const bot = freqtrade.dryRun();
  say(`a trade should open within two minutes and close about ${String(minutesToExit)} later`);
  await watch(freqtrade, bot, say);
  say(tradeTable(freqtrade.trades()));
}

/** Returns when a trade has closed. */
async function watch(freqtrade: Freqtrade, bot: Child, say: (line: string) => void): Promise<void> {
  let told = '';
  for (let looked = 0; looked < MOST_MINUTES * 60_000; looked += LOOK_EVERY_MS) {
    if (!bot.running) await bot.done();
    const trades = freqtrade.trades();
    const closed = trades.filter(({ is_open }) => is_open === 0).length;
    const state = `${String(trades.length)} opened, ${String(closed)} closed`;
    if (state !== told) say(`  ${new Date().toISOString().slice(11, 19)}  ${state}`);
    told = state;
    if (closed > 0) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`no trade closed in ${String(MOST_MINUTES)} minutes; see ${freqtrade.logFile}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      candles: { type: 'string' },
      'backtest-only': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void stopAll().then(() => process.exit(130));
    });
  }
  mkdirSync(join(ROOT, '.tools'), { recursive: true });
  const options: StageOptions = {
    folder: mkdtempSync(join(tmpdir(), 'sema-freqtrade-')),
    dataFolder: process.env['SEMA_DATA_DIR'] ?? join(ROOT, '..', 'shared', 'data'),
    candles: values.candles,
    say: (line) => process.stdout.write(`${line}\n`),
    started: (child) => children.push(child),
  };
  try {
    await demo(options, values['backtest-only'] === true);
  } finally {
    await stopAll();
  }
}

try {
  await main();
} catch (error) {
  // What was stopped on request did not fail.
  if (stopping === undefined || process.exitCode === undefined) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.exitCode = 1;
}
