import { createHash } from 'node:crypto';
import { createAdaptiveToken, DEFAULT_POLICY, verifyAdaptiveToken } from '@sema/synthesis-crypto';
import type { PrivateKey } from '@sema/synthesis-crypto';
import type { Database, Query } from '../storage/database.ts';
import { SCOPE_NAMES } from './scopes.ts';
import type { Scope } from './scopes.ts';

export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Ms since the Unix epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
}

/** Who asks: the token's record, or the one that stands for everybody without authentication. */
export type Bearer = Pick<TokenRecord, 'id' | 'name' | 'scopes'>;

type Row = [
  id: string,
  name: string,
  scopes: string,
  createdAt: number,
  expiresAt: number,
  revokedAt: number | null,
];

const ISSUER = 'sema';
const AUDIENCE = 'sema-service';
/** Checked tokens that are remembered, so that a signature is verified once and not per request. */
const MOST_REMEMBERED = 1024;
const LONGEST_TOKEN = 4096;
const COLUMNS = 'id, name, scopes, created_at, expires_at, revoked_at';

/**
 * Makes tokens, checks them and revokes them.
 *
 * A token is a signed statement of who asked and until when; what it allows is kept here under its
 * id, so that it can be revoked. The token itself is kept nowhere.
 */
export class TokenAuthority {
  readonly #key: PrivateKey;
  readonly #now: () => number;
  readonly #all: Query<Row>;
  readonly #one: Query<Row>;
  readonly #add: Query<[]>;
  readonly #revoke: Query<[]>;
  /** By the hash of the token's text. */
  readonly #remembered = new Map<string, TokenRecord>();

  constructor(database: Database, key: PrivateKey, now: () => number) {
    this.#key = key;
    this.#now = now;
    this.#all = database.query(`SELECT ${COLUMNS} FROM tokens ORDER BY created_at, id`);
    this.#one = database.query(`SELECT ${COLUMNS} FROM tokens WHERE id = ?`);
    this.#add = database.query('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, NULL)');
    this.#revoke = database.query('UPDATE tokens SET revoked_at = ? WHERE id = ?');
  }

  make(name: string, scopes: readonly Scope[], lifetimeSeconds: number) {
    const nowSeconds = Math.floor(this.#now() / 1000);
    const { jws, claims } = createAdaptiveToken({
      issuer: ISSUER,
      subject: name,
      audience: AUDIENCE,
      // Of the lowest class, which Ed25519 signs.
      tokenValue: 1n,
      frequency: 1n,
      policy: DEFAULT_POLICY,
      privateKey: this.#key,
      nowSeconds,
      lifetimeSeconds,
    });
    if (typeof jws !== 'string') throw new Error('one key makes a compact token');
    const record: TokenRecord = {
      id: claims.jti,
      name,
      scopes,
      createdAt: nowSeconds * 1000,
      expiresAt: claims.exp * 1000,
      revokedAt: null,
    };
    this.#add.run(record.id, name, scopes.join(' '), record.createdAt, record.expiresAt);
    return { token: jws, record };
  }

  /** The token's record, or `undefined` for whatever is not a token of ours that is valid now. */
  check(text: string): TokenRecord | undefined {
    if (text.length > LONGEST_TOKEN) return undefined;
    const hash = createHash('sha256').update(text).digest('base64');
    const known = this.#remembered.get(hash);
    const record = known ?? this.#verified(text);
    if (record === undefined) return undefined;
    if (record.expiresAt <= this.#now()) {
      this.#remembered.delete(hash);
      return undefined;
    }
    if (known === undefined) this.#remember(hash, record);
    return record;
  }

  list(): TokenRecord[] {
    return this.#all.all().map(recordOf);
  }

  /** Whether there was such a token. */
  revoke(id: string): boolean {
    if (this.#one.first(id) === undefined) return false;
    this.#revoke.run(this.#now(), id);
    this.#remembered.clear();
    return true;
  }

  #verified(text: string): TokenRecord | undefined {
    const { publicKey } = this.#key;
    const verdict = verifyAdaptiveToken(text, {
      policies: [DEFAULT_POLICY],
      findKey: (keyId) => (keyId === publicKey.keyId ? publicKey : undefined),
      audience: AUDIENCE,
      nowSeconds: this.#now() / 1000,
      // We made it, by the same clock.
      skewSeconds: 0,
    });
    if (!verdict.valid) return undefined;
    const row = this.#one.first(verdict.token.claims.jti);
    if (row === undefined) return undefined;
    const record = recordOf(row);
    return record.revokedAt === null ? record : undefined;
  }

  #remember(hash: string, record: TokenRecord): void {
    if (this.#remembered.size >= MOST_REMEMBERED) {
      for (const [oldest] of this.#remembered) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    this.#remembered.set(hash, record);
  }
}

function recordOf([id, name, scopes, createdAt, expiresAt, revokedAt]: Row): TokenRecord {
  const known = SCOPE_NAMES.filter((scope) => scopes.split(' ').includes(scope));
  return { id, name, scopes: known, createdAt, expiresAt, revokedAt };
}
