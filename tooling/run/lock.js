import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const RETRY_MS = 200;

/**
 * Runs `work` while no other process holds the same lock, and waits its turn until then.
 *
 * The lock is a folder with one file in it, named by its holder's process id. It appears by one
 * rename and passes on by one rename, so two processes never both hold it; a holder that died,
 * interrupted or killed, is succeeded by whichever waiter renames its file first.
 *
 * @template T
 * @param {string} folder - where the lock stands; its parent must exist
 * @param {() => T | Promise<T>} work
 * @param {{ patienceMs: number }} options - how long a living holder is waited for
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, { patienceMs }) {
  const mine = String(process.pid);
  const deadline = Date.now() + patienceMs;
  while (!(take(folder, mine) || succeed(folder, mine))) {
    if (Date.now() > deadline) {
      throw new Error(
        `process ${holderOf(folder) ?? '?'} holds ${folder}; end it or remove that folder`,
      );
    }
    await new Promise((wake) => setTimeout(wake, RETRY_MS));
  }
  try {
    return await work();
  } finally {
    release(folder, mine);
  }
}

/**
 * @param {string} folder
 * @param {string} mine
 */
function take(folder, mine) {
  const draft = `${folder}.${mine}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, mine), '');
  try {
    // Fails on a folder that holds a file; replaces one that is empty because it was just released.
    renameSync(draft, folder);
    return true;
  } catch {
    rmSync(draft, { recursive: true, force: true });
    return false;
  }
}

/**
 * @param {string} folder
 * @param {string} mine
 */
function succeed(folder, mine) {
  const holder = holderOf(folder);
  if (holder === undefined || isAlive(Number(holder))) return false;
  try {
    renameSync(join(folder, holder), join(folder, mine));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @param {string} mine
 */
function release(folder, mine) {
  unlinkSync(join(folder, mine));
  try {
    rmdirSync(folder);
  } catch {
    // The next holder is in it already.
  }
}

/** @param {string} folder */
function holderOf(folder) {
  try {
    return readdirSync(folder)[0];
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user answers with EPERM: it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
