import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Agreement } from '../src/agreement/agreement.ts';
import { agreementTable } from '../src/agreement/agreement-table.ts';
import { Freqtrade } from '../src/demo/freqtrade.ts';
import {
  AS_FREQTRADE,
  comparedWithSema,
  writeModel,
  type Comparison,
} from '../src/demo/compare.ts';
import { MINUTE_MS, recordingOf } from '../src/demo/recording.ts';
import { asksForEntry, asksForExit } from '../src/demo/replay-start.ts';
import type { SignalColumns } from '../src/demo/sema-service.ts';
import { partOf } from '../src/demo/sema-service.ts';
import { DEMO_MARKET, offsetOf, openStage, PAIR, startExchange } from '../src/demo/stage.ts';
import type { Stage } from '../src/demo/stage.ts';
import { PYTHON, SKIPPED, Workshop } from './real-freqtrade.ts';

const DAYS = 8;
/** Days of history end here, behind what the model learned from. */
const NOW = 4000 + DAYS * 1440;
const WALLET = 10_000;
const FRACTION = 0.01;
const FEE = 0.001;

async function opened(workshop: Workshop) {
  const stage = await openStage(workshop);
  const exchange = await startExchange(stage, NOW, workshop);
  const offsetMs = await offsetOf(exchange, stage);
  const freqtrade = new Freqtrade(
    PYTHON,
    join(workshop.folder, 'freqtrade'),
    {
      pair: PAIR,
      exchangeUrl: exchange.url,
      sema: {
        url: stage.service.url,
        token: stage.token,
        model: stage.model,
        position_fraction: FRACTION,
      },
      wallet: WALLET,
    },
    workshop.started,
  );
  await freqtrade.run('download-data', ['--days', String(DAYS), '--timeframes', '1m']);
  // All of it lies behind the candle that was open when the download began.
  const until = new Date(stage.recording.candles.time[NOW - 1] + offsetMs).getTime();
  const range = [
    '--timerange',
    `${String(until - (DAYS - 1) * 1440 * MINUTE_MS)}-${String(until)}`,
  ];
  return { stage, exchange, freqtrade, offsetMs, range, until };
}

/** Half a day is enough to learn from here. */
function dayOf(until: number): string {
  return new Date(until - (DAYS - 0.5) * 1440 * MINUTE_MS).toISOString().slice(0, 19);
}

const TRAIN = fileURLToPath(new URL('../user_data/sema_train.py', import.meta.url));

const CCXT = `
import json, sys, ccxt
where = json.loads(sys.argv[1])
api = where['url'] + '/api/v3'
exchange = ccxt.binance({
    'apiKey': where['key'], 'secret': where['secret'], 'enableRateLimit': False,
    'urls': {'api': {'public': api, 'private': api, 'v1': where['url'] + '/api/v1'}},
    'options': {'fetchMarkets': {'types': ['spot']}, 'fetchCurrencies': False,
                'fetchMargins': False},
})
rows = exchange.fetch_ohlcv('BTC/USDT', '1m', limit=1000)
order = exchange.create_order('BTC/USDT', 'market', 'buy', 0.01)
order = exchange.fetch_order(order['id'], 'BTC/USDT')
coins = exchange.fetch_balance()['BTC']['free']
print(json.dumps({'rows': len(rows), 'status': order['status'], 'filled': order['filled'],
                  'coins': coins}))
`;

/**
 * The trades that the signals make by freqtrade's rules: a decision on a candle is acted on at the
 * open of the next; there is one position at a time; what is open at the end is closed there.
 */
function tradesOf(stage: Stage, signals: SignalColumns, rows: { from: number; until: number }) {
  const { open, low, time } = stage.recording.candles;
  const trades: object[] = [];
  let row = rows.from;
  while (row < rows.until) {
    if (!asksForEntry(signals, row)) {
      row++;
      continue;
    }
    const [entry, entryRow] = [row + 1, row];
    do row++;
    while (row < rows.until && !asksForExit(signals, row));
    const isLeft = row < rows.until;
    const exit = isLeft ? row + 1 : rows.until;
    // Otherwise the stop-loss has its own rule.
    expect(Math.min(...low.subarray(entry, exit))).toBeGreaterThan(0.95 * open[entry]);
    const kept = (open[exit] / open[entry]) * ((1 - FEE) / (1 + FEE)) - 1;
    trades.push({
      opened: time[entry],
      closed: time[exit],
      open_rate: open[entry],
      close_rate: open[exit],
      enter_tag: signals.id[entryRow],
      exit_reason: isLeft ? signals.id[row] : 'force_exit',
      profit: kept.toFixed(6),
    });
  }
  return trades;
}

/** Every difference to `sema backtest` has a cause that is computed; with one model all agree. */
async function expectAgreement(comparison: Comparison): Promise<void> {
  const { trades } = comparison.backtest;
  const model = await writeModel(comparison);
  const alike = await comparedWithSema(comparison, AS_FREQTRADE, model);
  const causes = ({ differences }: Agreement): Set<string> =>
    new Set(differences.map(({ cause }) => cause));
  console.info(agreementTable('the same model, costs and limits', alike));
  expect(alike.differences.filter(({ cause }) => cause === 'unexplained')).toEqual([]);
  // Of size alone, but for what lies before its first candle and is closed at the last.
  expect([...causes(alike)].filter((cause) => !['size', 'range'].includes(cause))).toEqual([]);
  const closed = trades.filter(({ exit_reason: why }) => why !== 'force_exit').length;
  expect(alike.sameTrades).toBeGreaterThanOrEqual(closed);

  const usual = await comparedWithSema(comparison, { path: 'twin' }, model);
  console.info(agreementTable('the same model, with slippage and limits of orders', usual));
  const learning = await comparedWithSema(comparison, {
    ...DEMO_MARKET.settings,
    path: 'twin',
  });
  console.info(agreementTable('a market that learns', learning));
  for (const found of [usual, learning]) {
    expect(found.differences.filter(({ cause }) => cause === 'unexplained')).toEqual([]);
  }
  expect(causes(usual)).toContain('slippage');
  expect(causes(learning)).toContain('learning');
}

describe.skipIf(SKIPPED !== '')(`the real freqtrade${SKIPPED}`, () => {
  test('makes the trades that the signals ask for, twice the same, without bias', async () => {
    await using workshop = new Workshop();
    const { stage, freqtrade, offsetMs, range, until } = await opened(workshop);
    const backtest = await freqtrade.backtest(range);
    const { trades } = backtest;
    expect(trades.length).toBeGreaterThanOrEqual(20);
    expect((await freqtrade.backtest(range)).trades).toEqual(trades);
    await expectAgreement({ stage, freqtrade, backtest, offsetMs, started: workshop.started });

    const { candles } = stage.recording;
    const rows = { from: NOW - 1 - (DAYS - 1) * 1440, until: NOW - 1 };
    const question = { pair: PAIR, interval: '1m', model: stage.model };
    const signals = await stage.service.signals(question, partOf(candles, 0, NOW), offsetMs);
    expect(candles.time[rows.until] + offsetMs).toBe(until);
    expect(
      trades.map(({ open_timestamp, close_timestamp, profit_ratio, ...trade }) => ({
        opened: open_timestamp - offsetMs,
        closed: close_timestamp - offsetMs,
        open_rate: trade.open_rate,
        close_rate: trade.close_rate,
        enter_tag: trade.enter_tag,
        exit_reason: trade.exit_reason,
        profit: profit_ratio.toFixed(6),
      })),
    ).toEqual(tradesOf(stage, signals, rows));
    const least = ['--minimum-trade-amount', '3', '--targeted-trade-amount', '3'];
    const ahead = await freqtrade.run('lookahead-analysis', [...least, ...range]);
    expect(ahead).toMatch(/SemaQuantumEnhanced\.py\W+SemaQuantumEnhanced\W+No\W/);
    const counts = ['--startup-candle', '199', '399', '499'];
    await freqtrade.run('recursive-analysis', [...counts, ...range]);
    const log = await freqtrade.log();
    expect(log).toContain('No variance on indicator(s) found due to recursive formula');
    expect(log).toContain('No lookahead bias on indicators found');
    expect(log).not.toMatch(/=> found/);

    // A market of a user's own, of candles that freqtrade downloaded.
    const feather = join(freqtrade.folder, 'data', 'binance', 'BTC_USDT-1m.feather');
    const place = ['--pair', 'ETH/USDT', '--timeframe', '1m', '--url', stage.service.url];
    const train = spawnSync(PYTHON, [TRAIN, feather, ...place, '--until', dayOf(until)], {
      encoding: 'utf8',
      env: { ...env, SEMA_TOKEN: stage.service.token },
    });
    expect(train.stdout, train.stderr).toMatch(/^[0-9a-f]{16}\n$/);
    const own = { ...question, pair: 'ETH/USDT', model: train.stdout.trim() };
    const { action } = await stage.service.signals(own, partOf(candles, 0, 1000));
    expect(action.some((asked) => asked !== null)).toBe(true);
  });

  test('its Python ccxt reads and trades on the exchange', async () => {
    await using workshop = new Workshop();
    const recording = recordingOf(undefined, workshop.dataFolder, workshop.folder);
    const exchange = await startExchange({ recording }, 5000, workshop);
    const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', CCXT, exchange.line], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const bought = JSON.parse(stdout) as object;
    expect(bought).toMatchObject({ rows: 1000, status: 'closed', filled: 0.01, coins: 0.00999 });
  });
});
