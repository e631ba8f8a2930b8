import type { Task } from '@sema/qar/ports';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BAD_NAMES,
  BAD_NUMBERS,
  bytesOf,
  expectRefusal,
  freshName,
  NEVER_MS,
  openPair,
  textOf,
} from './port-world.ts';
import type { OpenWorld, Pair } from './port-world.ts';

const PATIENT = { leaseMs: NEVER_MS, silenceMs: NEVER_MS };
/** Workers are given up on soon. */
const HASTY = { leaseMs: NEVER_MS, silenceMs: 200 };
/** Ends a test that would otherwise hang; nothing depends on it. */
const LONG_MS = 60_000;

export function describeQueue(open: OpenWorld): void {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair(open, PATIENT);
  });

  const taken = async (node: Pair['here'], queue: string, waitMs = LONG_MS): Promise<Task> => {
    const task = await node.queue.take(queue, waitMs);
    if (task === undefined) throw new Error(`nothing to do in ${queue}`);
    return task;
  };

  describe('work queue', () => {
    test('a task is handed out once, in the order in which tasks came', async () => {
      const queue = freshName('sweep');
      for (const id of ['a', 'b', 'c']) await pair.here.queue.submit(queue, id, bytesOf(id));
      const tasks = [await taken(pair.here, queue), await taken(pair.there, queue)];
      tasks.push(await taken(pair.here, queue));
      expect(tasks.map(({ id, bytes, attempt }) => [id, textOf(bytes), attempt])).toEqual([
        ['a', 'a', 1],
        ['b', 'b', 1],
        ['c', 'c', 1],
      ]);
      expect(await pair.there.queue.take(queue, 0)).toBeUndefined();
    });

    test('a worker that waits gets the task that comes', async () => {
      const queue = freshName('sweep');
      const waiting = taken(pair.there, queue);
      await pair.here.queue.submit(queue, 'a', bytesOf('a'));
      expect((await waiting).id).toBe('a');
    });

    test('workers that wait get a task each', async () => {
      const queue = freshName('sweep');
      const waiting = [0, 1, 2, 3].map((n) => taken(n % 2 === 0 ? pair.here : pair.there, queue));
      for (const id of ['a', 'b', 'c', 'd']) await pair.here.queue.submit(queue, id, bytesOf(id));
      const ids = (await Promise.all(waiting)).map(({ id }) => id);
      expect(ids.sort()).toEqual(['a', 'b', 'c', 'd']);
    });

    test('what is done is pending no more, and comes no more', async () => {
      const queue = freshName('sweep');
      for (const id of ['a', 'b']) await pair.here.queue.submit(queue, id, bytesOf(id));
      expect(await pair.there.queue.pending(queue)).toBe(2);
      const task = await taken(pair.there, queue);
      expect(await pair.there.queue.pending(queue)).toBe(2);
      await task.done();
      await expect.poll(() => pair.here.queue.pending(queue), { timeout: LONG_MS }).toBe(1);
      await (await taken(pair.here, queue)).done();
      await expect.poll(() => pair.here.queue.pending(queue), { timeout: LONG_MS }).toBe(0);
      expect(await pair.here.queue.take(queue, 0)).toBeUndefined();
    });

    test('done twice is done', async () => {
      const queue = freshName('sweep');
      await pair.here.queue.submit(queue, 'a', bytesOf('a'));
      const task = await taken(pair.here, queue);
      await task.done();
      await task.done();
      await expect.poll(() => pair.here.queue.pending(queue), { timeout: LONG_MS }).toBe(0);
    });

    test('a repeated id is kept once, also when it is done', async () => {
      const queue = freshName('sweep');
      const once = await pair.here.queue.submit(queue, 'same', bytesOf('a'));
      const again = { position: once.position, duplicate: true };
      expect(once.duplicate).toBe(false);
      expect(await pair.there.queue.submit(queue, 'same', bytesOf('b'))).toEqual(again);
      await (await taken(pair.there, queue)).done();
      expect(await pair.there.queue.submit(queue, 'same', bytesOf('c'))).toEqual(again);
      expect(await pair.here.queue.take(queue, 0)).toBeUndefined();
    });

    test('what is released is handed out again, and counted', async () => {
      const queue = freshName('sweep');
      await pair.here.queue.submit(queue, 'a', bytesOf('a'));
      await (await taken(pair.here, queue)).release();
      const again = await taken(pair.there, queue);
      expect([again.id, again.attempt]).toEqual(['a', 2]);
    });

    test('queues do not mix', async () => {
      const [one, two] = [freshName('sweep'), freshName('sweep')];
      await pair.here.queue.submit(one, 'a', bytesOf('a'));
      expect(await pair.here.queue.take(two, 0)).toBeUndefined();
      expect(await pair.here.queue.pending(two)).toBe(0);
      expect((await taken(pair.here, one)).id).toBe('a');
    });

    test('a wait ends without a task when none comes', async () => {
      expect(await pair.here.queue.take(freshName('sweep'), 20)).toBeUndefined();
    });

    test('names, waits and sizes that it does not take are refused', async () => {
      const { queue } = pair.here;
      for (const bad of BAD_NAMES) {
        await expectRefusal(queue.submit(bad, 'id', bytesOf('')), 'BAD_NAME');
        await expectRefusal(queue.submit('queue', bad, bytesOf('')), 'BAD_NAME');
        await expectRefusal(queue.take(bad, 0), 'BAD_NAME');
        await expectRefusal(queue.pending(bad), 'BAD_NAME');
      }
      for (const bad of BAD_NUMBERS) await expectRefusal(queue.take('queue', bad), 'BAD_NUMBER');
      const tooLarge = new Uint8Array(512 * 1024 + 1);
      await expectRefusal(queue.submit('queue', 'id', tooLarge), 'TOO_LARGE');
    });
  });

  describe('work queue whose workers go silent', () => {
    test('the task of a silent worker is handed out again', async () => {
      const { here, there } = await openPair(open, HASTY);
      const queue = freshName('sweep');
      await here.queue.submit(queue, 'a', bytesOf('a'));
      expect((await taken(here, queue)).attempt).toBe(1);
      const again = await taken(there, queue);
      expect([again.id, textOf(again.bytes)]).toEqual(['a', 'a']);
      expect(again.attempt).toBeGreaterThan(1);
    });

    test('what was silent and then done comes no more', async () => {
      const { here, there } = await openPair(open, HASTY);
      const queue = freshName('sweep');
      await here.queue.submit(queue, 'a', bytesOf('a'));
      const late = await taken(here, queue);
      await taken(there, queue);
      await late.done();
      await expect.poll(() => there.queue.pending(queue), { timeout: LONG_MS }).toBe(0);
    });

    test('a worker that extends its task keeps it', async () => {
      const { here, there } = await openPair(open, { leaseMs: NEVER_MS, silenceMs: 5000 });
      const queue = freshName('sweep');
      await here.queue.submit(queue, 'a', bytesOf('a'));
      const task = await taken(here, queue);
      const begin = performance.now();
      let isKept = true;
      // Longer than the silence that would lose it.
      while (performance.now() - begin < 6000) {
        await task.extend();
        isKept &&= (await there.queue.take(queue, 500)) === undefined;
      }
      expect(isKept).toBe(true);
      await task.done();
      await expect.poll(() => there.queue.pending(queue), { timeout: LONG_MS }).toBe(0);
    });
  });

  test('a queue that is full refuses until something is done', async () => {
    const { here } = await openPair(open, { ...PATIENT, limits: { tasks: 2 } });
    const queue = freshName('sweep');
    for (const id of ['a', 'b']) await here.queue.submit(queue, id, bytesOf(id));
    await expectRefusal(here.queue.submit(queue, 'c', bytesOf('c')), 'FULL');
    await (await taken(here, queue)).done();
    const kept = () =>
      here.queue.submit(queue, 'c', bytesOf('c')).then(
        () => 'kept',
        () => 'full',
      );
    await expect.poll(kept, { timeout: LONG_MS }).toBe('kept');
  });
}
