import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { PrivateKey, SynthesisCryptoError } from '../src/index.ts';
import { WorkerPool } from '../src/workers.ts';

const limits = { size: 1, maximumQueue: 100, maximumRetries: 1 };
const script = new URL('../src/worker-main.ts', import.meta.url).href;
const commonJs = createRequire(import.meta.url).resolve('tsx/esm/api');
const loader = pathToFileURL(commonJs.replace(/cjs$/, 'mjs')).href;
/** The sources are TypeScript, which a thread of Node 20 reads once this loader is registered. */
const boot = `
  import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(script)});
  });`;
const spawn = (): Worker => new Worker(boot, { eval: true });
const message = Buffer.from('the bid is 17.25');

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SynthesisCryptoError);
  return (error as SynthesisCryptoError).code;
}

describe('a worker pool', () => {
  const pool = new WorkerPool({ ...limits, spawn });
  afterAll(() => pool.close());

  test.each(['Ed25519', 'ML-DSA-44', 'Ed25519+ML-DSA-65'] as const)(
    'makes keys of %s, signs and verifies',
    async (algorithm) => {
      using key = await pool.generate(algorithm);
      const signature = await pool.sign(key, message);
      expect(key.publicKey.verify(message, signature)).toBe(true);
      expect(await pool.verify(key.publicKey, message, signature)).toBe(true);
      expect(await pool.verify(key.publicKey, Buffer.from('x'), signature)).toBe(false);
    },
  );

  test('sends refusals back with their code', async () => {
    using key = PrivateKey.generate('Ed25519');
    const options = { context: Uint8Array.of(1) };
    expect(await codeOf(pool.sign(key, message, options))).toBe('CONTEXT_INVALID');
    key[Symbol.dispose]();
    expect(await codeOf(pool.sign(key, message))).toBe('DISPOSED');
  });

  test('gives up what is aborted, waiting or running, and goes on', async () => {
    using key = PrivateKey.generate('Ed25519');
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = pool.sign(key, message, { signal: running.signal });
    const second = pool.sign(key, message, { signal: waiting.signal });
    const third = pool.sign(key, message);
    running.abort();
    waiting.abort();
    expect(await codeOf(first)).toBe('ABORTED');
    expect(await codeOf(second)).toBe('ABORTED');
    expect(key.publicKey.verify(message, await third)).toBe(true);
    const late = pool.sign(key, message, { signal: waiting.signal });
    expect(await codeOf(late)).toBe('ABORTED');
  });
});

test('a full queue refuses at once, and closing rejects what is left', async () => {
  const pool = new WorkerPool({ ...limits, maximumQueue: 1, spawn });
  using key = PrivateKey.generate('Ed25519');
  const [running, queued, refused] = [1, 2, 3].map(() => pool.sign(key, message));
  const verdicts = Promise.all([codeOf(running), codeOf(queued), codeOf(refused)]);
  expect(pool.metrics).toMatchObject({ running: 1, queued: 1 });
  await pool.close();
  expect(await verdicts).toEqual(['DISPOSED', 'DISPOSED', 'QUEUE_FULL']);
  expect(await codeOf(pool.sign(key, message))).toBe('DISPOSED');
  await pool.close();
});

test('a worker that dies is replaced and its job tried again, up to the limit', async () => {
  const dying = (): Worker =>
    new Worker("require('node:worker_threads').parentPort.on('message', () => process.exit(1))", {
      eval: true,
    });
  let spawned = 0;
  const pool = new WorkerPool({
    ...limits,
    spawn: () => {
      spawned += 1;
      return spawned === 1 ? dying() : spawn();
    },
  });
  using key = PrivateKey.generate('Ed25519');
  expect(key.publicKey.verify(message, await pool.sign(key, message))).toBe(true);
  expect(pool.metrics).toMatchObject({ crashes: 1, completed: 1 });
  await pool.close();

  const hopeless = new WorkerPool({ ...limits, spawn: dying });
  const jobs = Array.from({ length: 6 }, () => codeOf(hopeless.sign(key, message)));
  expect(await Promise.all(jobs)).toEqual(Array(6).fill('WORKER_FAILED'));
  expect(hopeless.metrics).toMatchObject({ queued: 0, running: 0 });
  expect(await codeOf(hopeless.sign(key, message))).toBe('WORKER_FAILED');
  await hopeless.close();
});

test('limits that make no sense are refused', () => {
  for (const change of [{ size: 0 }, { size: 65 }, { maximumQueue: -1 }, { maximumRetries: 0.5 }]) {
    expect(() => new WorkerPool({ ...limits, ...change, spawn })).toThrow(SynthesisCryptoError);
  }
});
