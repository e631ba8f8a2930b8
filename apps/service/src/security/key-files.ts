import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:process';
import { PrivateKey, SigningKey } from '@sema/synthesis-crypto';
import { codeOf, StartError } from '../start-error.ts';

/** Read and write for the owner, nothing for anybody else. */
const PRIVATE = 0o600;
const OTHERS = 0o077;

/** The service's own secrets; nothing else in the data directory is one. */
export interface ServiceKeys extends Disposable {
  /** Signs journals. */
  readonly journal: SigningKey;
  /** Signs tokens. */
  readonly tokens: PrivateKey;
}

/**
 * The keys of a data directory, made from the platform's random source where there are none.
 *
 * @throws {StartError} `KEY_NOT_USABLE`
 */
export function openKeys(directory: string): ServiceKeys {
  const folder = join(directory, 'keys');
  const journal = SigningKey.fromPem(keyText(folder, 'journal.pem'));
  const tokens = PrivateKey.fromPem('Ed25519', keyText(folder, 'tokens.pem'));
  return {
    journal,
    tokens,
    [Symbol.dispose]() {
      journal[Symbol.dispose]();
      tokens[Symbol.dispose]();
    },
  };
}

/**
 * The key of a file that must be there, such as the one that all nodes of a cluster sign with.
 *
 * @throws {StartError} `KEY_NOT_USABLE`
 */
export function readJournalKey(path: string): SigningKey {
  try {
    return SigningKey.fromPem(privateText(path));
  } catch (error) {
    throw error instanceof StartError ? error : notUsable(path, error);
  }
}

function keyText(folder: string, name: string): string {
  const path = join(folder, name);
  try {
    return checked(privateText(path), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return madeKey(folder, path);
    if (error instanceof StartError) throw error;
    throw notUsable(path, error);
  }
}

/** The text of a file that nobody else can read or change. */
function privateText(path: string): string {
  const text = readFileSync(path, 'utf8');
  const mode = statSync(path).mode & 0o777;
  // Windows has no such bits.
  if (platform === 'win32' || (mode & OTHERS) === 0) return text;
  throw new StartError(
    'KEY_NOT_USABLE',
    `others can read or change ${path}: its mode is ${mode.toString(8)}`,
    `run: chmod 600 ${path}`,
  );
}

function checked(text: string, path: string): string {
  try {
    SigningKey.fromPem(text)[Symbol.dispose]();
    return text;
  } catch (error) {
    throw notUsable(path, error);
  }
}

function madeKey(folder: string, path: string): string {
  using key = SigningKey.generate();
  const text = key.toPem();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Never over a key that another process made in the meantime.
    writeFileSync(path, text, { flag: 'wx', mode: PRIVATE });
    chmodSync(path, PRIVATE);
  } catch (error) {
    throw notUsable(path, error);
  }
  return text;
}

function notUsable(path: string, error: unknown): StartError {
  return new StartError(
    'KEY_NOT_USABLE',
    `${path} is not an Ed25519 private key that can be used (${codeOf(error)})`,
    'restore it from a backup: without it neither journals nor tokens can be gone on with',
    { cause: error },
  );
}
