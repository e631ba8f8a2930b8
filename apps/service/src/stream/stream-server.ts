import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Context } from '../context.ts';
import type { Gate } from '../http/gate.ts';
import { EVERYBODY, isFromHere } from '../http/middleware.ts';
import { allows } from '../security/scopes.ts';
import type { Bearer } from '../security/token-authority.ts';
import { PROBLEMS, ServiceError } from '../service-error.ts';
import { StreamConnection } from './stream-connection.ts';

const PATH = /^\/v1\/markets\/([a-z0-9][a-z0-9-]{0,63})\/stream$/;
/** What the client offers beside its token, and is answered with. */
const PROTOCOL = 'sema.v1';
const TOKEN_PREFIX = 'sema.bearer.';
const LARGEST_MESSAGE = 262_144;
/** Only so that a target, which is a path, can be read as a URL. */
const BASE = 'http://localhost';
const HEARTBEAT_MS = 30_000;
const LARGEST_WINDOW = 100_000;

const CLOSED = { goingAway: 1001, tokenEnded: 4401 } as const;

interface Asked {
  readonly id: string;
  readonly after: number | undefined;
  readonly window: number | undefined;
}

/** The WebSocket side of the service: candles in, decisions out. */
export class StreamServer {
  readonly #context: Context;
  readonly #gate: Gate;
  readonly #authentication: 'tokens' | 'none';
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: (protocols) => protocols.has(PROTOCOL) && PROTOCOL,
  });
  readonly #heartbeat: NodeJS.Timeout;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #tokens = new WeakMap<WebSocket, string>();

  constructor(context: Context, gate: Gate, authentication: 'tokens' | 'none') {
    this.#context = context;
    this.#gate = gate;
    this.#authentication = authentication;
    this.#heartbeat = setInterval(() => {
      this.#beat();
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get open(): number {
    return this.#server.clients.size;
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  /** Says goodbye to every client. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const client of this.#server.clients) client.close(CLOSED.goingAway, 'shutting down');
    this.#server.close();
  }

  /** Cuts off whoever has not answered the goodbye. */
  terminate(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {
      socket.destroy();
    });
    try {
      const asked = askedOf(request);
      const { bearer, token } = this.#bearerOf(request);
      if (!allows(bearer.scopes, 'markets:read')) {
        throw new ServiceError('SCOPE_MISSING', "the token lacks the scope 'markets:read'");
      }
      const market = this.#context.markets.get(asked.id);
      if (this.#gate.closed) throw new ServiceError('SHUTTING_DOWN', 'try again when it is back');
      if (this.open >= this.#context.limits.streams) {
        throw new ServiceError('SERVICE_BUSY', `${String(this.open)} streams are open`);
      }
      this.#server.handleUpgrade(request, socket, head, (client) => {
        if (token !== undefined) this.#tokens.set(client, token);
        this.#welcome(client, market, bearer, asked);
      });
    } catch (error) {
      this.#turnAway(socket, error);
    }
  }

  #welcome(
    client: WebSocket,
    market: ReturnType<Context['markets']['get']>,
    bearer: Bearer,
    { after, window }: Asked,
  ): void {
    const { log, limits, now } = this.#context;
    const onFailure = (error: unknown): void => {
      log.error({ err: error, market: market.id }, 'stream failed');
    };
    const connection = new StreamConnection(client, market, {
      after: after ?? market.session.decisions - 1,
      window,
      mayFeed: allows(bearer.scopes, 'candles:write'),
      candlesPerSecond: limits.candlesPerSecond,
      now,
      onFailure,
    });
    this.#alive.add(client);
    client.on('pong', () => this.#alive.add(client));
    client.on('error', onFailure);
    client.on('close', () => {
      connection[Symbol.dispose]();
    });
    log.info({ market: market.id, who: bearer.name, after }, 'stream opened');
  }

  #bearerOf(request: IncomingMessage): { bearer: Bearer; token: string | undefined } {
    if (this.#authentication === 'none') {
      const { host, origin } = request.headers;
      if (isFromHere(host, origin)) return { bearer: EVERYBODY, token: undefined };
      throw new ServiceError('HOST_REFUSED', 'without authentication only this machine may ask');
    }
    const token = tokenOf(request);
    if (token === undefined) {
      throw new ServiceError('TOKEN_MISSING', `offer the protocols ${PROTOCOL}, ${TOKEN_PREFIX}…`);
    }
    const bearer = this.#context.tokens.check(token);
    if (bearer === undefined) {
      throw new ServiceError('TOKEN_REFUSED', 'it is none of ours, has expired or was revoked');
    }
    return { bearer, token };
  }

  /** Drops clients that are gone, and those whose token has ended. */
  #beat(): void {
    for (const client of this.#server.clients) {
      const token = this.#tokens.get(client);
      if (!this.#alive.has(client)) client.terminate();
      else if (token !== undefined && this.#context.tokens.check(token) === undefined) {
        client.close(CLOSED.tokenEnded, 'the token has ended');
      } else {
        this.#alive.delete(client);
        client.ping();
      }
    }
  }

  #turnAway(socket: Duplex, thrown: unknown): void {
    const known = thrown instanceof ServiceError;
    if (!known) this.#context.log.error({ err: thrown }, 'upgrade failed');
    const error = known ? thrown : new ServiceError('INTERNAL', 'see the log of the service');
    const [status, title] = PROBLEMS[error.code];
    const { code, message: detail } = error;
    const type = `urn:sema:problem:${code}`;
    const body = JSON.stringify({ type, title, status, detail, code });
    socket.end(
      `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n` +
        'Content-Type: application/problem+json\r\n' +
        `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    );
  }
}

function askedOf(request: IncomingMessage): Asked {
  const target = request.url ?? '';
  const url = new URL(URL.canParse(target, BASE) ? target : '/', BASE);
  const id = PATH.exec(url.pathname)?.[1];
  if (id === undefined) {
    throw new ServiceError('NOT_FOUND', 'streams are at /v1/markets/{id}/stream');
  }
  return {
    id,
    after: numberIn(url, 'after', -1, Number.MAX_SAFE_INTEGER),
    window: numberIn(url, 'window', 1, LARGEST_WINDOW),
  };
}

function numberIn(url: URL, name: string, least: number, most: number): number | undefined {
  const text = url.searchParams.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ServiceError('BAD_REQUEST', `${name} is not a whole number from ${String(least)} on`);
}

function tokenOf({ headers }: IncomingMessage): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const protocol = offered.find((name) => name.startsWith(TOKEN_PREFIX));
  if (protocol !== undefined) return protocol.slice(TOKEN_PREFIX.length);
  return /^bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
