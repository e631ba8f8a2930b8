import { resolve } from 'node:path';
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { engineConfiguration, Session, type DecisionReceipt, type SessionAnswer } from '@sema/qar';
import { SessionFiles } from '@sema/qar/session-files';
import { Command } from 'commander';
import { parseCandleLine } from '../candle-line.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { parseInterval } from '../interval-text.ts';
import { openKeyFile } from '../key-file.ts';
import { parseAmount } from '../option-values.ts';
import { warn } from '../output.ts';
import { systemClock } from '../system-clock.ts';

interface PaperFlags extends OptionFlags {
  readonly pair: string;
  readonly interval: number;
  readonly config?: string;
  readonly key?: string;
  readonly atClose?: true;
  readonly sync: boolean;
}

const YEAR_MS = 365.25 * 86_400_000;
const SEGMENT_BYTES = 64 * 1024 * 1024;
const SNAPSHOT_EVERY = 256;
/** Exchanges' clocks and ours agree to a second or two. */
const CLOCK_TOLERANCE_MS = 5000;

const ABOUT = `
Each line of standard input is one closed candle: [ms, open, high, low, close, volume], as ccxt's
fetchOHLCV gives it, or an object with time, open, high, low, close and volume. Each is answered by
one line of JSON, after candle and receipt are on the disk. The process may be killed at any
moment: started again on the same folder it goes on, and candles sent twice are duplicates.

Examples:
  $ my-feed | sema paper runs/btc --pair BTC/USDT --interval 1m
  $ sema paper runs/btc --pair BTC/USDT --interval 1m --at-close < recorded.jsonl
  $ sema verify runs/btc
  $ sema replay runs/btc runs/btc/candles.csv

Exit codes: 0 the input ended · 2 wrong usage · 3 the folder or key cannot be used · 4 internal`;

export function paperCommand(): Command {
  return new Command('paper')
    .description('decide on candles as they arrive on standard input, with simulated fills')
    .argument('<folder>', 'where candles, journal and snapshot are kept')
    .requiredOption('--pair <name>', 'name of the market')
    .requiredOption('--interval <text>', 'spacing of the candles: 1s, 5m, 4h, 1d …', parseInterval)
    .option('--config <file>', 'settings in YAML or JSON')
    .option('--fee-bps <number>', 'fee per traded notional (default: 10)', parseAmount)
    .option('--slippage-bps <number>', 'price lost on a fill (default: 5)', parseAmount)
    .option('--equity <amount>', 'equity at the start (default: 100000)', parseAmount)
    .option('--shorting', 'allow short positions')
    .option('--key <file>', 'Ed25519 signing key, made if absent (default: .sema/keys/signing.pem)')
    .option('--at-close', "decide as at each candle's close, for recorded candles")
    .option('--no-sync', 'leave it to the operating system when lines reach the disk')
    .addHelpText('after', ABOUT)
    .action(paper);
}

async function paper(folder: string, flags: PaperFlags): Promise<void> {
  using key = openKeyFile(flags.key ?? defaultKeyFile());
  using store = new SessionFiles(resolve(folder), {
    sync: flags.sync ? 'always' : 'never',
    segmentBytes: SEGMENT_BYTES,
  });
  using session = new Session(store, {
    configuration: configurationOf(flags),
    clock: systemClock(),
    key,
    name: flags.pair,
    snapshotEvery: SNAPSHOT_EVERY,
    clockToleranceMs: CLOCK_TOLERANCE_MS,
    now: ({ time }) => decisionTime(time, flags),
  });
  const { candles, receipts, redecided, caughtUp, snapshot } = session.recovery;
  if (candles > 0) {
    warn(
      `going on after ${String(candles)} candles and ${String(receipts)} decisions: ` +
        `${String(redecided)} decided again alike, ${String(caughtUp)} decided now, ` +
        `snapshot ${snapshot}`,
    );
  }
  for await (const line of createInterface({ input: stdin })) {
    if (line.trim() === '') continue;
    stdout.write(`${JSON.stringify(answerTo(line, session, flags))}\n`);
  }
  if (session.decisions > 0) session.checkpoint();
}

function configurationOf(flags: PaperFlags) {
  const { pair, interval: intervalMs } = flags;
  const settings = merged(configuredOverrides(flags.config), optionSettings(flags));
  const { path = 'quantum', periodsPerYear = YEAR_MS / intervalMs } = settings;
  return engineConfiguration({ pair, intervalMs, periodsPerYear, path }, settings);
}

function answerTo(line: string, session: Session, flags: PaperFlags): object {
  const candle = parseCandleLine(line);
  if (candle === undefined) return { verdict: 'invalid', code: 'NOT_A_CANDLE' };
  const { verdict, step } = session.push(candle, decisionTime(candle.time, flags));
  const { kind, ...rest } = verdict;
  return { time: candle.time, verdict: kind, ...rest, decision: decisionOf(step) };
}

function decisionTime(opened: number, { atClose, interval }: PaperFlags): number {
  return atClose === true ? opened + interval : Date.now();
}

/** The part of a receipt that a trader acts on; `null` while the window is not whole. */
function decisionOf(step: SessionAnswer['step']): object | null {
  if (step === undefined) return null;
  const { sequence, regime, verdict, outcome, trading, fills, equity } = step.receipt;
  return { sequence, regime, ...action(verdict), outcome, trading, fills, equity };
}

function action(verdict: DecisionReceipt['verdict']): object {
  return verdict === null ? {} : { action: verdict.action, confidence: verdict.confidence };
}
