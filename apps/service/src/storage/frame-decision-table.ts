import type { FrameSignal, TradedDecision } from '@sema/qar';
import type { Database, Query } from './database.ts';

type DecisionRow = [side: 1 | -1, evidence: number, regime: TradedDecision['regime']];

/** Decisions kept; the oldest go first. */
const MOST_DECISIONS = 100_000;

/**
 * What the last rows of frames decided to enter: what a bot that trades on them may later name as
 * the decision of a trade.
 */
export class FrameDecisionTable {
  readonly #database: Database;
  readonly #add: Query<[]>;
  readonly #find: Query<DecisionRow>;
  readonly #prune: Query<[]>;

  constructor(database: Database) {
    this.#database = database;
    this.#add = database.query(
      'INSERT OR IGNORE INTO frame_decisions (market, id, side, evidence, regime) ' +
        'VALUES (?, ?, ?, ?, ?)',
    );
    this.#find = database.query(
      'SELECT side, evidence, regime FROM frame_decisions WHERE market = ? AND id = ?',
    );
    this.#prune = database.query(
      'DELETE FROM frame_decisions WHERE entry <= (SELECT max(entry) FROM frame_decisions) - ?',
    );
  }

  /** Keeps a signal of a market's model, if it is one to enter. */
  keep(market: number, { id, action, evidence, regime }: FrameSignal): void {
    if (action === null || action === 'flat' || evidence === null || regime === null) return;
    this.#database.transaction(() => {
      this.#add.run(market, id, action === 'long' ? 1 : -1, evidence, regime);
      this.#prune.run(MOST_DECISIONS);
    });
  }

  find(market: number, id: string): TradedDecision | undefined {
    const row = this.#find.first(market, id);
    if (row === undefined) return undefined;
    const [side, evidence, regime] = row;
    return { id, side, evidence, regime };
  }
}
