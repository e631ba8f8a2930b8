import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import { MINUTE_MS, recordingOf } from './recording.ts';
import type { Recording } from './recording.ts';
import { asksForEntry, asksForExit, replayStarts } from './replay-start.ts';
import { partOf, SemaService } from './sema-service.ts';

export const PAIR = 'BTC/USDT';

/** A market that decides often, so that something is to be seen. Nobody should trade so. */
export const DEMO_MARKET = {
  id: 'btc-usdt-1m',
  pair: PAIR,
  intervalMs: MINUTE_MS,
  decideAt: 'close',
  settings: {
    selectionMode: 'aggressive',
    risk: { minimumConfidence: 0, minimumVotes: 1, crisisVolatility: 1 },
  },
} as const;

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const SEMA = ['--import', 'tsx', '--conditions=@sema/source', 'apps/cli/src/main.ts'];
/** Candles the model learns from, then those among which a start is looked for. */
const LEARNED = 4000;
const LOOKED_AT = 12_000;
/** Candles before a decision that hold its window. */
const MOST_WINDOW = 300;
/** How many starts are looked at closely. */
const MOST_STARTS = 20;

/** Where and with what a demonstration plays. */
export interface Stage {
  readonly recording: Recording;
  readonly service: SemaService;
  readonly serviceProcess: Child;
  /** For the strategy, with no more rights than it needs. */
  readonly token: string;
  /** Id of the snapshot that decides. */
  readonly model: string;
}

export interface StageOptions {
  /** Everything is written there. */
  readonly folder: string;
  readonly dataFolder: string;
  readonly candles?: string | undefined;
  readonly say: (line: string) => void;
  /** Takes what has to be stopped at the end, at once when it is started. */
  readonly started: (child: Child) => void;
}

/** Starts a program of the CLI from the source. */
export function startSema(args: readonly string[], logFile: string): Child {
  return new Child(process.execPath, [...SEMA, ...args], { logFile, folder: ROOT });
}

/** `sema serve` over a data folder, on any free port unless told. */
export function startService(folder: string, port = 0): Child {
  const data = ['--data', join(folder, 'service')];
  const flags = ['--json', '--quiet', '--log-level', 'warn', '--port', String(port)];
  return startSema(['serve', ...data, ...flags], join(folder, 'service.log'));
}

/**
 * `sema exchange` over the recording, with candle `index` open now. Gives its address and what it
 * printed.
 */
export async function startExchange(
  { recording }: Pick<Stage, 'recording'>,
  index: number,
  { folder, started }: Pick<StageOptions, 'folder' | 'started'>,
): Promise<{ readonly url: string; readonly line: string; readonly process: Child }> {
  const from = new Date(recording.candles.time[index]).toISOString();
  const market = ['--pair', PAIR, '--interval', '1m', '--from', from, '--port', '0'];
  const args = ['exchange', recording.file, ...market];
  const process = startSema(args, join(folder, 'exchange.log'));
  started(process);
  // It prints where it is in one line of JSON.
  const { url } = (await process.ready()) as { url: string };
  return { url, line: process.said, process };
}

/** What the exchange adds to the times of the recording, ms. */
export async function offsetOf(
  exchange: { readonly url: string },
  { recording }: Pick<Stage, 'recording'>,
): Promise<number> {
  const asked = `${exchange.url}/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=0`;
  // As Binance answers: rows that begin with their open time.
  const [[first]] = (await (await fetch(asked)).json()) as number[][];
  return first - recording.candles.time[0];
}

/** Starts the service, and has a market learn from the recording. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { folder, dataFolder, candles, say, started } = options;
  const recording = recordingOf(candles, dataFolder, folder);
  const rows = recording.candles.length;
  say(`candles: ${recording.file} (${recording.origin}, ${String(rows)} of one minute)`);
  if (rows < 2 * LEARNED) throw new Error(`at least ${String(2 * LEARNED)} candles are needed`);
  const serviceProcess = startService(folder);
  started(serviceProcess);
  // `sema serve --json` prints this; a folder that is new has its first token.
  const { url, token } = (await serviceProcess.ready()) as { url: string; token: string };
  const service = new SemaService(url, token);
  say(`service: ${url}; learning from the first ${String(LEARNED)} candles`);
  const model = await service.trainedSnapshot(DEMO_MARKET, partOf(recording.candles, 0, LEARNED));
  return { recording, service, serviceProcess, token: await service.strategyToken(), model };
}

export interface StartOptions {
  /** Decisions in a row that are to ask for an entry. */
  readonly entries: number;
  /** Decisions before them, made when the replay starts or later, that ask for none. */
  readonly quiet: number;
}

/**
 * The candle to have open at the start of a replay: the decisions from the one before it on are
 * as many quiet ones and entries as asked for, and an exit follows as soon as the recording allows.
 */
export async function chooseStart(
  { recording, service, model }: Pick<Stage, 'recording' | 'service' | 'model'>,
  { entries, quiet }: StartOptions,
): Promise<{ readonly index: number; readonly minutesToExit: number }> {
  const { candles } = recording;
  const question = { pair: PAIR, interval: '1m', model };
  const until = Math.min(candles.length, LEARNED + LOOKED_AT);
  const seen = await service.signals(question, partOf(candles, LEARNED, until));
  for (const found of replayStarts(seen, entries).slice(0, MOST_STARTS)) {
    const first = LEARNED + (quiet > 0 ? found.firstEntry : found.lastEntry - entries + 1);
    const index = first - quiet + 1;
    // A decision may depend on the time of day, and the replay moves it.
    const offsetMs = (Math.floor(Date.now() / MINUTE_MS) + 1) * MINUTE_MS - candles.time[index];
    const from = first - MOST_WINDOW;
    const part = partOf(candles, from, LEARNED + found.exit + 1);
    const moved = await service.signals(question, part, offsetMs);
    const rows = Array.from({ length: quiet + entries }, (_, row) => index - 1 - from + row);
    const isAsWanted = rows.every((row, at) => asksForEntry(moved, row) === at >= quiet);
    if (isAsWanted && asksForExit(moved, part.length - 1)) {
      return { index, minutesToExit: LEARNED + found.exit - index + 1 };
    }
  }
  throw new Error('no place in the recording has entries and an exit close together');
}
