import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Appender } from './appender.ts';
import type { SyncPolicy } from './appender.ts';
import { readLines } from './read-lines.ts';

const NAME = /^\d{6}\.jsonl$/;

/** Paths of a journal's segments in their order; none where the folder holds no session. */
export function journalSegments(folder: string): string[] {
  const journal = join(folder, 'journal');
  let names: string[];
  try {
    names = readdirSync(journal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(journal, name));
}

/** A journal in files of bounded size, of which only the last is ever written to. */
export class Segments implements Disposable {
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #sync: SyncPolicy;
  #index: number;
  #last: Appender;

  constructor(folder: string, mostBytes: number, sync: SyncPolicy) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#sync = sync;
    mkdirSync(join(folder, 'journal'), { recursive: true });
    this.#index = Math.max(0, journalSegments(folder).length - 1);
    this.#last = this.#open();
  }

  *lines(): Generator<string, void> {
    for (const path of journalSegments(this.#folder)) yield* readLines(path);
  }

  append(line: string): void {
    if (this.#last.bytes >= this.#mostBytes) {
      this.#last[Symbol.dispose]();
      this.#index++;
      this.#last = this.#open();
    }
    this.#last.append(line);
  }

  [Symbol.dispose](): void {
    this.#last[Symbol.dispose]();
  }

  #open(): Appender {
    const name = `${String(this.#index).padStart(6, '0')}.jsonl`;
    return new Appender(join(this.#folder, 'journal', name), this.#sync);
  }
}
