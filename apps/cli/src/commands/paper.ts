import { resolve } from 'node:path';
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import {
  engineConfiguration,
  PerformanceMonitor,
  Session,
  type Candle,
  type DecisionReceipt,
  type TickAnswer,
} from '@sema/qar';
import { SessionFiles } from '@sema/qar/session-files';
import { Command, Option } from 'commander';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { parseInterval } from '../interval-text.ts';
import { openKeyFile } from '../key-file.ts';
import { parseAmount, parseCount } from '../option-values.ts';
import { warn } from '../output.ts';
import { candleFeed, TradeFeed, type Feed } from '../paper/feed.ts';
import { runLive, type LivePaper, type PaperReport } from '../paper/live-paper.ts';
import { systemClock } from '../system-clock.ts';
import { MACHINES, tickMemory } from '../tick-memory.ts';

interface PaperFlags extends OptionFlags {
  readonly pair: string;
  readonly interval: number;
  readonly config?: string;
  readonly key?: string;
  readonly trades?: true;
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
  $ my-trades | sema paper runs/btc --pair BTC/USDT --interval 1m --trades
  $ sema verify runs/btc
  $ sema replay runs/btc runs/btc/candles.csv

With --trades a line is one trade: [ms, price, quantity, id] or an object with time, price, quantity
and id, the id optional, or ccxt's timestamp and amount. A candle closes with the first trade of a
later one or half a second after its end and is answered then; so is each trade that is not taken.
The first candle is left out as \`partial\`: what was traded of it before the start is unknown.

Candles are taken, analysed and planned for in rhythms of 25, 50, 167 and 500 ms, which change when
something is done and nothing of what is decided. With --at-close there is no time to keep, and each
candle is decided as it is read.

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
    .option('--trades', 'lines are trades, and candles are made of them')
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
    snapshotEvery: flags.atClose === true ? SNAPSHOT_EVERY : Infinity,
    clockToleranceMs: CLOCK_TOLERANCE_MS,
    now: ({ time }) => decisionTime(time, flags),
    ...(machine !== undefined && { memory: tickMemory(machine) }),
  });
  sayRecovery(session);
  const { intervalMs } = configuration;
  const monitor = new PerformanceMonitor({ intervalMs, live: flags.atClose !== true });
  const feed =
    flags.trades === true
      ? new TradeFeed({ intervalMs, clockToleranceMs: CLOCK_TOLERANCE_MS })
      : candleFeed;
  const lines = createInterface({ input: stdin });
  if (flags.atClose === true) await runRecorded(lines, { session, monitor, feed, flags });
  else await runLive(lines, livePaper({ session, monitor, feed, flags }));
}

/** Each candle is decided as it is read: a recording keeps no time. */
async function runRecorded(lines: AsyncIterable<string>, paper: Paper): Promise<void> {
  const { session, monitor, feed, flags } = paper;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    for (const item of feed.take(line, Infinity)) {
      say('candle' in item ? await answerTo(item.candle, paper) : item.answer);
    }
  }
  if (flags.monitor !== undefined) warn(JSON.stringify(monitor.report(session.circuitBuffer)));
  if (session.decisions > 0) session.checkpoint();
}

function livePaper({ session, monitor, feed, flags }: Paper): LivePaper {
  let reported = session.decisions;
  const every = flags.monitor ?? Infinity;
  const planned = (live: PaperReport, atEnd: boolean): void => {
    const isDue = atEnd ? every < Infinity : session.decisions - reported >= every;
    if (!isDue) return;
    reported = session.decisions;
    warn(JSON.stringify({ ...monitor.report(session.circuitBuffer), live }));
  };
  return {
    session,
    monitor,
    feed,
    snapshotEvery: SNAPSHOT_EVERY,
    answer: (given) => say(answerOf(given.candle, given)),
    say,
    planned,
  };
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
  readonly feed: Feed;
  readonly flags: PaperFlags;
}

async function answerTo(candle: Candle, { session, monitor, flags }: Paper): Promise<object> {
  const answer = await session.tick(candle, decisionTime(candle.time, flags));
  if (answer.step !== undefined) {
    monitor.record(answer.step, answer.memory);
    if (flags.monitor !== undefined && session.decisions % flags.monitor === 0) {
      warn(JSON.stringify(monitor.report(session.circuitBuffer)));
    }
  }
  return answerOf(candle, answer);
}

function answerOf({ time }: Candle, { verdict, step, memory }: TickAnswer): object {
  const { kind, ...rest } = verdict;
  return { time, verdict: kind, ...rest, decision: decisionOf(step), memory };
}

function say(answer: object): void {
  stdout.write(`${JSON.stringify(answer)}\n`);
}

function decisionTime(opened: number, { atClose, interval }: PaperFlags): number {
  return atClose === true ? opened + interval : Date.now();
}

/** The part of a receipt that a trader acts on; `null` while the window is not whole. */
function decisionOf(step: TickAnswer['step']): object | null {
  if (step === undefined) return null;
  const { sequence, regime, verdict, outcome, trading, fills, equity } = step.receipt;
  return { sequence, regime, ...action(verdict), outcome, trading, fills, equity };
}

function action(verdict: DecisionReceipt['verdict']): object {
  return verdict === null ? {} : { action: verdict.action, confidence: verdict.confidence };
}
