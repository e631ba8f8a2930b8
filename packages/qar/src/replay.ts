import type { Clock } from '@sema/timing-buffer';
import { checkConfiguration } from './configuration.ts';
import { Engine } from './engine.ts';
import { QarError } from './errors.ts';
import { parseLine } from './journal.ts';
import type { Candles } from './market-data/candles.ts';
import type { DecisionReceipt, JournalHeader } from './receipt.ts';
import { applyIntervention } from './risk/intervention.ts';

export interface ReplayDifference {
  /** 1-based line of the journal. */
  readonly line: number;
  readonly sequence: number;
  /** The receipt's field, such as `verdict` or `equity`. */
  readonly field: string;
  /** Both values as JSON. */
  readonly recorded: string;
  readonly replayed: string;
}

export interface ReplayResult {
  readonly decisions: number;
  readonly differenceCount: number;
  /** The first hundred. */
  readonly differences: readonly ReplayDifference[];
}

export interface ReplayOptions {
  readonly clock: Clock;
  /** Snapshot of the frozen model, for the journal of a run by one. */
  readonly frozen?: Uint8Array;
}

const MOST_DIFFERENCES = 100;

/**
 * Decides everything anew from the candles and the journal's own configuration, and compares each
 * receipt field by field. What is not a function of the candles, the decision's time and the path
 * taken, is taken from the receipt.
 *
 * @throws {QarError} `BAD_JOURNAL` when a line has no usable form or names a candle that is not
 *   there, or a frozen model other than the one given; `BAD_CONFIGURATION`, `BAD_SNAPSHOT`.
 *   Whether the journal is authentic is for `verifyJournal` to say.
 */
export function replayJournal(
  lines: Iterable<string>,
  candles: Candles,
  options: ReplayOptions,
): ReplayResult {
  const differences: ReplayDifference[] = [];
  let engine: Engine | undefined;
  let differenceCount = 0;
  let line = 0;
  try {
    for (const text of lines) {
      const parsed = parseLine(text);
      line++;
      if (typeof parsed === 'string') throw bad(line, parsed);
      if (engine === undefined) {
        engine = openEngine(parsed.body.kind === 'header' ? parsed.body : undefined, options);
      } else if (parsed.body.kind === 'intervention') {
        applyIntervention(engine, parsed.body.intervention, parsed.body.equity);
      } else if (parsed.body.kind === 'decision') {
        const found = compare(parsed.body, redecide(engine, parsed.body, candles, line), line);
        differenceCount += found.length;
        differences.push(...found.slice(0, MOST_DIFFERENCES - differences.length));
      }
    }
    if (engine === undefined) throw bad(0, 'the journal is empty');
    return { decisions: engine.sequence, differenceCount, differences };
  } finally {
    engine?.[Symbol.dispose]();
  }
}

function openEngine(header: JournalHeader | undefined, { clock, frozen }: ReplayOptions): Engine {
  if (header === undefined) throw bad(1, 'the first line is not a header');
  const { configuration, frozenModel } = header;
  checkConfiguration(configuration);
  if ((frozenModel === undefined) !== (frozen === undefined)) {
    throw bad(1, frozenModel === undefined ? 'its model learns' : `it needs model ${frozenModel}`);
  }
  const engine = new Engine(configuration, { clock, ...(frozen !== undefined && { frozen }) });
  if (frozen === undefined || engine.model === frozenModel) return engine;
  const { model } = engine;
  engine[Symbol.dispose]();
  throw bad(1, `model ${model} was given; it needs ${String(frozenModel)}`);
}

function redecide(
  engine: Engine,
  recorded: DecisionReceipt,
  candles: Candles,
  line: number,
): DecisionReceipt {
  const first = engine.configuration.windowCandles - 1;
  const index = candles.time.indexOf(recorded.time, first + engine.sequence);
  if (index < 0) throw bad(line, `no candle at ${String(recorded.time)}`);
  const { path, fallback, decidedAt: now } = recorded;
  return engine.step(candles, index, { now, choice: { path, fallback } }).receipt;
}

function compare(
  recorded: DecisionReceipt,
  replayed: DecisionReceipt,
  line: number,
): ReplayDifference[] {
  const fields = new Set([...Object.keys(recorded), ...Object.keys(replayed)]);
  const differences: ReplayDifference[] = [];
  for (const field of fields) {
    // Both are receipts, so any key of either may be asked of both.
    const key = field as keyof DecisionReceipt;
    const before = JSON.stringify(recorded[key]) ?? 'undefined';
    const after = JSON.stringify(replayed[key]) ?? 'undefined';
    if (before === after) continue;
    const { sequence } = replayed;
    differences.push({ line, sequence, field, recorded: before, replayed: after });
  }
  return differences;
}

function bad(line: number, reason: string): QarError {
  return new QarError('BAD_JOURNAL', `line ${line}: ${reason}`);
}
