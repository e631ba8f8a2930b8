import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { OpenPorts } from '@sema/qar/ports';
import { describe, expect, test } from 'vitest';
import { natsPorts } from '../../src/nats/nats-ports.ts';
import { NATS_DEFAULTS } from '../../src/nats/nats-settings.ts';
import { NATS_SERVER, natsIsAtLeast, needingNats, startNats } from './nats-servers.ts';
import type { NatsServers } from './nats-servers.ts';

/** Ends what hangs; a loaded machine answers long before. */
const PATIENCE_MS = 120_000;
const ASK_AGAIN_MS = 5000;
const SUBJECT = 'journal.binance.BTC-USDT';
const RECORDS = 200;

function portsOf(servers: NatsServers, requestTimeoutMs = PATIENCE_MS): Promise<OpenPorts> {
  return natsPorts({
    ...NATS_DEFAULTS,
    servers: servers.addresses,
    replicas: 3,
    requestTimeoutMs,
    limits: { ...NATS_DEFAULTS.limits, totalBytes: 64 * 1024 ** 2 },
  });
}

const recordOf = (number: number): string => `record ${String(number)}`;

/** Appends records [from, to), each after the one before. */
async function write({ journal }: OpenPorts, from: number, to: number): Promise<void> {
  let after = (await journal.last(SUBJECT))?.position ?? 0;
  for (let number = from; number < to; number++) {
    const bytes = new TextEncoder().encode(recordOf(number));
    ({ position: after } = await journal.append(SUBJECT, String(number), bytes, after));
  }
}

/** All there is, asked for until somebody answers: servers may still choose who leads them. */
async function readAll(servers: NatsServers): Promise<string[]> {
  for (const until = performance.now() + PATIENCE_MS; ;) {
    try {
      // A request that nobody leads yet is lost, so it is made again rather than waited for.
      const ports = await portsOf(servers, ASK_AGAIN_MS);
      try {
        const found: string[] = [];
        for await (const { bytes } of ports.journal.read(SUBJECT, 0)) {
          found.push(new TextDecoder().decode(bytes));
        }
        return found;
      } finally {
        await ports.close();
      }
    } catch (error) {
      if (performance.now() > until) throw error;
      await wait(200);
    }
  }
}

describe.skipIf(NATS_SERVER === undefined)(needingNats('journals in JetStream'), () => {
  const all = Array.from({ length: RECORDS }, (_, number) => recordOf(number));

  /** Three servers, of which the third has lost its disk and caught up again. */
  async function startRefilled(): Promise<NatsServers> {
    const servers = await startNats({ count: 3 });
    const ports = await portsOf(servers);
    await write(ports, 0, RECORDS);
    await servers.kill(2);
    rmSync(servers.storeOf(2), { recursive: true });
    await servers.restart(2);
    await servers.ready();
    await write(ports, RECORDS, RECORDS + 1);
    await ports.close();
    await servers.caughtUp();
    return servers;
  }

  test('are on a server again that lost its disk', async () => {
    await using servers = await startRefilled();
    expect(await readAll(servers)).toEqual([...all, recordOf(RECORDS)]);
  });

  // Older servers may then choose no leader for minutes.
  test.skipIf(!natsIsAtLeast(2, 10))(
    `outlive another server after that${natsIsAtLeast(2, 10) ? '' : ' (skipped: it takes 2.10)'}`,
    async () => {
      await using servers = await startRefilled();
      await servers.kill(0);
      await servers.ready();
      expect(await readAll(servers)).toEqual([...all, recordOf(RECORDS)]);
    },
  );

  test('are restored elsewhere from copies made one server after another', async () => {
    const copies = mkdtempSync(join(tmpdir(), 'sema-nats-copies-'));
    const stores = [0, 1, 2].map((index) => join(copies, String(index)));
    try {
      await using servers = await startNats({ count: 3 });
      const ports = await portsOf(servers);
      await write(ports, 0, RECORDS);
      for (const [index, copy] of stores.entries()) {
        await servers.stop(index);
        cpSync(servers.storeOf(index), copy, { recursive: true });
        await servers.restart(index);
        await servers.ready();
        await servers.caughtUp();
        // The others went on, and so does it.
        await write(ports, RECORDS + index, RECORDS + index + 1);
      }
      await ports.close();
      await using restored = await startNats({ count: 3, stores });
      const found = await readAll(restored);
      // What was acknowledged before the first copy; what came later may be there too.
      expect(found.length).toBeGreaterThanOrEqual(RECORDS);
      const later = stores.map((_, index) => recordOf(RECORDS + index));
      expect(found).toEqual([...all, ...later].slice(0, found.length));
    } finally {
      rmSync(copies, { recursive: true, force: true });
    }
  });
});
