import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { QarError } from '../errors.ts';
import type { Candle } from '../market-data/candle-fault.ts';
import type { SessionStore } from '../session.ts';
import { Appender } from './appender.ts';
import type { SyncPolicy } from './appender.ts';
import { Lock } from './lock.ts';
import { readLines } from './read-lines.ts';
import { Segments } from './segments.ts';

export interface SessionFilesOptions {
  readonly sync: SyncPolicy;
  /** From which size on a new journal segment is begun. */
  readonly segmentBytes: number;
}

const HEADER = 'time,open,high,low,close,volume';

/**
 * A session's folder: `candles.csv`, which any tool reads; the journal's segments
 * `journal/000000.jsonl` …; `snapshot.bin`; and `lock` while a process has it open.
 *
 * Opening it after a crash drops the half of a line that the crash may have left at the end of the
 * candles or the journal: nobody was told of it.
 */
export class SessionFiles implements SessionStore, Disposable {
  readonly #folder: string;
  readonly #lock: Lock;
  readonly #candles: Appender;
  readonly #journal: Segments;

  /** @throws {QarError} `SESSION_IN_USE`, `BAD_JOURNAL`; errors of the file system as they come. */
  constructor(folder: string, options: SessionFilesOptions) {
    if (!(options.segmentBytes >= 1)) {
      throw new QarError('BAD_CONFIGURATION', `segmentBytes ${options.segmentBytes} is below 1`);
    }
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#lock = new Lock(join(folder, 'lock'));
    this.#candles = new Appender(this.#candleFile, options.sync);
    if (this.#candles.bytes === 0) this.#candles.append(HEADER);
    this.#journal = new Segments(folder, options.segmentBytes, options.sync);
  }

  *candles(): Generator<Candle, void> {
    let line = 0;
    for (const text of readLines(this.#candleFile)) {
      line++;
      if (line === 1 && text === HEADER) continue;
      const [time, open, high, low, close, volume] = text.split(',').map(Number);
      if (line === 1 || volume === undefined) {
        throw new QarError('BAD_JOURNAL', `${this.#candleFile}:${line} is not a kept candle`);
      }
      yield { time, open, high, low, close, volume };
    }
  }

  journal(): Iterable<string> {
    return this.#journal.lines();
  }

  snapshot(): Uint8Array | undefined {
    try {
      return readFileSync(this.#snapshotFile);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  appendCandle({ time, open, high, low, close, volume }: Candle): void {
    // The shortest text of a double reads back as the same double.
    this.#candles.append([time, open, high, low, close, volume].join(','));
  }

  appendLine(line: string): void {
    this.#journal.append(line);
  }

  writeSnapshot(bytes: Uint8Array): void {
    const partial = `${this.#snapshotFile}.partial`;
    writeFileSync(partial, bytes);
    const descriptor = openSync(partial, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, this.#snapshotFile);
  }

  [Symbol.dispose](): void {
    this.#candles[Symbol.dispose]();
    this.#journal[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
  }

  get #candleFile(): string {
    return join(this.#folder, 'candles.csv');
  }

  get #snapshotFile(): string {
    return join(this.#folder, 'snapshot.bin');
  }
}
