import { describe, expect, test } from 'vitest';
import { describeBlobs } from './describe-blobs.ts';
import { describeLeases } from './describe-leases.ts';
import { describeQueue } from './describe-queue.ts';
import { describeBus, describeJournal } from './describe-records.ts';
import { all, bytesOf, expectRefusal, freshName, NEVER_MS } from './port-world.ts';
import type { OpenWorld } from './port-world.ts';

/**
 * What any implementation of the ports must do, seen from two nodes of one world.
 *
 * @param runs - cases of each property that is checked with random input
 */
export function describePorts(name: string, open: OpenWorld, { runs }: { runs: number }): void {
  describe(name, () => {
    describeBus(open, runs);
    describeJournal(open, runs);
    describeQueue(open);
    describeLeases(open);
    describeBlobs(open);

    test('what waits at ports that are closed is told so, as is all that comes later', async () => {
      const world = await open({ leaseMs: NEVER_MS, silenceMs: NEVER_MS });
      const ports = await world.connect();
      const { signal } = new AbortController();
      const lease = await ports.leases.acquire(freshName('partition'), 'node');
      const waiting = [
        all(ports.bus.follow(freshName('candles'), 0, signal)),
        ports.queue.take(freshName('sweep'), NEVER_MS),
      ].map((work) => expectRefusal(work, 'CLOSED'));
      await ports.close();
      await Promise.all(waiting);
      await ports.close();
      const { bus, journal, queue, leases, blobs } = ports;
      const later: (() => Promise<unknown>)[] = [
        () => bus.publish('a', 'b', bytesOf('c')),
        () => all(bus.follow('a', 0, signal)),
        () => bus.last('a'),
        () => journal.append('a', 'b', bytesOf('c'), 0),
        () => all(journal.read('a', 0)),
        () => journal.last('a'),
        () => queue.submit('a', 'b', bytesOf('c')),
        () => queue.take('a', 0),
        () => queue.pending('a'),
        () => leases.acquire('a', 'b'),
        () => leases.holder('a'),
        () => lease!.renew(),
        () => lease!.release(),
        () => blobs.put('a', bytesOf('b')),
        () => blobs.get('a'),
        () => blobs.delete('a'),
        () => blobs.list(''),
      ];
      for (const work of later) await expectRefusal(work(), 'CLOSED');
      expect(later).toHaveLength(17);
    });
  });
}
