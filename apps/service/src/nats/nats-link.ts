import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError } from '@sema/qar/ports';
import {
  credsAuthenticator,
  ErrorCode,
  Events,
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
import { codeOf } from '../start-error.ts';
import { connect } from './connect.ts';
import type { NatsLogin, NatsSettings, NatsTls } from './nats-settings.ts';

/** Until an unanswered ping is asked again; after two the connection is made anew. */
const PING_MS = 1000;
const RECONNECT_MS = 200;
/** How long the first answer to a question is waited for before it is asked again. */
const FIRST_PATIENCE_MS = 500;
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
  #isConnected = true;
  /** Rejects each request on its way. */
  readonly #waiting = new Set<(error: unknown) => void>();

  private constructor(
    settings: NatsSettings,
    connection: NatsConnection,
    manager: JetStreamManager,
  ) {
    this.settings = settings;
    this.connection = connection;
    this.manager = manager;
    this.js = connection.jetstream({ timeout: settings.requestTimeoutMs });
    void this.#watch();
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
      const manager = await connection.jetstreamManager({ timeout, checkAPI: false });
      return new NatsLink(settings, connection, manager);
    } catch (error) {
      await connection?.close();
      const what = `no server at ${servers.join(', ')}`;
      const known = portErrorOf(what, error);
      if (known instanceof PortError) throw known;
      // What Node says of sockets, certificates and files, and the client of keys.
      throw new PortError('UNAVAILABLE', `${what}: ${codeOf(error)}`, { cause: error });
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

  /**
   * The work's result; its failure as a port names it, at once when the connection breaks.
   *
   * @param patienceMs - after which its answer counts as lost
   */
  async ask<Result>(
    what: string,
    work: () => Promise<Result>,
    patienceMs = this.settings.requestTimeoutMs,
  ): Promise<Result> {
    this.checkOpen();
    if (!this.#isConnected) {
      // What is sent now would pile up until the broker is back, and then be done after all.
      throw portErrorOf(what, NatsError.errorForCode(ErrorCode.NoResponders));
    }
    let timer: NodeJS.Timeout | undefined;
    let fail: ((error: unknown) => void) | undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        fail = reject;
        this.#waiting.add(reject);
        timer = setTimeout(() => {
          reject(NatsError.errorForCode(ErrorCode.Timeout));
        }, patienceMs);
        work().then(resolve, reject);
      });
    } catch (error) {
      this.checkOpen();
      throw portErrorOf(what, error);
    } finally {
      clearTimeout(timer);
      if (fail !== undefined) this.#waiting.delete(fail);
    }
  }

  /**
   * Like {@link ask}, but while nobody is there to hear the request it is made again, so that the
   * choice of a stream's next leader is waited out. What nobody heard had no effect.
   */
  async write<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    return this.#insist(what, work, (error) => (isUnheard(error) ? 'again' : 'fail'));
  }

  /**
   * Like {@link write}, for what can be done twice: made again also when its answer was lost, as it
   * is when a server that was to answer goes.
   */
  async read<Result>(
    what: string,
    work: () => Promise<Result>,
    forMs = this.settings.requestTimeoutMs,
  ): Promise<Result> {
    let patienceMs = FIRST_PATIENCE_MS;
    const attempt = (): Promise<Result> => this.ask(what, work, patienceMs);
    const judge = (error: unknown): 'again' | 'fail' => {
      // A server that is only slow is given longer each time.
      if (isLost(error)) patienceMs *= 2;
      return isLost(error) || isUnheard(error) ? 'again' : 'fail';
    };
    return this.#insist(what, attempt, judge, forMs);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#abandon();
    await this.connection.close();
  }

  async #insist<Result>(
    what: string,
    work: () => Promise<Result>,
    judge: (error: unknown) => 'again' | 'fail',
    forMs = this.settings.requestTimeoutMs,
  ): Promise<Result> {
    const until = performance.now() + forMs;
    for (;;) {
      try {
        return await this.ask(what, work, Math.max(1, until - performance.now()));
      } catch (error) {
        const cause = error instanceof PortError ? error.cause : undefined;
        if (judge(cause) === 'fail' || performance.now() >= until) throw error;
      }
      await wait(RETRY_MS);
    }
  }

  /** Keeps who waits for an answer from waiting when the connection that would bring it is gone. */
  async #watch(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === Events.Reconnect) this.#isConnected = true;
      if (type !== Events.Disconnect) continue;
      this.#isConnected = false;
      this.#abandon();
    }
  }

  #abandon(): void {
    const broken = new NatsError('the connection broke', ErrorCode.Disconnect);
    for (const reject of [...this.#waiting]) reject(broken);
  }
}

// The codes are those of the server's errors.json.
/** The stream has no leader, or the same id is being kept for somebody else who asked first. */
const NOT_NOW = new Set([10008, 10158]);
/** Another has been there or, as later servers say it, is on the way there. */
const WRONG_LAST_SEQUENCE = new Set([10071, 10164]);
const MESSAGE_TOO_LARGE = 10054;
const STORE_FAILED = 10077;
const NO_RESOURCES = new Set([10023, 10028, 10047]);

/** It may have been heard, and what was answered did not come. */
function isLost(error: unknown): boolean {
  if (!(error instanceof NatsError)) return false;
  return error.code === String(ErrorCode.Timeout) || error.code === String(ErrorCode.Disconnect);
}

/** Nobody listened, or who did said that it cannot be asked now; either way nothing came of it. */
function isUnheard(error: unknown): boolean {
  if (!(error instanceof NatsError)) return false;
  const refusal = error.api_error;
  return refusal === undefined || refusal === null
    ? error.code === String(ErrorCode.NoResponders)
    : NOT_NOW.has(refusal.err_code ?? 0);
}

/**
 * What a failure of the client means to who uses a port. What is no failure of it stays as it is.
 */
function portErrorOf(what: string, error: unknown): unknown {
  if (!(error instanceof NatsError)) return error;
  const { api_error: refusal, code, message } = error;
  const said = refusal === undefined ? `${code}: ${message}` : refusal.description;
  const options = { cause: error };
  const number = refusal?.err_code ?? 0;
  if (WRONG_LAST_SEQUENCE.has(number)) return new PortError('CONFLICT', said, options);
  if (number === MESSAGE_TOO_LARGE || code === String(ErrorCode.MaxPayloadExceeded)) {
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
