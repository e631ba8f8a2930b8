import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import { SigningKey } from '@sema/synthesis-crypto';
import { CliError, errorCode } from './cli-error.ts';

/** Read and write for the owner, nothing for anybody else. */
const PRIVATE = 0o600;
const OTHERS = 0o077;

/**
 * The signing key in a PEM file, made from the platform's random source when there is no such file.
 *
 * @throws {CliError} `KEY_FILE_NOT_PRIVATE`, `KEY_FILE_NOT_USABLE`, `NOT_WRITABLE`
 */
export function openKeyFile(path: string): SigningKey {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return makeKeyFile(path);
    throw new CliError(
      'KEY_FILE_NOT_USABLE',
      `${path} cannot be read (${errorCode(error) ?? 'unknown'})`,
      'give another file with --key',
      { cause: error },
    );
  }
  const mode = openMode(path);
  if (mode !== undefined) {
    throw new CliError(
      'KEY_FILE_NOT_PRIVATE',
      `${path} has mode ${mode}: others can read or change the signing key`,
      `run: chmod 600 ${path}`,
    );
  }
  try {
    return SigningKey.fromPem(pem);
  } catch (error) {
    throw new CliError(
      'KEY_FILE_NOT_USABLE',
      `${path} holds no Ed25519 private key in PKCS#8 PEM`,
      'give another file with --key, or move this one away to have a key made',
      { cause: error },
    );
  }
}

/** The octal mode of a file that others can read or change; `undefined` when it is private. */
export function openMode(path: string): string | undefined {
  // Windows has no such bits.
  if (platform === 'win32') return undefined;
  const mode = statSync(path).mode & 0o777;
  return (mode & OTHERS) === 0 ? undefined : mode.toString(8).padStart(4, '0');
}

function makeKeyFile(path: string): SigningKey {
  const key = SigningKey.generate();
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Never over a key that another process made in the meantime.
    writeFileSync(path, key.toPem(), { flag: 'wx', mode: PRIVATE });
    chmodSync(path, PRIVATE);
  } catch (error) {
    key[Symbol.dispose]();
    throw new CliError(
      'NOT_WRITABLE',
      `no signing key can be made at ${path} (${errorCode(error) ?? 'unknown'})`,
      'choose a writable file with --key, or a writable folder with SEMA_HOME',
      { cause: error },
    );
  }
  return key;
}
