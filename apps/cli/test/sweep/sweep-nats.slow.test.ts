import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { writeCandles } from '../candle-fixture.ts';
import { NATS_SERVER, NatsServer, needingNats } from '../nats-server.ts';
import { finished, Sandbox } from '../sema-process.ts';

const GRID = ['--set', 'choiceSensitivity=1:12:1', '--json'];

/** A worker that has begun to wait for tasks. */
async function startedWorker(box: Sandbox): Promise<ChildProcess> {
  const child = box.start('sweep', 'worker', '--workers', '1');
  child.stderr?.resume();
  if (child.stdout === null) throw new Error('the worker has no output');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(line).toMatch(/^waiting for tasks of .*, 1 at a time$/);
  return child;
}

describe.skipIf(NATS_SERVER === undefined)(needingNats('a sweep over NATS'), () => {
  test('has the same table when workers and the broker are killed under it', async () => {
    await using server = await NatsServer.start();
    using local = new Sandbox();
    const candles = writeCandles(local.file('candles.csv'), 900);
    const whole = await local.sema('sweep', candles, ...GRID, '--workers', '1');
    expect(whole.code).toBe(0);

    using box = new Sandbox();
    box.variables.SEMA_NATS_URL = server.url;
    const doomed = await startedWorker(box);
    const steady = await startedWorker(box);
    const sweep = finished(box.start('sweep', candles, ...GRID, '--workers', '0'));
    // Somewhere in the middle of its work, wherever that is.
    await wait(1500);
    doomed.kill('SIGKILL');
    await server.kill();
    await server.launch();
    const { code, stdout } = await sweep;
    expect(code).toBe(0);
    expect(stdout).toBe(whole.stdout);

    // Told to stop, a worker says what it did.
    const ended = once(steady, 'exit');
    steady.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('goes on where its coordinator was killed', async () => {
    await using server = await NatsServer.start();
    using box = new Sandbox();
    box.variables.SEMA_NATS_URL = server.url;
    const candles = writeCandles(box.file('candles.csv'), 900);
    const worker = await startedWorker(box);
    const first = box.start('sweep', candles, ...GRID, '--workers', '0');
    const ended = once(first, 'exit');
    await wait(2500);
    first.kill('SIGKILL');
    await ended;
    const { code, stdout } = await box.sema('sweep', candles, ...GRID, '--workers', '0');
    expect(code).toBe(0);
    using local = new Sandbox();
    const whole = await local.sema('sweep', candles, ...GRID);
    expect(stdout).toBe(whole.stdout);
    worker.kill('SIGKILL');
  });

  test('says so when there is no broker at the address', async () => {
    using box = new Sandbox();
    // The port of discard, where nobody listens.
    box.variables.SEMA_NATS_URL = 'nats://127.0.0.1:9';
    const { code, stderr } = await box.sema('sweep', 'worker');
    expect(code).toBe(3);
    expect(stderr).toMatch(/NO_BROKER.*127\.0\.0\.1:9/);
  });
});
