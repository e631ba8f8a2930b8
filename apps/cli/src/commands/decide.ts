import { Engine, type DecisionReceipt } from '@sema/qar';
import { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { Interruption } from '../interruption.ts';
import { configurationOf } from '../market-configuration.ts';
import { output } from '../output.ts';
import { printReceipt } from '../print-receipt.ts';
import { progressBar } from '../progress.ts';
import { readCandles } from '../read-candles.ts';
import { receiptWords } from '../receipt-words.ts';
import { systemClock } from '../system-clock.ts';

interface DecideFlags extends OptionFlags {
  readonly config?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
The engine decides on every candle of the file that has a whole window behind it, learning as it
goes, and prints its decision on the last. It keeps nothing: sema paper trades, sema backtest leaves
a journal. --json prints the receipt.

Example:
  $ sema decide btc-1h.csv --pair BTC/USDT --json | jq .receipt.verdict.action

Exit codes: 0 done · 2 wrong usage · 3 bad input data · 5 interrupted`;

export function decideCommand(): Command {
  return new Command('decide')
    .description('print the decision on the last candle of a file')
    .argument('<candles>', 'file of candles, oldest first')
    .option('--config <file>', 'settings in YAML or JSON')
    .option('--pair <name>', 'name of the market (default: in or of the file)')
    .option('--shorting', 'allow short positions')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(decide);
}

async function decide(path: string, flags: DecideFlags): Promise<void> {
  const settings = merged(configuredOverrides(flags.config), optionSettings(flags));
  const file = await readCandles(path, settings.pair === undefined ? {} : { pair: settings.pair });
  const configuration = configurationOf(file, settings);
  const { candles } = file;
  const first = configuration.windowCandles - 1;
  if (candles.length <= first) {
    const needed = `a decision needs ${String(first + 1)}`;
    const what = `${path} has ${String(candles.length)} candles; ${needed}`;
    throw new CliError('TOO_FEW_CANDLES', what, 'give a longer file');
  }
  using stop = new Interruption('run it again');
  using bar = progressBar(flags.quiet === true);
  using engine = new Engine(configuration, { clock: systemClock() });
  let receipt: DecisionReceipt | undefined;
  for (let index = first; index < candles.length; index++) {
    const now = candles.time[index] + configuration.intervalMs;
    receipt = engine.step(candles, index, { now }).receipt;
    if (index % 256 !== 0) continue;
    bar.show(index - first, candles.length - first);
    await stop.breathe();
  }
  bar[Symbol.dispose]();
  if (receipt === undefined) return;
  const out = output(flags);
  const words = receiptWords(receipt, configuration, engine.weights);
  printReceipt(words, out);
  out.json({ ...words, receipt, weights: Array.from(engine.weights) });
}
