import type { Database, Query } from './database.ts';

/** Which trades that were closed elsewhere have been counted, by market and id. */
export class OutcomeTable {
  readonly #find: Query<[content: string]>;
  readonly #add: Query<[]>;

  constructor(database: Database) {
    this.#find = database.query('SELECT content FROM outcomes WHERE market = ? AND id = ?');
    this.#add = database.query('INSERT INTO outcomes VALUES (?, ?, ?)');
  }

  find(market: number, id: string): string | undefined {
    return this.#find.first(market, id)?.[0];
  }

  add(market: number, id: string, content: string): void {
    this.#add.run(market, id, content);
  }
}
