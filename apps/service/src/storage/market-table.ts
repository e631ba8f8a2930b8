import type { EngineConfiguration } from '@sema/qar';
import type { Database, Query } from './database.ts';

/** What makes a market: everything that does not change while it lives. */
export interface MarketRecord {
  /** Its key in the other tables. */
  readonly market: number;
  readonly id: string;
  readonly createdAt: number;
  readonly settings: MarketSettings;
}

export interface MarketSettings {
  readonly decideAt: 'receipt' | 'close';
  readonly configuration: EngineConfiguration;
}

export class MarketTable {
  readonly #all: Query<[market: number, id: string, settings: string, createdAt: number]>;
  readonly #add: Query<[]>;

  constructor(database: Database) {
    this.#all = database.query(
      'SELECT market, id, settings, created_at FROM markets ORDER BY market',
    );
    this.#add = database.query('INSERT INTO markets (id, settings, created_at) VALUES (?, ?, ?)');
  }

  all(): MarketRecord[] {
    return this.#all.all().map(([market, id, settings, createdAt]) => ({
      market,
      id,
      createdAt,
      // Written by `add`, and the engine checks the configuration again.
      settings: JSON.parse(settings) as MarketSettings,
    }));
  }

  add(id: string, settings: MarketSettings, createdAt: number): MarketRecord {
    this.#add.run(id, JSON.stringify(settings), createdAt);
    const made = this.all().find((record) => record.id === id);
    if (made === undefined) throw new Error(`the market ${id} was not kept`);
    return made;
  }
}
