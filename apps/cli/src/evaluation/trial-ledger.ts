import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { monadHash } from '@sema/synthesis-crypto';
import { CliError, notWritable } from '../cli-error.ts';
import { readLines } from '../read-blocks.ts';

/** One setting that was once tried on some data, whatever came of it. */
export interface Trial {
  /** SHA-256 of the candle file. */
  readonly data: string;
  /** Rows [from, to) of the periods it was judged on. */
  readonly from: number;
  readonly to: number;
  /** Hash of the settings. */
  readonly configuration: string;
  /** What was changed, in words. */
  readonly title: string;
  /** Sharpe ratio per period, null where the returns did not vary. */
  readonly sharpe: number | null;
  /** When, ISO 8601. */
  readonly at: string;
}

/** How many settings were ever tried on some data, and how their Sharpe ratios spread. */
export interface TrialCount {
  readonly trials: number;
  /** Per period; 0 with fewer than two that varied. */
  readonly variance: number;
}

const FIRST = '0'.repeat(64);
/** Some hundred megabytes. */
const MOST_TRIALS = 1_000_000;

/**
 * The file that remembers every trial ever made: JSON lines, each with the hash of itself and the
 * line before it, so that none can be taken out unseen. Lines are only ever added.
 */
export class TrialLedger {
  readonly #path: string;
  readonly #trials: Trial[] = [];
  readonly #known = new Set<string>();
  #last = FIRST;

  /** @throws {CliError} `FILE_NOT_READABLE`, `LEDGER_DAMAGED` */
  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    let line = 0;
    for (const text of readLines(path)) {
      line++;
      const entry = parseEntry(text);
      if (line > MOST_TRIALS || entry === undefined || hashOf(this.#last, entry) !== entry.hash) {
        throw damaged(path, line);
      }
      this.#keep(entry);
      this.#last = entry.hash;
    }
  }

  /** Trials made on that data, the same settings over the same span counted once. */
  on(data: string): readonly Trial[] {
    return this.#trials.filter((trial) => trial.data === data);
  }

  find(data: string, from: number, to: number, configuration: string): Trial | undefined {
    return this.on(data).find(
      (trial) => trial.from === from && trial.to === to && trial.configuration === configuration,
    );
  }

  /**
   * Writes a trial down, unless it was made before: the same settings give the same result again.
   *
   * @throws {CliError} `NOT_WRITABLE`
   */
  add(trial: Trial): void {
    if (this.#known.has(identity(trial))) return;
    const { data, from, to, configuration, title, sharpe, at } = trial;
    const entry = { data, from, to, configuration, title, sharpe, at };
    const hash = hashOf(this.#last, entry);
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      appendFileSync(this.#path, `${JSON.stringify({ ...entry, hash })}\n`);
    } catch (error) {
      throw notWritable(this.#path, error);
    }
    this.#keep(entry);
    this.#last = hash;
  }

  /** What a Sharpe ratio found on that data has to be deflated by. */
  count(data: string): TrialCount {
    const trials = this.on(data);
    const sharpes = trials.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe]));
    return { trials: Math.max(1, trials.length), variance: varianceOf(sharpes) };
  }

  #keep(trial: Trial): void {
    if (this.#known.has(identity(trial))) return;
    this.#known.add(identity(trial));
    this.#trials.push(trial);
  }
}

function identity({ data, from, to, configuration }: Trial): string {
  return [data, from, to, configuration].join();
}

function hashOf(previous: string, trial: Trial): string {
  const { data, from, to, configuration, title, sharpe, at } = trial;
  const body = { previous, data, from, to, configuration, title, sharpe, at };
  return monadHash('sema/trial/v1', body);
}

function parseEntry(text: string): (Trial & { readonly hash: string }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is Trial & { readonly hash: string } {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['data', 'configuration', 'title', 'at', 'hash'];
  const sharpe = fields.get('sharpe');
  return (
    texts.every((name) => typeof fields.get(name) === 'string') &&
    ['from', 'to'].every((name) => Number.isSafeInteger(fields.get(name))) &&
    (sharpe === null || Number.isFinite(sharpe))
  );
}

function damaged(path: string, line: number): CliError {
  const what = `${path}:${String(line)} is not what was written there`;
  const next = 'restore the file from a copy: without it a search cannot be judged';
  return new CliError('LEDGER_DAMAGED', what, next);
}

function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return squares / (values.length - 1);
}
