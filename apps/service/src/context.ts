import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import type { ComputePool } from './compute/compute-pool.ts';
import type { Limits } from './limits/limits.ts';
import type { Feeds } from './live/feeds.ts';
import type { Markets } from './markets/markets.ts';
import type { Twins } from './markets/twin.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Bearer, TokenAuthority } from './security/token-authority.ts';
import type { AuditLog } from './storage/audit-log.ts';
import type { Database } from './storage/database.ts';
import type { IdempotencyStore } from './storage/idempotency-store.ts';
import type { SnapshotTable } from './storage/snapshot-table.ts';

/** What handlers work with: made once when the service starts. */
export interface Context {
  readonly database: Database;
  readonly markets: Markets;
  readonly twins: Twins;
  readonly tokens: TokenAuthority;
  readonly audit: AuditLog;
  readonly idempotency: IdempotencyStore;
  readonly snapshots: SnapshotTable;
  readonly compute: ComputePool;
  readonly feeds: Feeds;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly log: Logger;
  readonly now: () => number;
  readonly publicKeys: readonly PublicKeyView[];
}

export interface PublicKeyView {
  readonly use: 'journal' | 'tokens';
  readonly algorithm: string;
  /** Base64url. */
  readonly publicKey: string;
}

/** What middleware finds out about one request. */
export interface RequestFacts {
  Variables: {
    requestId: string;
    bearer: Bearer;
    log: Logger;
  };
}

export type Api = OpenAPIHono<RequestFacts>;
