import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.js';

let place: string;
let lock: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'sema-lock-'));
  lock = join(place, 'lock');
});

afterEach(() => {
  rmSync(place, { recursive: true, force: true });
});

/** The id of a process that has ended. */
function deadProcess(): string {
  return String(spawnSync(process.execPath, ['-e', '']).pid);
}

/** Holds the lock as a process that was killed left it. */
function leaveBehind(holder: string): void {
  mkdirSync(lock);
  writeFileSync(join(lock, holder), '');
}

test('processes take turns, also after one that died', async () => {
  leaveBehind(deadProcess());
  const log = join(place, 'log');
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(new URL('lock.js', import.meta.url).href)};
    const write = (word) => appendFileSync(${JSON.stringify(log)}, word + ' ');
    await withLock(${JSON.stringify(lock)}, async () => {
      write('in');
      await new Promise(setImmediate);
      write('out');
    }, { patienceMs: 60_000 });`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(4));
  expect(existsSync(lock)).toBe(false);
});

test('what the work returns or throws comes out, and the lock is free again', async () => {
  expect(await withLock(lock, () => 7, { patienceMs: 0 })).toBe(7);
  const failing = withLock(lock, () => Promise.reject(new Error('no')), { patienceMs: 0 });
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});

test('a holder that lives is not waited for without end', async () => {
  leaveBehind(String(process.pid));
  const work = withLock(lock, () => 7, { patienceMs: -1 });
  await expect(work).rejects.toThrow(`process ${process.pid} holds ${lock}`);
});

test('a lock that was being released is taken', async () => {
  mkdirSync(lock);
  expect(await withLock(lock, () => 7, { patienceMs: 0 })).toBe(7);
});
