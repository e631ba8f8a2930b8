import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError } from '@sema/qar/ports';
import {
  connect,
  credsAuthenticator,
  ErrorCode,
  NatsError,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from 'nats';
import type {
  ApiError,
  Authenticator,
  JetStreamClient,
  JetStreamManager,
  NatsConnection,
  TlsOptions,
} from 'nats';
import type { NatsLogin, NatsSettings, NatsTls } from './nats-settings.ts';

/** Until an unanswered ping is asked again; after two the connection is made anew. */
const PING_MS = 1000;
const RECONNECT_MS = 200;
/** Between two attempts while a stream has no leader. */
const RETRY_MS = 50;

/** Bytes of a message that are no record: its headers, and some to spare. */
export const HEADER_BYTES = 4096;

/** One connection to a broker, and what its failures mean to a port. */
export class NatsLink {
  readonly settings: NatsSettings;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly #closing = new AbortController();

  private constructor(
    settings: NatsSettings,
    connection: NatsConnection,
    manager: JetStreamManager,
  ) {
    this.settings = settings;
    this.connection = connection;
    this.manager = manager;
    this.js = connection.jetstream({ timeout: settings.requestTimeoutMs });
  }

  /** @throws {PortError} `UNAVAILABLE` */
  static async open(settings: NatsSettings): Promise<NatsLink> {
    const { servers, login, tls, requestTimeoutMs: timeout } = settings;
    let connection: NatsConnection | undefined;
    try {
      connection = await connect({
        servers: [...servers],
        name: settings.prefix,
        timeout,
        noAsyncTraces: true,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_MS,
        // A broker that refuses a login while its accounts are loaded would end the connection.
        ignoreAuthErrorAbort: true,
        pingInterval: PING_MS,
        maxPingOut: 2,
        ...(login && { authenticator: authenticatorOf(login) }),
        ...(tls && { tls: tlsOptions(tls) }),
      });
      const manager = await connection.jetstreamManager({ timeout });
      return new NatsLink(settings, connection, manager);
    } catch (error) {
      await connection?.close();
      throw portErrorOf(`no JetStream at ${servers.join(', ')}`, error);
    }
  }

  /** Aborts when the link is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @throws {PortError} `CLOSED` */
  checkOpen(): void {
    if (this.closing.aborted) throw new PortError('CLOSED', 'the ports were closed');
  }

  /** The work's result; its failure as a port names it. */
  async ask<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    this.checkOpen();
    try {
      return await work();
    } catch (error) {
      this.checkOpen();
      throw portErrorOf(what, error);
    }
  }

  /**
   * Like {@link ask}, but while nobody is there to hear the request it is made again, so that the
   * choice of a stream's next leader is waited out. What nobody heard had no effect.
   */
  async insist<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + this.settings.requestTimeoutMs;
    return this.ask(what, async () => {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isUnheard(error) || performance.now() > until) throw error;
        }
        await wait(RETRY_MS);
        this.checkOpen();
      }
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.connection.close();
  }
}

// The codes are those of the server's errors.json.
const WRONG_LAST_SEQUENCE = 10071;
const MESSAGE_TOO_LARGE = 10054;
const STORE_FAILED = 10077;
const NO_RESOURCES = new Set([10023, 10028, 10047]);

function isUnheard(error: unknown): boolean {
  return error instanceof NatsError && error.code === String(ErrorCode.NoResponders);
}

/** What a failure of the client means to who uses a port. What is no failure of it stays as it is. */
function portErrorOf(what: string, error: unknown): unknown {
  if (!(error instanceof NatsError)) return error;
  const { api_error: refusal, code, message } = error;
  const said = refusal === undefined ? `${code}: ${message}` : refusal.description;
  const options = { cause: error };
  if (refusal?.err_code === WRONG_LAST_SEQUENCE) return new PortError('CONFLICT', said, options);
  if (refusal?.err_code === MESSAGE_TOO_LARGE || code === String(ErrorCode.MaxPayloadExceeded)) {
    return new PortError('TOO_LARGE', said, options);
  }
  return new PortError(isFull(refusal) ? 'FULL' : 'UNAVAILABLE', `${what}: ${said}`, options);
}

function isFull(refusal: ApiError | null | undefined): boolean {
  const { err_code: number = 0, description = '' } = refusal ?? {};
  return (
    NO_RESOURCES.has(number) || (number === STORE_FAILED && /maximum .* exceeded/.test(description))
  );
}

function authenticatorOf(login: NatsLogin): Authenticator {
  switch (login.kind) {
    case 'password':
      return usernamePasswordAuthenticator(login.user, login.password);
    case 'token':
      return tokenAuthenticator(login.token);
    case 'nkey':
      return nkeyAuthenticator(login.seed);
    case 'credentials':
      return credsAuthenticator(login.credentials);
  }
}

function tlsOptions({ caFile, certFile, keyFile }: NatsTls): TlsOptions {
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
    ...(certFile !== undefined && { cert: readFileSync(certFile, 'utf8') }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile, 'utf8') }),
  };
}
