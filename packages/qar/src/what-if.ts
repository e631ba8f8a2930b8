import type { Clock } from '@sema/timing-buffer';
import { checkConfiguration } from './configuration.ts';
import type { EngineConfiguration } from './configuration.ts';
import type { PathChoice } from './decide.ts';
import { Engine } from './engine.ts';
import { QarError } from './errors.ts';
import { parseLine } from './journal.ts';
import type { Candles } from './market-data/candles.ts';
import type { DecisionReceipt } from './receipt.ts';
import { applyIntervention } from './risk/intervention.ts';

/** What of two decisions is compared. */
export const WHAT_IF_FIELDS = ['action', 'outcome', 'denial', 'trading', 'path'] as const;
export type WhatIfField = (typeof WHAT_IF_FIELDS)[number];

export interface WhatIfDifference {
  readonly sequence: number;
  /** Open time of the newest candle, ms since the Unix epoch. */
  readonly time: number;
  readonly field: WhatIfField;
  readonly recorded: string;
  readonly changed: string;
}

export interface WhatIfResult {
  /** Receipts compared. */
  readonly decisions: number;
  /** Receipts before the first whole window under the changed settings; they are not compared. */
  readonly skipped: number;
  /** Compared decisions with any difference. */
  readonly different: number;
  /** Compared decisions that differ in each field. */
  readonly counts: Readonly<Record<WhatIfField, number>>;
  /** The first of them, as many as were asked for. */
  readonly differences: readonly WhatIfDifference[];
  /** Equity at the close of the last compared candle, each run from its own start. */
  readonly equity: { readonly recorded: number; readonly changed: number };
}

export interface WhatIfOptions {
  readonly clock: Clock;
  /** Differences to list. */
  readonly most: number;
  /** The settings to decide under, made of those the journal was written under. */
  readonly change: (recorded: EngineConfiguration) => EngineConfiguration;
}

/**
 * Makes every decision of a journal anew under other settings, at the times of its receipts, and
 * says what would have been otherwise. Where the circuits failed then, they fail now too, so that
 * what differs is due to the settings.
 *
 * @throws {QarError} `BAD_JOURNAL` as of `replayJournal`, also for one without a decision that can
 *   be compared; `BAD_CONFIGURATION`, also for settings of another market.
 */
export function whatIf(
  lines: Iterable<string>,
  candles: Candles,
  options: WhatIfOptions,
): WhatIfResult {
  const comparison = new Comparison(options.most);
  let engine: Engine | undefined;
  let recorded: EngineConfiguration | undefined;
  let line = 0;
  try {
    for (const text of lines) {
      line++;
      const parsed = parseLine(text);
      if (typeof parsed === 'string') throw bad(line, parsed);
      const { body } = parsed;
      if (engine === undefined || recorded === undefined) {
        if (body.kind !== 'header') throw bad(line, 'the first line is not a header');
        if (body.frozenModel !== undefined) throw bad(line, 'a frozen model decided');
        recorded = body.configuration;
        checkConfiguration(recorded);
        const changed = options.change(recorded);
        checkSameMarket(recorded, changed);
        engine = new Engine(changed, options);
      } else if (body.kind === 'intervention') {
        applyIntervention(engine.gate, body.intervention, body.equity);
      } else if (body.kind === 'decision') {
        comparison.add(body, decideAnew(engine, body, recorded, candles, line));
      }
    }
    return comparison.result();
  } finally {
    engine?.[Symbol.dispose]();
  }
}

/** The decision under the engine's settings; `undefined` where its window is not whole. */
function decideAnew(
  engine: Engine,
  receipt: DecisionReceipt,
  recorded: EngineConfiguration,
  candles: Candles,
  line: number,
): DecisionReceipt | undefined {
  const index = candles.time.indexOf(receipt.time, recorded.windowCandles - 1 + receipt.sequence);
  if (index < 0) throw bad(line, `no candle at ${String(receipt.time)}`);
  if (index < engine.configuration.windowCandles - 1) return undefined;
  const choice = choiceOf(receipt, recorded, engine.configuration);
  return engine.step(candles, index, { now: receipt.decidedAt, choice }).receipt;
}

/** What failed then fails now, unless the settings ask for another path. */
function choiceOf(
  { path, fallback }: DecisionReceipt,
  recorded: EngineConfiguration,
  changed: EngineConfiguration,
): PathChoice {
  if (recorded.path === changed.path) return { path, fallback };
  return { path: changed.path, fallback: null };
}

function checkSameMarket(recorded: EngineConfiguration, changed: EngineConfiguration): void {
  for (const setting of ['pair', 'intervalMs', 'periodsPerYear'] as const) {
    if (recorded[setting] === changed[setting]) continue;
    throw new QarError(
      'BAD_CONFIGURATION',
      `${setting} is ${changed[setting]}; the journal is of ${recorded[setting]}`,
    );
  }
}

class Comparison {
  readonly #most: number;
  readonly #differences: WhatIfDifference[] = [];
  readonly #counts = { action: 0, outcome: 0, denial: 0, trading: 0, path: 0 };
  #decisions = 0;
  #skipped = 0;
  #different = 0;
  #equity: WhatIfResult['equity'] | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  add(recorded: DecisionReceipt, changed: DecisionReceipt | undefined): void {
    if (changed === undefined) {
      this.#skipped++;
      return;
    }
    this.#decisions++;
    this.#equity = { recorded: recorded.equity, changed: changed.equity };
    const { sequence, time } = recorded;
    const [before, after] = [summary(recorded), summary(changed)];
    const fields = WHAT_IF_FIELDS.filter((field) => before[field] !== after[field]);
    if (fields.length > 0) this.#different++;
    for (const field of fields) {
      this.#counts[field]++;
      if (this.#differences.length >= this.#most) continue;
      const values = { recorded: before[field], changed: after[field] };
      this.#differences.push({ sequence, time, field, ...values });
    }
  }

  result(): WhatIfResult {
    if (this.#equity === undefined) {
      throw new QarError('BAD_JOURNAL', 'the journal has no decision that can be compared');
    }
    return {
      decisions: this.#decisions,
      skipped: this.#skipped,
      different: this.#different,
      counts: { ...this.#counts },
      differences: this.#differences,
      equity: this.#equity,
    };
  }
}

function summary(receipt: DecisionReceipt): Record<WhatIfField, string> {
  const { verdict, outcome, trading, path } = receipt;
  return {
    action: verdict === null ? 'none' : verdict.action,
    outcome: outcome.kind,
    denial: denialOf(outcome) ?? 'none',
    trading,
    path,
  };
}

function denialOf(outcome: DecisionReceipt['outcome']): string | null {
  if (outcome.kind === 'denied') return outcome.reason;
  return outcome.kind === 'order' ? outcome.denied : null;
}

function bad(line: number, reason: string): QarError {
  return new QarError('BAD_JOURNAL', `line ${line}: ${reason}`);
}
