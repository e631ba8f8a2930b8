import { mulberry32 } from '@sema/simulator';
import type { Kept, OpenPorts } from '@sema/qar/ports';
import { describe, expect, test } from 'vitest';
import { natsPorts } from '../../src/nats/nats-ports.ts';
import type { NatsSettings } from '../../src/nats/nats-settings.ts';
import { all, bytesOf, expectRefusal, first, textOf } from '../ports/port-world.ts';
import { deafProxy } from './deaf-proxy.ts';
import { NATS_SERVER, needingNats, startNats } from './nats-servers.ts';
import type { NatsServers } from './nats-servers.ts';

/** Small, so that stores are made quickly. */
const LIMITS = {
  recordBytes: 64 * 1024,
  blobBytes: 8 * 1024 ** 2,
  messagesPerSubject: 10_000,
  journalRecords: 100_000,
  tasks: 1000,
  names: 1000,
  totalBytes: 64 * 1024 ** 2,
};
/** Ends what hangs; nothing depends on it. */
const LONG_MS = 60_000;

function open(
  addresses: readonly string[],
  settings: Partial<NatsSettings> = {},
): Promise<OpenPorts & AsyncDisposable> {
  const given = { servers: addresses, limits: LIMITS, requestTimeoutMs: LONG_MS, ...settings };
  return natsPorts(given).then((ports) => ({
    ...ports,
    [Symbol.asyncDispose]: () => ports.close(),
  }));
}

/** Asks until it is answered: what was asked may then have been done twice. */
async function answered(work: () => Promise<Kept>): Promise<Kept> {
  let kept: Kept | undefined;
  const attempt = async (): Promise<boolean> => {
    kept = await work();
    return true;
  };
  await expect.poll(() => attempt().catch(String), { timeout: 5 * LONG_MS }).toBe(true);
  return kept!;
}

/**
 * Writes to the bus and the journal as a node does, asking again for what was not answered, while
 * `disturb` is called before each write.
 */
async function writeThrough(
  ports: OpenPorts,
  count: number,
  disturb: (index: number) => Promise<void> | void,
): Promise<void> {
  let after = 0;
  for (let index = 0; index < count; index++) {
    const [id, bytes] = [`d${String(index)}`, bytesOf(`record ${String(index)}`)];
    const disturbed = disturb(index);
    await answered(() => ports.bus.publish('candles.x.y', id, bytes));
    const from = after;
    after = (await answered(() => ports.journal.append('journal.x.y', id, bytes, from))).position;
    await disturbed;
  }
}

/** Each record once, in the order in which it was written, on the bus and in the journal. */
async function expectWritten(ports: OpenPorts, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `d${String(index)}`);
  const texts = Array.from({ length: count }, (_, index) => `record ${String(index)}`);
  const journal = await all(ports.journal.read('journal.x.y', 0));
  expect(journal.map(({ id }) => id)).toEqual(ids);
  expect(journal.map(({ bytes }) => textOf(bytes))).toEqual(texts);
  const bus = await first(count, (signal) => ports.bus.follow('candles.x.y', 0, signal));
  expect(bus.map(({ id }) => id)).toEqual(ids);
  expect((await ports.bus.last('candles.x.y'))?.id).toBe(ids.at(-1));
}

const suite = describe.skipIf(NATS_SERVER === undefined);

suite(needingNats('one server of NATS'), () => {
  test('SIGKILL under load loses nothing acknowledged and keeps nothing twice', async () => {
    await using servers = await startNats();
    await using ports = await open(servers.addresses, { requestTimeoutMs: 1000 });
    const random = mulberry32(5);
    await writeThrough(ports, 120, async (index) => {
      if (index % 40 !== 20) return;
      // While the next write is on its way.
      await new Promise((resolve) => setTimeout(resolve, 5 * random.next()));
      await servers.kill(0);
      await servers.restart(0);
    });
    await expectWritten(ports, 120);
  });

  test('tasks, leases and blobs outlive the server', async () => {
    await using servers = await startNats();
    await using ports = await open(servers.addresses, { leaseMs: 10 * LONG_MS, silenceMs: 500 });
    await ports.queue.submit('sweep', 'a', bytesOf('a'));
    await ports.queue.submit('sweep', 'b', bytesOf('b'));
    await (await ports.queue.take('sweep', LONG_MS))?.done();
    await ports.queue.take('sweep', LONG_MS);
    const lease = await ports.leases.acquire('partition', 'node-1');
    const blob = new Uint8Array(1024 ** 2).fill(7);
    await ports.blobs.put('snapshot', blob);
    await servers.kill(0);
    await servers.restart(0);
    expect(await ports.leases.acquire('partition', 'node-2')).toBeUndefined();
    expect(await lease?.renew()).toBe(true);
    expect(Buffer.compare((await ports.blobs.get('snapshot'))!, blob)).toBe(0);
    const { duplicate } = await ports.queue.submit('sweep', 'b', bytesOf('b'));
    expect(duplicate).toBe(true);
    // That a task was done may be forgotten; that it was given may not.
    const again: (string | undefined)[] = [];
    while (!again.includes('b')) {
      const task = await ports.queue.take('sweep', LONG_MS);
      again.push(task?.id);
      await task?.done();
    }
  });

  test('while it is away each request is refused, a follower waits, and all goes on', async () => {
    await using servers = await startNats();
    await using ports = await open(servers.addresses, { requestTimeoutMs: 300 });
    const following = first(2, (signal) => ports.bus.follow('candles.x.y', 0, signal));
    await answered(() => ports.bus.publish('candles.x.y', 'before', bytesOf('1')));
    await servers.stop(0);
    const requests = [
      () => ports.bus.publish('candles.x.y', 'away', bytesOf('2')),
      () => ports.bus.last('candles.x.y'),
      () => ports.journal.append('journal.x.y', 'away', bytesOf('2'), 0),
      () => all(ports.journal.read('journal.x.y', 0)),
      () => ports.queue.submit('sweep', 'away', bytesOf('2')),
      () => ports.queue.take('sweep', 0),
      () => ports.queue.pending('sweep'),
      () => ports.leases.acquire('partition', 'node-1'),
      () => ports.leases.holder('partition'),
      () => ports.blobs.put('snapshot', bytesOf('2')),
      () => ports.blobs.get('snapshot'),
      () => ports.blobs.delete('snapshot'),
      () => ports.blobs.list(''),
    ];
    await Promise.all(requests.map((request) => expectRefusal(request(), 'UNAVAILABLE')));
    await servers.restart(0);
    await answered(() => ports.bus.publish('candles.x.y', 'after', bytesOf('3')));
    const [before, next] = await following;
    expect(before.id).toBe('before');
    // What was refused may be done when the server is back.
    expect(['away', 'after']).toContain(next.id);
  });

  test('nothing waits for a server that is away longer than it is told to', async () => {
    await using servers = await startNats();
    // Longer than this test may take.
    const ports = await open(servers.addresses, { requestTimeoutMs: 3_600_000 });
    const stop = new AbortController();
    const following = all(ports.bus.follow('candles.x.y', 0, stop.signal));
    await servers.stop(0);
    const asking = expectRefusal(ports.bus.last('candles.x.y'), 'CLOSED');
    const taking = expectRefusal(ports.queue.take('sweep', 3_600_000), 'CLOSED');
    stop.abort();
    expect(await following).toEqual([]);
    await ports.close();
    await Promise.all([asking, taking]);
  });

  test('what was refused while the server was away is not done when it is back', async () => {
    await using servers = await startNats();
    await using ports = await open(servers.addresses, { requestTimeoutMs: 500 });
    await servers.stop(0);
    await expectRefusal(ports.bus.publish('candles.x.y', 'first', bytesOf('1')), 'UNAVAILABLE');
    // By now it is known to be away.
    await expectRefusal(ports.bus.publish('candles.x.y', 'second', bytesOf('2')), 'UNAVAILABLE');
    await servers.restart(0);
    await answered(() => ports.bus.publish('candles.x.y', 'third', bytesOf('3')));
    const [record] = await first(1, (signal) => ports.bus.follow('candles.x.y', 0, signal));
    expect(record.id).toBe('third');
  });

  test('a server that cannot be reached is named, and does not hang', async () => {
    await using servers = await startNats();
    await servers.stop(0);
    const opening = open(servers.addresses, { requestTimeoutMs: 1000 });
    await expectRefusal(opening, 'UNAVAILABLE');
    await expect(opening).rejects.toThrow(servers.addresses[0]);
  });

  test('what is asked again after its answer was lost is done once', async () => {
    await using servers = await startNats();
    using proxy = await deafProxy(servers.addresses[0]);
    await using ports = await open([proxy.address], { requestTimeoutMs: 500 });
    await using beside = await open(servers.addresses);
    const lease = await ports.leases.acquire('partition', 'node-1');
    const { position } = await ports.journal.append('journal.x.y', 'a', bytesOf('a'), 0);
    const work = {
      publish: () => ports.bus.publish('candles.x.y', 'a', bytesOf('a')),
      append: () => ports.journal.append('journal.x.y', 'b', bytesOf('b'), position),
      submit: () => ports.queue.submit('sweep', 'a', bytesOf('a')),
    };
    proxy.loseAnswers();
    await Promise.all([
      ...Object.values(work).map((each) => expectRefusal(each(), 'UNAVAILABLE')),
      expectRefusal(lease!.renew(), 'UNAVAILABLE'),
      expectRefusal(ports.blobs.put('snapshot', bytesOf('a')), 'UNAVAILABLE'),
    ]);
    await expect
      .poll(async () => (await beside.journal.last('journal.x.y'))?.id, { timeout: LONG_MS })
      .toBe('b');
    proxy.mend();
    for (const each of Object.values(work)) {
      expect((await answered(each)).duplicate).toBe(true);
    }
    expect(await all(beside.journal.read('journal.x.y', 0))).toHaveLength(2);
    expect(await beside.queue.pending('sweep')).toBe(1);
  });

  test('a renewal whose answer was lost does not lose the lease', async () => {
    await using servers = await startNats();
    using proxy = await deafProxy(servers.addresses[0]);
    const times = { requestTimeoutMs: 500, leaseMs: 10 * LONG_MS };
    await using ports = await open([proxy.address], times);
    const lease = await ports.leases.acquire('partition', 'node-1');
    proxy.loseAnswers();
    await expectRefusal(lease!.renew(), 'UNAVAILABLE');
    proxy.mend();
    const renewed = () => lease!.renew().catch(String);
    await expect.poll(renewed, { timeout: LONG_MS }).toBe(true);
  });

  test('a lease ends by the clock of the broker while its holder is cut off', async () => {
    await using servers = await startNats();
    using proxy = await deafProxy(servers.addresses[0]);
    await using cutOff = await open([proxy.address], { requestTimeoutMs: 300, leaseMs: 500 });
    await using other = await open(servers.addresses);
    expect(other.leases.lifetimeMs).toBe(500);
    const lost = await cutOff.leases.acquire('partition', 'node-1');
    proxy.loseAll();
    const take = () => other.leases.acquire('partition', 'node-2');
    await expect.poll(take, { timeout: LONG_MS }).toBeDefined();
    await expectRefusal(lost!.renew(), 'UNAVAILABLE');
    proxy.mend();
    // Its holder may be told late that the time of the other is over too, but never that it holds.
    const renewed = () => lost!.renew().catch(String);
    await expect.poll(renewed, { timeout: LONG_MS }).toBe(false);
  });
});

suite(needingNats('three servers of NATS'), () => {
  const write = async (disturb: (servers: NatsServers, index: number) => Promise<void>) => {
    await using servers = await startNats({ count: 3 });
    await using ports = await open(servers.addresses, { replicas: 3, requestTimeoutMs: 15_000 });
    await writeThrough(ports, 60, (index) => disturb(servers, index));
    await expectWritten(ports, 60);
    // Each server alone knows it, once it has caught up.
    for (const address of servers.addresses) {
      await using alone = await open([address], { replicas: 3 });
      await expectWritten(alone, 60);
    }
  };

  test('any one can be killed at any time, and comes back with its store', async () => {
    const random = mulberry32(9);
    await write(async (servers, index) => {
      if (index % 20 !== 10) return;
      const victim = Math.floor(3 * random.next());
      await servers.kill(victim);
      await servers.restart(victim);
    });
  });

  test('a node that starts while nobody leads waits until somebody does', async () => {
    await using servers = await startNats({ count: 3 });
    const settings = { replicas: 3, startTimeoutMs: 10 * LONG_MS };
    await (await open(servers.addresses, settings)).close();
    await servers.kill(0);
    await servers.kill(1);
    const opening = open(servers.addresses, settings);
    await servers.restart(0);
    await servers.restart(1);
    await using ports = await opening;
    const kept = await answered(() => ports.journal.append('journal.x.y', 'a', bytesOf('a'), 0));
    expect(kept.position).toBe(1);
  });

  test('any one can stop for a while, and go on as if nothing had been', async () => {
    const random = mulberry32(10);
    let paused: number | undefined;
    await write((servers, index) => {
      if (index % 20 === 5) {
        paused = Math.floor(3 * random.next());
        servers.pause(paused);
      }
      if (index % 20 === 15 && paused !== undefined) servers.resume(paused);
      return Promise.resolve();
    });
  });
});
