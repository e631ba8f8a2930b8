import { createHash } from 'node:crypto';
import type { Database, Query } from './database.ts';
import { LATEST } from './session-store.ts';

export interface KeptSnapshot {
  readonly id: string;
  readonly sequence: number;
  readonly createdAt: number;
  readonly bytes: number;
}

/** The newest snapshot of every market at one moment, by the markets' keys. */
export interface KeptModel {
  readonly id: string;
  readonly createdAt: number;
  readonly markets: readonly { readonly market: number; readonly snapshot: string }[];
}

type SnapshotRow = [id: string, sequence: number, createdAt: number, bytes: number];
type ModelRow = [id: string, content: string, createdAt: number];

/** Snapshots kept per market; the oldest go first. */
const MOST_SNAPSHOTS = 200;

/** Snapshots that somebody asked for, and the models that they make together. */
export class SnapshotTable {
  readonly #database: Database;
  readonly #add: Query<[]>;
  readonly #list: Query<SnapshotRow>;
  readonly #bytes: Query<[bytes: Uint8Array]>;
  readonly #market: Query<[market: number]>;
  readonly #newest: Query<[market: number, id: string]>;
  readonly #prune: Query<[]>;
  readonly #addModel: Query<[]>;
  readonly #model: Query<ModelRow>;
  readonly #models: Query<ModelRow>;

  constructor(database: Database) {
    this.#database = database;
    this.#add = database.query('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)');
    this.#list = database.query(
      'SELECT id, sequence, created_at, length(bytes) FROM snapshots ' +
        `WHERE market = ? AND id <> '${LATEST}' ORDER BY sequence, created_at`,
    );
    this.#bytes = database.query('SELECT bytes FROM snapshots WHERE market = ? AND id = ?');
    this.#market = database.query('SELECT market FROM snapshots WHERE id = ?');
    this.#newest = database.query(
      `SELECT market, id FROM snapshots WHERE id <> '${LATEST}' ` +
        'ORDER BY market, sequence DESC, created_at DESC',
    );
    this.#prune = database.query(
      'DELETE FROM snapshots WHERE market = ?1 AND id IN (SELECT id FROM snapshots ' +
        `WHERE market = ?1 AND id <> '${LATEST}' ` +
        'ORDER BY sequence DESC, created_at DESC LIMIT -1 OFFSET ?2)',
    );
    this.#addModel = database.query(
      'INSERT OR REPLACE INTO models (id, content, created_at) VALUES (?, ?, ?)',
    );
    const columns = 'id, content, created_at';
    this.#model = database.query(`SELECT ${columns} FROM models WHERE id = ?`);
    this.#models = database.query(`SELECT ${columns} FROM models ORDER BY model DESC LIMIT ?`);
  }

  /** Keeps a market's snapshot, which makes a new model the latest. */
  keep(market: number, bytes: Uint8Array, sequence: number, now: number): KeptSnapshot {
    const id = idOf(bytes);
    return this.#database.transaction(() => {
      this.#add.run(market, id, sequence, now, bytes);
      this.#prune.run(market, MOST_SNAPSHOTS);
      const content = JSON.stringify(this.#newestOfAll());
      this.#addModel.run(idOf(Buffer.from(content)), content, now);
      return { id, sequence, createdAt: now, bytes: bytes.length };
    });
  }

  list(market: number): KeptSnapshot[] {
    return this.#list.all(market).map(([id, sequence, createdAt, bytes]) => {
      return { id, sequence, createdAt, bytes };
    });
  }

  bytes(market: number, id: string): Uint8Array | undefined {
    return this.#bytes.first(market, id)?.[0];
  }

  /** Key of the market that a snapshot is of. */
  marketOf(id: string): number | undefined {
    return this.#market.first(id)?.[0];
  }

  model(id: string): KeptModel | undefined {
    const row = this.#model.first(id);
    if (row !== undefined) return modelOf(row);
    return id === NOTHING_LEARNED.id ? NOTHING_LEARNED : undefined;
  }

  /** The latest models, the newest first; before any snapshot one that has learned nothing. */
  models(count: number): KeptModel[] {
    const kept = this.#models.all(count).map(modelOf);
    return kept.length > 0 ? kept : [NOTHING_LEARNED];
  }

  #newestOfAll(): KeptModel['markets'] {
    const newest = new Map<number, string>();
    for (const [market, id] of this.#newest.all()) {
      if (!newest.has(market)) newest.set(market, id);
    }
    return [...newest].map(([market, snapshot]) => ({ market, snapshot }));
  }
}

const NOTHING_LEARNED: KeptModel = { id: idOf(Buffer.from('[]')), createdAt: 0, markets: [] };

function modelOf([id, content, createdAt]: ModelRow): KeptModel {
  // Written by `keep`.
  return { id, createdAt, markets: JSON.parse(content) as KeptModel['markets'] };
}

function idOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
