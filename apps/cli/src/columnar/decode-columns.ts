import { fork } from 'node:child_process';
import { execArgv } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { MarketColumn } from '@sema/qar';
import { CliError } from '../cli-error.ts';

/** What the decoding process is given. */
export interface ColumnarTask {
  readonly format: 'parquet' | 'arrow';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly maximumRows: number;
}

/** What it gives back: the columns, or what the decoder said. */
export type ColumnarAnswer =
  { readonly columns: readonly MarketColumn[] } | { readonly fault: string };

/** Time that a file of any size may take, and what each byte adds: a megabyte a second. */
const LEAST_MS = 60_000;
const MS_PER_BYTE = 1e-3;
const HEAP_MB = 3072;

/**
 * The columns of a Parquet or Arrow file. The decoders trust the counts in a file, so a damaged one
 * can make them fill the memory or run for hours; they run in a process of their own that is ended
 * at a limit of time and of memory.
 *
 * @param script - the built or the source form of `columnar-worker.ts`.
 * @param leastMs - the time that a file of any size may take.
 * @throws {CliError} `FILE_DAMAGED`
 */
export async function decodeColumns(
  path: string,
  task: ColumnarTask,
  script: URL,
  leastMs = LEAST_MS,
): Promise<readonly MarketColumn[]> {
  const answer = await answerOf(task, script, leastMs);
  if ('columns' in answer) return answer.columns;
  const kind = task.format === 'parquet' ? 'Parquet' : 'Arrow';
  throw new CliError(
    'FILE_DAMAGED',
    `${path} is no ${kind} file that can be read: ${answer.fault}`,
    'write the file again, or export it as CSV',
  );
}

async function answerOf(task: ColumnarTask, script: URL, leastMs: number): Promise<ColumnarAnswer> {
  const limitMs = leastMs + MS_PER_BYTE * task.bytes.byteLength;
  const decoder = fork(fileURLToPath(script), {
    serialization: 'advanced',
    execArgv: [...execArgv, `--max-old-space-size=${String(HEAP_MB)}`],
    // What it says when it runs out of memory is of no use to anybody.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const answer = new Promise<ColumnarAnswer>((resolve) => {
    const timer = setTimeout(() => {
      resolve({ fault: `decoding takes more than ${String(Math.round(limitMs / 1000))} s` });
    }, limitMs);
    const settle = (given: ColumnarAnswer): void => {
      clearTimeout(timer);
      resolve(given);
    };
    // Our own script sends nothing else.
    decoder.once('message', (given) => settle(given as ColumnarAnswer));
    decoder.once('error', (error) => settle({ fault: error.message }));
    decoder.once('exit', () => settle({ fault: 'the decoder ran out of memory' }));
  });
  // One that ends before it has read its task says so by its exit.
  decoder.send(task, () => undefined);
  try {
    return await answer;
  } finally {
    decoder.kill('SIGKILL');
  }
}
