import { readFileSync } from 'node:fs';
import { PORT_LIMITS } from '@sema/qar/ports';
import type { PortLimits } from '@sema/qar/ports';
import { PORT_TIMES } from '../ports/local-ports.ts';
import type { PortTimes } from '../ports/local-ports.ts';
import { codeOf, StartError } from '../start-error.ts';

/** How a server of NATS is told who asks. */
export type NatsLogin =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'nkey'; readonly seed: Uint8Array }
  | { readonly kind: 'credentials'; readonly credentials: Uint8Array };

/** Paths of PEM files; where none is given the system's authorities are trusted. */
export interface NatsTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface NatsSettings extends PortTimes {
  /** `host:port` of each server; those that these know of are found through them. */
  readonly servers: readonly string[];
  readonly login?: NatsLogin;
  /** Given: no connection without TLS. */
  readonly tls?: NatsTls;
  /** On how many servers each stream that is made here is kept: 1, 3 or 5. */
  readonly replicas: number;
  /** Begins the name of every stream and subject, so that two worlds can share a broker. */
  readonly prefix: string;
  /** After so long without an answer a request is rejected as `UNAVAILABLE`. */
  readonly requestTimeoutMs: number;
  /** How long a start waits for servers that are there to choose who leads each stream. */
  readonly startTimeoutMs: number;
  /** How long the bus and the queue remember an id. */
  readonly rememberIdsMs: number;
  readonly limits: PortLimits;
}

export const NATS_DEFAULTS: Omit<NatsSettings, 'servers'> = {
  ...PORT_TIMES,
  replicas: 1,
  prefix: 'sema',
  requestTimeoutMs: 5000,
  startTimeoutMs: 30_000,
  rememberIdsMs: 120_000,
  limits: PORT_LIMITS,
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `SEMA_NATS_URL` and its companions ask for; `undefined` when it is not set. The URL is
 * `nats://host:4222`, or `tls://` to insist on TLS, with `user:password@` or `token@` before the
 * host, and several are separated by commas. `SEMA_NATS_CREDS` and `SEMA_NATS_NKEY` name a file of
 * credentials or of an nkey's seed; `SEMA_NATS_CA`, `SEMA_NATS_CERT` and `SEMA_NATS_KEY` name PEM
 * files; `SEMA_NATS_REPLICAS` is 1, 3 or 5; `SEMA_NATS_PREFIX` begins the names of the streams.
 *
 * @throws {StartError} `BROKER_NOT_USABLE`; no message shows a password, a token or a seed.
 */
export function natsSettings(environment: Environment): NatsSettings | undefined {
  const url = environment['SEMA_NATS_URL'];
  if (url === undefined || url === '') return undefined;
  const addresses = url.split(',').map((part) => addressOf(part.trim()));
  const login = fileLogin(environment) ?? addresses.find((each) => each.login)?.login;
  const tls = tlsOf(environment, addresses);
  const prefix = environment['SEMA_NATS_PREFIX'] ?? NATS_DEFAULTS.prefix;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(prefix)) {
    throw refused('SEMA_NATS_PREFIX is not 1 to 32 of A–Z a–z 0–9 _ -', 'give another prefix');
  }
  return {
    ...NATS_DEFAULTS,
    servers: addresses.map(({ server }) => server),
    replicas: replicasOf(environment['SEMA_NATS_REPLICAS']),
    prefix,
    ...(login && { login }),
    ...(tls && { tls }),
  };
}

interface Address {
  readonly server: string;
  readonly insistsOnTls: boolean;
  readonly login?: NatsLogin;
}

function addressOf(part: string): Address {
  const text = part.includes('://') ? part : `nats://${part}`;
  // The text itself may hold a password and is shown nowhere.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isKnown = url?.protocol === 'nats:' || url?.protocol === 'tls:';
  if (url === undefined || !isKnown || url.hostname === '') {
    throw refused(
      'a part of SEMA_NATS_URL is not the address of a server',
      'write it as nats://host:4222 or tls://host:4222, several separated by commas',
    );
  }
  const login = loginOf(url);
  return {
    server: `${url.hostname}:${url.port === '' ? '4222' : url.port}`,
    insistsOnTls: url.protocol === 'tls:',
    ...(login && { login }),
  };
}

function loginOf(url: URL): NatsLogin | undefined {
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === '') return undefined;
  if (password === '') return { kind: 'token', token: user };
  return { kind: 'password', user, password };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The error would show the text.
    throw refused(
      'what is before the @ of SEMA_NATS_URL has a % that begins no character',
      'write % as %25, @ as %40, : as %3A and / as %2F',
    );
  }
}

function fileLogin(environment: Environment): NatsLogin | undefined {
  const { SEMA_NATS_CREDS: credentials, SEMA_NATS_NKEY: nkey } = environment;
  if (credentials !== undefined) {
    return { kind: 'credentials', credentials: secretIn('SEMA_NATS_CREDS', credentials) };
  }
  if (nkey === undefined) return undefined;
  const text = new TextDecoder().decode(secretIn('SEMA_NATS_NKEY', nkey)).trim();
  return { kind: 'nkey', seed: new TextEncoder().encode(text) };
}

function secretIn(name: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw refused(
      `the file that ${name} names cannot be read: ${codeOf(error)}`,
      'name a file that this user may read',
    );
  }
}

function tlsOf(environment: Environment, addresses: readonly Address[]): NatsTls | undefined {
  const { SEMA_NATS_CA: caFile, SEMA_NATS_CERT: certFile, SEMA_NATS_KEY: keyFile } = environment;
  const isAsked = [caFile, certFile, keyFile].some((file) => file !== undefined);
  if (!isAsked && !addresses.some(({ insistsOnTls }) => insistsOnTls)) return undefined;
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
}

function replicasOf(text: string | undefined): number {
  if (text === undefined) return NATS_DEFAULTS.replicas;
  if (!/^[135]$/.test(text)) {
    throw refused('SEMA_NATS_REPLICAS is not 1, 3 or 5', 'give as many as there are servers');
  }
  return Number(text);
}

function refused(message: string, next: string): StartError {
  return new StartError('BROKER_NOT_USABLE', message, next);
}
