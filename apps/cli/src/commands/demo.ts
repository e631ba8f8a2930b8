import { join, resolve } from 'node:path';
import { replayJournal, verifyJournal } from '@sema/qar';
import { Command } from 'commander';
import { EXIT } from '../cli-error.ts';
import { dataDirectory, defaultKeyFile } from '../data-directory.ts';
import { count } from '../figures.ts';
import { output } from '../output.ts';
import { printResult } from '../print-result.ts';
import { configurationOf } from '../market-configuration.ts';
import { readLines } from '../read-blocks.ts';
import { readCandles, type CandleFile } from '../read-candles.ts';
import { runAndReport } from '../run-backtest.ts';
import type { BacktestResult } from '../result.ts';
import { SP500_SETTINGS, sp500File } from '../sp500-file.ts';
import { systemClock } from '../system-clock.ts';

interface DemoFlags {
  readonly out?: string;
  readonly key?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Whether the journal that was just written holds, and decides the same again. */
interface Checks {
  readonly journalValid: boolean;
  readonly replayDifferences: number;
}

const ABOUT = `
Daily candles of the S&P 500, 2000 to 2020, from the npm package vega-datasets. No parameter was
tuned on them, and whatever comes out is shown. Entries ask for a profit that is more likely than
not; the 0.80 that is the default elsewhere is more than the confidence of a position of ten candles
comes to in most markets.

Exit codes: 0 done · 1 the journal did not verify or replay · 3 bad input data · 4 internal error`;

export function demoCommand(): Command {
  return new Command('demo')
    .description('backtest twenty years of the S&P 500, then verify and replay the journal')
    .option('--out <dir>', 'folder for the results (default: .sema/demo)')
    .option('--key <file>', 'Ed25519 signing key, made if absent (default: .sema/keys/signing.pem)')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(demo);
}

async function demo(flags: DemoFlags): Promise<void> {
  const out = output(flags);
  const file = await readCandles(sp500File());
  const candles = count(file.candles.length);
  const asked = SP500_SETTINGS.risk.minimumConfidence.toFixed(2);
  out.say(`S&P 500, ${candles} daily candles. No parameter was tuned on this span.`);
  out.say(`Entries ask for a confidence of ${asked}; the default is 0.80.`);
  out.say();
  const result = await runAndReport({
    file,
    configuration: configurationOf(file, SP500_SETTINGS),
    out: flags.out === undefined ? join(dataDirectory(), 'demo') : resolve(flags.out),
    keyFile: flags.key ?? defaultKeyFile(),
    quiet: flags.quiet === true,
  });
  const checks = check(result, file);
  const passed = checks.journalValid && checks.replayDifferences === 0;
  for (const line of checkLines(result, checks)) out.say(line);
  out.say();
  printResult(result, out);
  out.json({ ...result, checks });
  if (!passed) process.exitCode = EXIT.checkFailed;
}

function check({ journal }: BacktestResult, { candles }: CandleFile): Checks {
  const verdict = verifyJournal(readLines(journal.path), { publicKey: journal.publicKey });
  const replay = replayJournal(readLines(journal.path), candles, { clock: systemClock() });
  return {
    journalValid: verdict.valid && verdict.sealed && verdict.lastHash === journal.lastHash,
    replayDifferences: replay.differenceCount,
  };
}

function checkLines(result: BacktestResult, checks: Checks): string[] {
  const receipts = count(result.decisions);
  const { journalValid, replayDifferences } = checks;
  return [
    journalValid
      ? `Verified: ${receipts} receipts, every hash and signature holds, and the journal is sealed.`
      : 'NOT VERIFIED: the journal does not hold; run `sema verify` on it.',
    replayDifferences === 0
      ? `Replayed: ${receipts} decisions made anew from the candles, zero differences.`
      : `REPLAY DIFFERS in ${count(replayDifferences)} places; run \`sema replay\` on it.`,
  ];
}
