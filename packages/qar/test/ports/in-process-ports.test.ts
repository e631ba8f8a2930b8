import { VirtualClock } from '@sema/timing-buffer';
import { describe, expect, test } from 'vitest';
import { inProcessPorts } from '../../src/ports.ts';
import type { OpenPorts, PortLimits } from '../../src/ports.ts';

const BYTES = new Uint8Array([1, 2, 3]);
const LEASE_MS = 2000;
const SILENCE_MS = 30_000;

/** Ports whose time is told: who sleeps is there at once. */
function portsInTime(limits: Partial<PortLimits> = {}) {
  const clock = new VirtualClock();
  const ports = inProcessPorts({
    clock,
    sleep: (ms, signal) => {
      if (!signal.aborted) clock.advance(ms * 1e6);
      return Promise.resolve();
    },
    leaseMs: LEASE_MS,
    silenceMs: SILENCE_MS,
    limits,
  });
  return { clock, ports, pass: (ms: number) => clock.advance(ms * 1e6) };
}

async function read(ports: OpenPorts, subject: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of ports.journal.read(subject, 0)) ids.push(id);
  return ids;
}

describe('time', () => {
  test('a lease ends on the very nanosecond', async () => {
    const { ports, clock, pass } = portsInTime();
    const lease = await ports.leases.acquire('partition', 'node-1');
    pass(LEASE_MS - 1);
    expect(await lease?.renew()).toBe(true);
    clock.advance(LEASE_MS * 1e6 - 1);
    expect(await ports.leases.holder('partition')).toBe('node-1');
    expect(await ports.leases.acquire('partition', 'node-2')).toBeUndefined();
    clock.advance(1);
    expect(await ports.leases.holder('partition')).toBeUndefined();
    const next = await ports.leases.acquire('partition', 'node-2');
    expect(next?.token).toBeGreaterThan(lease!.token);
    expect(await lease?.renew()).toBe(false);
  });

  test('a silent worker is waited for no longer than its silence', async () => {
    const { ports, clock } = portsInTime();
    await ports.queue.submit('sweep', 'a', BYTES);
    await ports.queue.take('sweep', 0);
    const again = await ports.queue.take('sweep', 10 * SILENCE_MS);
    expect(again).toMatchObject({ id: 'a', attempt: 2 });
    expect(clock.nowNs()).toBe(SILENCE_MS * 1e6);
  });

  test('a worker that extends is silent from then on', async () => {
    const { ports, pass } = portsInTime();
    await ports.queue.submit('sweep', 'a', BYTES);
    const task = await ports.queue.take('sweep', 0);
    pass(SILENCE_MS - 1);
    await task?.extend();
    pass(SILENCE_MS - 1);
    expect(await ports.queue.take('sweep', 0)).toBeUndefined();
    pass(1);
    expect(await ports.queue.take('sweep', 0)).toMatchObject({ id: 'a', attempt: 2 });
  });

  test('a wait in vain takes as long as it says', async () => {
    const { ports, clock } = portsInTime();
    expect(await ports.queue.take('sweep', 250)).toBeUndefined();
    expect(clock.nowNs()).toBe(250e6);
  });
});

describe('limits', () => {
  test('the bus forgets the id of a message that it dropped', async () => {
    const { ports } = portsInTime({ messagesPerSubject: 2 });
    for (const id of ['a', 'b', 'c']) await ports.bus.publish('candles', id, BYTES);
    expect(await ports.bus.publish('candles', 'c', BYTES)).toMatchObject({ duplicate: true });
    expect(await ports.bus.publish('candles', 'a', BYTES)).toMatchObject({ duplicate: false });
  });

  test('bytes that are dropped or done make room', async () => {
    const { ports } = portsInTime({ messagesPerSubject: 1, totalBytes: 7 });
    for (const id of ['a', 'b', 'c', 'd']) await ports.bus.publish('candles', id, BYTES);
    await ports.queue.submit('sweep', 'a', BYTES);
    await ports.queue.submit('sweep', 'b', BYTES);
    const full = ports.queue.submit('sweep', 'c', BYTES);
    await expect(full).rejects.toMatchObject({ code: 'FULL' });
    await (await ports.queue.take('sweep', 0))?.done();
    await ports.queue.submit('sweep', 'c', BYTES);
  });

  test('more names than are kept are refused, of every kind', async () => {
    const { ports, pass } = portsInTime({ names: 1 });
    const use = [
      (name: string) => ports.bus.publish(name, 'a', BYTES),
      (name: string) => ports.journal.append(name, 'a', BYTES, 0),
      (name: string) => ports.queue.submit(name, 'a', BYTES),
      (name: string) => ports.leases.acquire(name, 'node'),
      (name: string) => ports.blobs.put(name, BYTES),
    ];
    for (const each of use) await each('one');
    for (const each of use) await expect(each('two')).rejects.toMatchObject({ code: 'FULL' });
    pass(LEASE_MS);
    expect(await ports.leases.acquire('two', 'node')).toBeDefined();
  });

  test('ids of tasks that are done are remembered up to a limit, the newest longest', async () => {
    const { ports } = portsInTime();
    for (let index = 0; index <= 10_000; index++) {
      await ports.queue.submit('sweep', String(index), BYTES);
      await (await ports.queue.take('sweep', 0))?.done();
    }
    const submitted = (id: string) => ports.queue.submit('sweep', id, BYTES);
    expect(await submitted('10000')).toMatchObject({ duplicate: true });
    expect(await submitted('1')).toMatchObject({ duplicate: true });
    expect(await submitted('0')).toMatchObject({ duplicate: false });
  });
});

test('what is kept is a copy, also of a view that writes through', async () => {
  const { ports } = portsInTime();
  const given = Buffer.from([1, 2, 3]);
  await ports.bus.publish('candles', 'a', given);
  await ports.blobs.put('snapshot', given);
  given.fill(9);
  const message = await ports.bus.last('candles');
  message?.bytes.fill(8);
  expect((await ports.bus.last('candles'))?.bytes).toEqual(BYTES);
  expect(await ports.blobs.get('snapshot')).toEqual(BYTES);
});

test('a journal is continued by one of two, and what lost is not in it', async () => {
  const { ports } = portsInTime();
  const outcomes = await Promise.allSettled([
    ports.journal.append('journal', 'a', BYTES, 0),
    ports.journal.append('journal', 'b', BYTES, 0),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(await read(ports, 'journal')).toEqual(['a']);
});
