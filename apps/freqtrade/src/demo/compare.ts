import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candles, ConfigurationOverrides, EngineConfiguration, JournalLine } from '@sema/qar';
import { agreement } from '../agreement/agreement.ts';
import type { Agreement, FreqtradeRun, SemaRun } from '../agreement/agreement.ts';
import type { Child } from './child.ts';
import { TRADABLE_RATIO } from './freqtrade.ts';
import type { Freqtrade, FreqtradeBacktest } from './freqtrade.ts';
import { MINUTE_MS } from './recording.ts';
import { partOf } from './sema-service.ts';
import { DEMO_MARKET, PAIR, startSema } from './stage.ts';
import type { Stage } from './stage.ts';

export interface Comparison {
  readonly stage: Stage;
  readonly freqtrade: Freqtrade;
  readonly backtest: FreqtradeBacktest;
  /** What the exchange added to the times of the recording. */
  readonly offsetMs: number;
  readonly started: (child: Child) => void;
}

/** Of a run, as a file of settings holds them. */
type Settings = ConfigurationOverrides & Partial<Pick<EngineConfiguration, 'path'>>;

/** Costs and limits of freqtrade: no slippage, and no orders that are too many. */
export const AS_FREQTRADE: Settings = {
  slippageRate: 0,
  risk: { maximumOrdersPerHour: 1000, maximumOrdersPerDay: 1000 },
};

/** As `sema exchange` has it unless told otherwise. */
const AMOUNT_STEP = 0.00001;

/** The model that freqtrade names, as a file for `sema backtest --model`. */
export async function writeModel({ stage, freqtrade }: Comparison): Promise<string> {
  const file = join(freqtrade.folder, 'model.bin');
  writeFileSync(file, await stage.service.snapshotBytes(DEMO_MARKET, stage.model));
  return file;
}

/**
 * Runs `sema backtest` on the candles that freqtrade downloaded, and compares its trades with those
 * of freqtrade's backtest.
 *
 * @param settings - of the run.
 * @param model - the file of a frozen model that decides; without one the market learns.
 */
export async function comparedWithSema(
  comparison: Comparison,
  settings: Settings,
  model?: string,
): Promise<Agreement> {
  const { stage, freqtrade, backtest, offsetMs } = comparison;
  const sema = await semaRun(comparison, settings, model);
  const { candles } = stage.recording;
  const first = candles.time.indexOf(sema.receipts[0].time - offsetMs);
  const { windowCandles } = sema.configuration;
  const from = first - windowCandles + 1;
  const part = partOf(candles, from, first + sema.receipts.length);
  const question = { pair: PAIR, interval: '1m', model: stage.model };
  const signals = await stage.service.signals(question, part, offsetMs);
  const moved: Candles = { ...part, time: part.time.map((time) => time + offsetMs) };
  const { wallet, sema: asked } = freqtrade.settings;
  const run: FreqtradeRun = {
    trades: backtest.trades,
    from: backtest.backtest_start_ts + MINUTE_MS,
    until: backtest.backtest_end_ts,
    wallet,
    tradableRatio: TRADABLE_RATIO,
    positionFraction: asked.position_fraction,
    amountStep: AMOUNT_STEP,
  };
  return agreement({ candles: moved, signals, freqtrade: run, sema });
}

async function semaRun(
  { freqtrade, started }: Comparison,
  settings: Settings,
  model: string | undefined,
): Promise<SemaRun> {
  const out = mkdtempSync(join(freqtrade.folder, 'sema-backtest-'));
  const config = join(out, 'settings.json');
  const { wallet: startingEquity } = freqtrade.settings;
  writeFileSync(config, JSON.stringify({ ...settings, startingEquity }));
  const frozen = model === undefined ? ['--pair', PAIR] : ['--model', model];
  const places = ['--out', out, '--config', config, '--key', join(out, 'key.pem'), '--quiet'];
  const run = startSema(
    ['backtest', freqtrade.candleFile(), ...places, ...frozen],
    join(out, 'log'),
  );
  started(run);
  await run.done();
  const lines = readFileSync(join(out, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  // As `sema backtest` has just written them.
  const bodies = lines.map((line) => (JSON.parse(line) as JournalLine).body);
  const [header] = bodies;
  if (header.kind !== 'header') throw new Error('the journal of sema backtest has no header');
  return {
    configuration: header.configuration,
    frozenModel: header.frozenModel,
    receipts: bodies.flatMap((body) => (body.kind === 'decision' ? [body] : [])),
  };
}
