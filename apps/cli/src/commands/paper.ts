import { resolve } from 'node:path';
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import {
  engineConfiguration,
  PerformanceMonitor,
  Session,
  type DecisionReceipt,
  type SessionAnswer,
} from '@sema/qar';
import { SessionFiles } from '@sema/qar/session-files';
import { Command, Option } from 'commander';
import { parseCandleLine } from '../candle-line.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { parseInterval } from '../interval-text.ts';
import { openKeyFile } from '../key-file.ts';
import { parseAmount, parseCount } from '../option-values.ts';
import { warn } from '../output.ts';
import { systemClock } from '../system-clock.ts';
import { MACHINES, tickMemory } from '../tick-memory.ts';

interface PaperFlags extends OptionFlags {
  readonly pair: string;
  readonly interval: number;
  readonly config?: string;
  readonly key?: string;
  readonly atClose?: true;
  readonly sync: boolean;
  readonly memory?: string;
  readonly monitor?: number;
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

With --memory, an answer's \`memory\` says how well that machine's memory would have kept the
learner's state since the last decision, beside a bare qubit; the decision is on the exact weights.
With --monitor, standard error gets a line of JSON after so many decisions and at the end: times,
failures and the like, each beside its target, met or not, and a score.

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
    .addOption(
      new Option('--memory <machine>', 'report how a quantum memory keeps the weights').choices(
        Object.keys(MACHINES),
      ),
    )
    .option('--monitor <decisions>', 'after so many, report performance as JSON', parseCount)
    .addHelpText('after', ABOUT)
    .action(paper);
}

async function paper(folder: string, flags: PaperFlags): Promise<void> {
  using key = openKeyFile(flags.key ?? defaultKeyFile());
  using store = new SessionFiles(resolve(folder), {
    sync: flags.sync ? 'always' : 'never',
    segmentBytes: SEGMENT_BYTES,
  });
  const configuration = configurationOf(flags);
  const machine = flags.memory === undefined ? undefined : MACHINES[flags.memory];
  using session = new Session(store, {
    configuration,
    clock: systemClock(),
    key,
    name: flags.pair,
    snapshotEvery: SNAPSHOT_EVERY,
    clockToleranceMs: CLOCK_TOLERANCE_MS,
    now: ({ time }) => decisionTime(time, flags),
    ...(machine !== undefined && { memory: tickMemory(machine) }),
  });
  sayRecovery(session);
  const monitor = new PerformanceMonitor({
    intervalMs: configuration.intervalMs,
    live: flags.atClose !== true,
  });
  for await (const line of createInterface({ input: stdin })) {
    if (line.trim() === '') continue;
    const answer = await answerTo(line, { session, monitor, flags });
    stdout.write(`${JSON.stringify(answer)}\n`);
  }
  if (flags.monitor !== undefined) warn(JSON.stringify(monitor.report(session.circuitBuffer)));
  if (session.decisions > 0) session.checkpoint();
}

function sayRecovery({ recovery }: Session): void {
  const { candles, receipts, redecided, caughtUp, snapshot } = recovery;
  if (candles === 0) return;
  warn(
    `going on after ${String(candles)} candles and ${String(receipts)} decisions: ` +
      `${String(redecided)} decided again alike, ${String(caughtUp)} decided now, ` +
      `snapshot ${snapshot}`,
  );
}

function configurationOf(flags: PaperFlags) {
  const { pair, interval: intervalMs } = flags;
  const settings = merged(configuredOverrides(flags.config), optionSettings(flags));
  const { path = 'quantum', periodsPerYear = YEAR_MS / intervalMs } = settings;
  return engineConfiguration({ pair, intervalMs, periodsPerYear, path }, settings);
}

interface Paper {
  readonly session: Session;
  readonly monitor: PerformanceMonitor;
  readonly flags: PaperFlags;
}

async function answerTo(line: string, { session, monitor, flags }: Paper): Promise<object> {
  const candle = parseCandleLine(line);
  if (candle === undefined) return { verdict: 'invalid', code: 'NOT_A_CANDLE' };
  const now = decisionTime(candle.time, flags);
  const { verdict, step, memory } = await session.tick(candle, now);
  if (step !== undefined) {
    monitor.record(step, memory);
    if (flags.monitor !== undefined && session.decisions % flags.monitor === 0) {
      warn(JSON.stringify(monitor.report(session.circuitBuffer)));
    }
  }
  const { kind, ...rest } = verdict;
  return { time: candle.time, verdict: kind, ...rest, decision: decisionOf(step), memory };
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
