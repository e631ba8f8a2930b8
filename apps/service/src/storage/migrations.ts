/**
 * Each entry takes the database from one version to the next; the version is `user_version`.
 * Entries are never changed once released, only added to.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE markets (
    market INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL
  );
  CREATE TABLE candles (
    market INTEGER NOT NULL, time REAL NOT NULL,
    open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL,
    volume REAL NOT NULL,
    PRIMARY KEY (market, time)
  ) WITHOUT ROWID;
  CREATE TABLE journal (
    market INTEGER NOT NULL, position INTEGER NOT NULL, line TEXT NOT NULL,
    PRIMARY KEY (market, position)
  );
  CREATE TABLE history (
    market INTEGER NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
    time REAL NOT NULL, equity REAL NOT NULL, exposure REAL NOT NULL,
    trading TEXT NOT NULL, regime TEXT, weights BLOB NOT NULL,
    PRIMARY KEY (market, sequence)
  ) WITHOUT ROWID;
  CREATE TABLE snapshots (
    market INTEGER NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL,
    created_at INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (market, id)
  );
  CREATE TABLE models (
    model INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, content TEXT NOT NULL, created_at INTEGER NOT NULL
  );
  CREATE TABLE feeds (
    market INTEGER PRIMARY KEY, exchange TEXT NOT NULL, symbol TEXT NOT NULL
  );
  CREATE TABLE outcomes (
    market INTEGER NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (market, id)
  ) WITHOUT ROWID;
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL, scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, revoked_at INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE audit (
    entry INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, who TEXT NOT NULL, request TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL
  );
  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX idempotency_age ON idempotency (created_at);
  `,
  `
  CREATE TABLE orders (
    client_id TEXT PRIMARY KEY,
    market INTEGER NOT NULL, exchange TEXT NOT NULL, sequence INTEGER NOT NULL,
    side TEXT NOT NULL, amount REAL NOT NULL, price REAL NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL, filled REAL NOT NULL, fee_base REAL NOT NULL
  );
  CREATE INDEX orders_of_market ON orders (market, exchange);
  `,
  `
  CREATE TABLE frame_decisions (
    entry INTEGER PRIMARY KEY,
    market INTEGER NOT NULL, id TEXT NOT NULL,
    side INTEGER NOT NULL, evidence REAL NOT NULL, regime TEXT NOT NULL,
    UNIQUE (market, id)
  );
  `,
];
