import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Candles } from '@sema/qar';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const MAIN = [
  '--import',
  'tsx',
  '--conditions=@sema/source',
  fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url)),
];

/** Where a `sema` keeps its things, and the broker it works through, if any. */
export interface SemaPlace {
  readonly home: string;
  readonly broker?: string;
}

export interface TimedRun {
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs `sema` to its end, from its sources. */
export async function timedSema(place: SemaPlace, ...args: string[]): Promise<TimedRun> {
  const started = performance.now();
  const child = startSema(place, ...args);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`sema ${args.join(' ')}: ${stderr}`);
  return { seconds: (performance.now() - started) / 1000, stdout };
}

/** Starts `sema` and waits for its first line. */
export async function startedSema(place: SemaPlace, ...args: string[]) {
  const child = startSema(place, ...args);
  child.stderr?.resume();
  if (child.stdout === null) throw new Error('sema has no output');
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Writes candles as a file that `sema` reads. */
export function writeCandles(folder: string, name: string, candles: Candles): string {
  const { time, open, high, low, close, volume, length } = candles;
  const rows = Array.from({ length }, (_, i) =>
    [time[i], open[i], high[i], low[i], close[i], volume[i]].join(','),
  );
  const path = join(folder, name);
  writeFileSync(path, `time,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return path;
}

function startSema({ home, broker }: SemaPlace, ...args: string[]): ChildProcess {
  const { SEMA_NATS_URL: _, ...inherited } = process.env;
  const named = broker === undefined ? {} : { SEMA_NATS_URL: broker };
  const env = { ...inherited, ...named, SEMA_HOME: home };
  return spawn(process.execPath, [...MAIN, ...args], { cwd: ROOT, env });
}
