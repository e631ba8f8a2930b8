import { join, parse, resolve } from 'node:path';
import type { Candles } from '@sema/qar';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { dataDirectory, defaultKeyFile } from '../data-directory.ts';
import { day } from '../figures.ts';
import { readHeader } from '../journal-header.ts';
import { configurationOf } from '../market-configuration.ts';
import { parseAmount, parseIsoDate } from '../option-values.ts';
import { output } from '../output.ts';
import { printResult } from '../print-result.ts';
import { readCandles } from '../read-candles.ts';
import { readFrozenModel } from '../read-frozen-model.ts';
import { RUN_FILES, runAndReport } from '../run-backtest.ts';
import { openStoppedRun } from '../stopped-run.ts';

interface BacktestFlags extends OptionFlags {
  readonly out?: string;
  readonly config?: string;
  readonly model?: string;
  readonly key?: string;
  readonly until?: number;
  readonly resume?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const EXAMPLES = `
Examples:
  $ sema backtest candles.csv
  $ sema backtest btc-1h.csv --pair BTC/USDT --fee-bps 7.5 --shorting --out runs/btc
  $ sema backtest candles.csv --until 2015-01-01 --out run   # stop there ...
  $ sema backtest candles.csv --resume run                   # ... and go on
  $ sema backtest later.csv --model run/snapshot.bin         # decide by it, learn nothing

--model takes the snapshot of a run, or of a service's market, and its settings; only what trades
may be set otherwise: fees, slippage, equity, shorting, the risk and execution of --config.

The file is CSV, Parquet, Arrow or Feather with columns named time (or date, timestamp), open,
high, low, close and volume, or freqtrade's JSON. It is checked to its last row first: a bad file
leaves no journal. Where a column names the pair (or symbol) of each row, --pair chooses one.

Exit codes: 0 done · 2 wrong usage · 3 bad input data · 4 internal error`;

export function backtestCommand(): Command {
  // What a stopped run began with cannot change half-way.
  const fixed = (option: Option): Option => option.conflicts('resume');
  return new Command('backtest')
    .description('decide on every candle of a file, beside the classical twin and buy-and-hold')
    .argument('<candles>', 'file of candles, oldest first')
    .option('--out <dir>', 'folder for the results (default: .sema/runs/<name of the file>)')
    .addOption(fixed(new Option('--config <file>', 'settings in YAML or JSON')))
    .addOption(
      fixed(new Option('--pair <name>', 'name of the market (default: in or of the file)')),
    )
    .addOption(
      fixed(new Option('--fee-bps <number>', 'fee per traded notional (default: 10)')).argParser(
        parseAmount,
      ),
    )
    .addOption(
      fixed(new Option('--slippage-bps <number>', 'price lost on a fill (default: 5)')).argParser(
        parseAmount,
      ),
    )
    .addOption(
      fixed(new Option('--equity <amount>', 'equity at the start (default: 100000)')).argParser(
        parseAmount,
      ),
    )
    .addOption(fixed(new Option('--shorting', 'allow short positions')))
    .addOption(
      fixed(new Option('--model <file>', 'snapshot that decides and learns nothing')).conflicts(
        'until',
      ),
    )
    .option('--key <file>', 'Ed25519 signing key, made if absent (default: .sema/keys/signing.pem)')
    .option('--until <date>', 'stop before this date; the run can be resumed', parseIsoDate)
    .option('--resume <dir>', 'go on with a run that --until stopped')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', EXAMPLES)
    .action(backtest);
}

async function backtest(path: string, flags: BacktestFlags): Promise<void> {
  const out = output(flags);
  const resume = flags.resume === undefined ? undefined : resolve(flags.resume);
  const frozen = flags.model === undefined ? undefined : readFrozenModel(flags.model);
  const given = merged(configuredOverrides(flags.config), optionSettings(flags));
  const settings = frozen === undefined ? given : merged(frozen.configuration, given);
  // What the model was taught of is what it is called there, whatever the file calls it.
  const pair =
    resume === undefined
      ? given.pair
      : readHeader(join(resume, RUN_FILES.journal)).configuration.pair;
  const file = await readCandles(path, pair === undefined ? {} : { pair });
  const stopped =
    resume === undefined
      ? undefined
      : openStoppedRun(
          { journal: join(resume, RUN_FILES.journal), snapshot: join(resume, RUN_FILES.snapshot) },
          file,
        );
  const name = parse(file.name).name;
  const result = await runAndReport({
    file,
    configuration: stopped?.configuration ?? configurationOf(file, settings),
    out: flags.out !== undefined ? resolve(flags.out) : (resume ?? defaultFolder(name)),
    keyFile: flags.key ?? defaultKeyFile(),
    quiet: flags.quiet === true,
    ...(flags.until !== undefined && { stopBefore: indexOf(file.candles, flags.until) }),
    ...(stopped !== undefined && { resume: stopped }),
    ...(frozen !== undefined && { frozen: frozen.snapshot }),
  });
  printResult(result, out);
  out.json(result);
}

function defaultFolder(name: string): string {
  return join(dataDirectory(), 'runs', name);
}

/** Index of the first candle that opens at or after a time. */
function indexOf(candles: Candles, time: number): number {
  const index = candles.time.findIndex((opened) => opened >= time);
  if (index < 0) {
    throw new CliError(
      'BAD_OPTION',
      `--until ${day(time)} is after the last candle, ${day(candles.time[candles.length - 1])}`,
      'leave it out to run to the end',
    );
  }
  return index;
}
