import { join, resolve } from 'node:path';
import { env } from 'node:process';

/** Where keys and runs are kept: SEMA_HOME, or `.sema` in the current folder. */
export function dataDirectory(): string {
  const home = env.SEMA_HOME;
  return resolve(home === undefined || home === '' ? '.sema' : home);
}

/** The file of every trial ever made, unless `--ledger` names another. */
export function defaultLedger(): string {
  return join(dataDirectory(), 'trials.jsonl');
}

/** The key file that is used unless `--key` names another. */
export function defaultKeyFile(): string {
  return join(dataDirectory(), 'keys', 'signing.pem');
}
