import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { createAdaptorServer } from '@hono/node-server';
import { QarError } from '@sema/qar';
import type { Step } from '@sema/qar';
import pino from 'pino';
import type { DestinationStream, Level } from 'pino';
import { ComputePool } from './compute/compute-pool.ts';
import type { Api, Context } from './context.ts';
import { application } from './http/application.ts';
import { Gate } from './http/gate.ts';
import { listen } from './http/listen.ts';
import { StaticFiles } from './http/static-files.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import type { Limits } from './limits/limits.ts';
import { Feeds } from './live/feeds.ts';
import { Arming } from './live/arming.ts';
import type { ArmingOptions } from './live/arming.ts';
import type { ExchangeSettings } from './live/ccxt-client.ts';
import { readExchanges } from './live/exchange-file.ts';
import type { Market, MarketSurroundings } from './markets/market.ts';
import { Markets } from './markets/markets.ts';
import { Twins } from './markets/twin.ts';
import { Metrics } from './observability/metrics.ts';
import { watchMarkets } from './observability/market-gauges.ts';
import { traceDecision } from './observability/tracing.ts';
import type { Tracer } from './observability/tracing.ts';
import { checkBinding } from './security/binding.ts';
import { openKeys } from './security/key-files.ts';
import type { ServiceKeys } from './security/key-files.ts';
import { TokenAuthority } from './security/token-authority.ts';
import { codeOf, StartError } from './start-error.ts';
import { AuditLog } from './storage/audit-log.ts';
import { Checkpointer } from './storage/checkpointer.ts';
import { Database } from './storage/database.ts';
import { IdempotencyStore } from './storage/idempotency-store.ts';
import { SnapshotTable } from './storage/snapshot-table.ts';
import { StreamServer } from './stream/stream-server.ts';
import { systemClock } from './system-clock.ts';

export interface ServiceOptions {
  /** Where everything is kept; made if absent. One process has it open at a time. */
  readonly dataDirectory: string;
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** 8787 when absent, 0 for any that is free. */
  readonly port?: number;
  /** PEM files. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** Says that a proxy on the way here speaks TLS. */
  readonly behindProxy?: boolean;
  /** 'tokens' when absent; 'none' only on the loopback interface. */
  readonly authentication?: 'tokens' | 'none';
  /** The dashboard's built files; a page that says so where there are none. */
  readonly dashboardDirectory?: string;
  readonly limits?: Partial<Limits>;
  /** Whether what is acknowledged also survives a power cut; slower. */
  readonly everyCommitToDisk?: boolean;
  readonly logLevel?: Level | 'silent';
  /** Where the log goes; standard error when absent. */
  readonly logTo?: DestinationStream;
  /** Ms since the Unix epoch; the machine's clock when absent. */
  readonly now?: () => number;
  /** Exchanges to feed markets from, beside those of the file `exchanges.json` of the data. */
  readonly exchanges?: Readonly<Record<string, ExchangeSettings>>;
  /** As OpenTelemetry's; nothing is traced without one. */
  readonly tracer?: Tracer;
}

/** A service that takes requests. */
export interface Service {
  readonly url: string;
  /** The token with all rights, on the first start of a data directory and never again. */
  readonly firstToken: string | undefined;
  /** Answers what was taken, keeps a snapshot of every market, and closes everything. */
  stop(): Promise<void>;
}

const DEFAULT_PORT = 8787;
const SERVER_OPTIONS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 30_000,
} as const;
/** Two threads, so that a long frame does not keep a small circuit waiting. */
const COMPUTE = { threads: 2, waiting: 32, timeoutMs: 120_000 } as const;
/** Nothing of ours logs these; should anything ever, they are not written. */
const REDACTED = ['*.authorization', '*.token', 'authorization', 'token'];
const FIRST_TOKEN_SECONDS = 90 * 86_400;
/** How long clients have to say goodbye when the service stops. */
const GOODBYE_MS = 2000;

/** What was opened on the way and must be closed, the last first. */
class Opened implements Disposable {
  readonly #opened: Disposable[] = [];

  add<Resource extends Disposable>(resource: Resource): Resource {
    this.#opened.push(resource);
    return resource;
  }

  [Symbol.dispose](): void {
    for (const resource of this.#opened.reverse()) resource[Symbol.dispose]();
    this.#opened.length = 0;
  }
}

/** @throws {StartError} with what to do about it. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { authentication = 'tokens', host = '127.0.0.1', behindProxy = false } = options;
  checkBinding({ host, authentication, tls: options.tls !== undefined, behindProxy });
  const opened = new Opened();
  try {
    const context = makeContext(options, opened);
    const firstToken = authentication === 'tokens' ? makeFirstToken(context) : undefined;
    const gate = new Gate(context.limits.concurrentRequests);
    const api = application(context, {
      authentication,
      tls: options.tls !== undefined || behindProxy,
      tracer: options.tracer,
      gate,
      files: new StaticFiles(options.dashboardDirectory),
    });
    const server = makeServer(api.fetch, options.tls);
    const streams = new StreamServer(context, gate, authentication);
    streams.attach(server);
    const port = await listen(server, host, options.port ?? DEFAULT_PORT);
    const shown = host.includes(':') ? `[${host}]` : host;
    const url = `${options.tls === undefined ? 'http' : 'https'}://${shown}:${String(port)}`;
    await context.feeds.resume(context.markets);
    context.log.info({ url, markets: context.markets.all().length }, 'service started');
    const running = { context, gate, server, streams, opened };
    let stopped: Promise<void> | undefined;
    return { url, firstToken, stop: () => (stopped ??= stopService(running)) };
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

function makeContext(options: ServiceOptions, opened: Opened): Context {
  const { dataDirectory, everyCommitToDisk = false, tracer } = options;
  const now = options.now ?? (() => Date.now());
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const log = pino(
    { level: options.logLevel ?? 'info', base: null, redact: REDACTED },
    options.logTo ?? pino.destination({ fd: 2, sync: true }),
  );
  const database = opened.add(new Database(dataDirectory, { everyCommitToDisk }));
  const keys = opened.add(openKeys(dataDirectory));
  const exchanges = { ...readExchanges(dataDirectory), ...options.exchanges };
  const metrics = new Metrics();
  const clock = systemClock();
  const around = {
    database,
    key: keys.journal,
    clock,
    now,
    onStep: (market: Market, step: Step) => {
      metrics.step(market.id, step);
      if (log.isLevelEnabled('debug')) log.debug(decisionLine(market, step), 'decision');
      if (tracer !== undefined) traceDecision(tracer, market.id, step, now());
    },
    onFailure: (market: Market, error: unknown) => {
      log.error({ err: error, market: market.id }, 'market failed');
    },
  };
  const markets = opened.add(openMarkets(around, limits.markets));
  const compute = new ComputePool({
    ...COMPUTE,
    onFailure: (error) => {
      log.error({ err: error }, 'compute thread failed');
    },
  });
  const live = openLive(database, { exchanges, now, log });
  const context: Context = {
    database,
    markets,
    twins: opened.add(new Twins(database, clock)),
    snapshots: new SnapshotTable(database),
    compute,
    ...live,
    tokens: new TokenAuthority(database, keys.tokens, now),
    audit: new AuditLog(database, now),
    idempotency: new IdempotencyStore(database, now),
    metrics,
    limits,
    log,
    now,
    publicKeys: publicKeysOf(keys),
  };
  watchMarkets(context);
  opened.add(
    new Checkpointer(database, compute, (error) => {
      log.warn({ err: error }, 'checkpoint put off');
    }),
  );
  return context;
}

type LiveOptions = Pick<ArmingOptions, 'exchanges' | 'now' | 'log'>;

/** Feeds, and orders that stop as soon as their market's feed fails. */
function openLive(database: Database, options: LiveOptions): Pick<Context, 'feeds' | 'arming'> {
  const feedOf: ArmingOptions['feedOf'] = (market) => feeds.status(market);
  const arming = new Arming(database, { ...options, feedOf });
  const feeds = new Feeds(database, {
    ...options,
    onFailure: (market) => {
      arming.fault(market, 'FEED_FAILED');
    },
  });
  return { feeds, arming };
}

/** What the log says of a decision; market and sequence find its receipt. */
function decisionLine({ id: market }: Market, { receipt }: Step): object {
  const { sequence, time, regime, verdict, outcome, fallback } = receipt;
  return {
    market,
    sequence,
    time,
    regime,
    action: verdict?.action,
    outcome: outcome.kind,
    fallback,
  };
}

function publicKeysOf({ journal, tokens }: ServiceKeys): Context['publicKeys'] {
  const algorithm = 'Ed25519';
  const raw = Buffer.from(tokens.publicKey.toRaw());
  return [
    { use: 'journal', algorithm, publicKey: journal.verifyingKey.toText() },
    { use: 'tokens', algorithm, publicKey: raw.toString('base64url') },
  ];
}

function openMarkets(around: MarketSurroundings, most: number): Markets {
  try {
    return new Markets(around, most);
  } catch (error) {
    if (!(error instanceof QarError)) throw error;
    throw new StartError(
      'DATA_CORRUPT',
      `a market cannot be gone on with: ${error.message}`,
      'restore the data directory from a backup, or choose another with --data',
      { cause: error },
    );
  }
}

/** Where nobody has a token yet, somebody must get the first. */
function makeFirstToken({ tokens, audit, database }: Context): string | undefined {
  if (tokens.list().length > 0) return undefined;
  return database.transaction(() => {
    const { token, record } = tokens.make('first', ['admin'], FIRST_TOKEN_SECONDS);
    audit.add({
      who: 'sema',
      request: 'start',
      action: 'token made',
      subject: record.id,
      detail: 'first: admin',
    });
    return token;
  });
}

function makeServer(fetch: Api['fetch'], tls: ServiceOptions['tls']): Server {
  const { maxHeaderSize, ...timeouts } = SERVER_OPTIONS;
  const plain = { fetch, serverOptions: { maxHeaderSize, ...timeouts } };
  // Without HTTP/2 among the options the adaptor makes a server of HTTP/1.1.
  if (tls === undefined) return createAdaptorServer(plain) as Server;
  const serverOptions = { ...plain.serverOptions, ...readTls(tls), minVersion: 'TLSv1.2' } as const;
  return createAdaptorServer({ fetch, createServer: createTlsServer, serverOptions }) as Server;
}

function readTls({ certificateFile, keyFile }: NonNullable<ServiceOptions['tls']>) {
  try {
    const [cert, key] = [readFileSync(certificateFile), readFileSync(keyFile)];
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    throw new StartError(
      'TLS_NOT_USABLE',
      `${certificateFile} and ${keyFile} are not a certificate and its key (${codeOf(error)})`,
      'give both as PEM files that this user can read',
      { cause: error },
    );
  }
}

interface Running {
  readonly context: Context;
  readonly gate: Gate;
  readonly server: Server;
  readonly streams: StreamServer;
  readonly opened: Opened;
}

async function stopService({ context, gate, server, streams, opened }: Running): Promise<void> {
  const { log, markets } = context;
  log.info('service stopping');
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  await gate.close();
  await context.feeds.close();
  await context.arming.close();
  for (const market of markets.all()) await market.idle();
  await context.compute.close();
  streams.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    streams.terminate();
    server.closeAllConnections();
  }, GOODBYE_MS);
  await closed;
  clearTimeout(cut);
  for (const market of markets.all()) {
    if (!market.failed && market.session.decisions > 0) market.checkpoint();
  }
  opened[Symbol.dispose]();
  log.info('service stopped');
}
