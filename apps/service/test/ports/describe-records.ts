import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  all,
  BAD_NAMES,
  BAD_NUMBERS,
  bytesOf,
  expectRefusal,
  first,
  freshName,
  NEVER_MS,
  openPair,
  textOf,
} from './port-world.ts';
import type { OpenWorld, Pair } from './port-world.ts';

const TIMES = { leaseMs: NEVER_MS, silenceMs: NEVER_MS };
const NO_SIGNAL = new AbortController().signal;

export function describeBus(open: OpenWorld, runs: number): void {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair(open, { ...TIMES, limits: { messagesPerSubject: 64 } });
  });

  describe('bus', () => {
    test('what is published is followed elsewhere, in its order, with its bytes', async () => {
      const subject = freshName('candles');
      for (const each of ['a', 'b', 'c']) await pair.here.bus.publish(subject, each, bytesOf(each));
      const records = await first(3, (signal) => pair.there.bus.follow(subject, 0, signal));
      expect(records.map(({ id, bytes }) => [id, textOf(bytes)])).toEqual([
        ['a', 'a'],
        ['b', 'b'],
        ['c', 'c'],
      ]);
      const [a, b, c] = records.map(({ position }) => position);
      expect(a).toBeGreaterThanOrEqual(1);
      expect(b).toBeGreaterThan(a);
      expect(c).toBeGreaterThan(b);
    });

    test('a follower that waits gets the messages that come, of its subject only', async () => {
      const [subject, other] = [freshName('candles'), freshName('candles')];
      const following = first(20, (signal) => pair.there.bus.follow(subject, 0, signal));
      for (let index = 0; index < 20; index++) {
        await pair.here.bus.publish(other, String(index), bytesOf('another'));
        await pair.here.bus.publish(subject, String(index), bytesOf(String(index)));
      }
      const records = await following;
      expect(records.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    });

    test('a follower from a position gets what comes after it', async () => {
      const subject = freshName('candles');
      const { position } = await pair.here.bus.publish(subject, 'a', bytesOf('a'));
      const later = await pair.here.bus.publish(subject, 'b', bytesOf('b'));
      const [record] = await first(1, (signal) => pair.there.bus.follow(subject, position, signal));
      expect(record).toEqual({ position: later.position, id: 'b', bytes: bytesOf('b') });
    });

    test('a repeated id is kept once, and its position is told', async () => {
      const subject = freshName('decisions');
      const once = await pair.here.bus.publish(subject, 'same', bytesOf('first'));
      const again = await pair.there.bus.publish(subject, 'same', bytesOf('second'));
      expect(once.duplicate).toBe(false);
      expect(again).toEqual({ position: once.position, duplicate: true });
      const last = await pair.here.bus.last(subject);
      expect(textOf(last?.bytes)).toBe('first');
    });

    test('an id that many publish at once is kept once', async () => {
      for (let round = 0; round < 5; round++) {
        const subject = freshName('decisions');
        const all = Array.from({ length: 12 }, (_, index) =>
          (index % 2 === 0 ? pair.here : pair.there).bus.publish(subject, 'same', bytesOf('x')),
        );
        const kept = await Promise.all(all);
        expect(kept.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
        await pair.here.bus.publish(subject, 'end', bytesOf('x'));
        const records = await first(2, (signal) => pair.there.bus.follow(subject, 0, signal));
        expect(records.map(({ id }) => id)).toEqual(['same', 'end']);
      }
    });

    test('the same id under two subjects is two messages', async () => {
      const [one, two] = [freshName('candles'), freshName('candles')];
      expect(await pair.here.bus.publish(one, 'same', bytesOf('1'))).toMatchObject({
        duplicate: false,
      });
      expect(await pair.here.bus.publish(two, 'same', bytesOf('2'))).toMatchObject({
        duplicate: false,
      });
    });

    test('any sequence with repetitions is followed as its first occurrences', async () => {
      const sequences = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 24 });
      await fc.assert(
        fc.asyncProperty(sequences, async (sequence) => {
          const subject = freshName('candles');
          for (const [index, id] of sequence.entries()) {
            const node = index % 2 === 0 ? pair.here : pair.there;
            await node.bus.publish(subject, String(id), bytesOf(String(id)));
          }
          const distinct = [...new Set(sequence)].map(String);
          const records = await first(distinct.length, (signal) =>
            pair.here.bus.follow(subject, 0, signal),
          );
          expect(records.map(({ id }) => id)).toEqual(distinct);
          expect((await pair.there.bus.last(subject))?.id).toBe(distinct.at(-1));
        }),
        { seed: 7, numRuns: runs },
      );
    });

    test('two publishers at once lose nothing, and all followers see one order', async () => {
      const subject = freshName('candles');
      const publishAll = async (node: Pair['here'], prefix: string): Promise<void> => {
        for (let index = 0; index < 16; index++) {
          await node.bus.publish(subject, `${prefix}${String(index)}`, bytesOf('x'));
        }
      };
      const followers = [pair.here, pair.there].map((node) =>
        first(32, (signal) => node.bus.follow(subject, 0, signal)),
      );
      await Promise.all([publishAll(pair.here, 'a'), publishAll(pair.there, 'b')]);
      const [one, two] = await Promise.all(followers);
      expect(two).toEqual(one);
      for (const prefix of ['a', 'b']) {
        const own = one.map(({ id }) => id).filter((id) => id.startsWith(prefix));
        expect(own).toEqual(Array.from({ length: 16 }, (_, index) => `${prefix}${String(index)}`));
      }
    });

    test('a subject keeps its newest messages', async () => {
      const subject = freshName('candles');
      for (let index = 0; index < 80; index++) {
        await pair.here.bus.publish(subject, String(index), bytesOf(String(index)));
      }
      // A replica that is behind drops later.
      const oldest = async (): Promise<string> => {
        const [record] = await first(1, (signal) => pair.there.bus.follow(subject, 0, signal));
        return record.id;
      };
      await expect.poll(oldest, { timeout: 60_000 }).toBe('16');
    });

    test('a follower ends when its signal aborts, also while it waits', async () => {
      const stop = new AbortController();
      const ended = all(pair.here.bus.follow(freshName('candles'), 0, stop.signal));
      stop.abort();
      expect(await ended).toEqual([]);
      expect(await all(pair.here.bus.follow(freshName('candles'), 0, stop.signal))).toEqual([]);
    });

    test('an unknown subject has no last message', async () => {
      expect(await pair.here.bus.last(freshName('candles'))).toBeUndefined();
    });

    test('bytes of 0 and of all values are kept as they are', async () => {
      const subject = freshName('candles');
      await pair.here.bus.publish(subject, 'none', new Uint8Array(0));
      const every = Uint8Array.from({ length: 256 }, (_, index) => index);
      await pair.here.bus.publish(subject, 'every', every);
      every.fill(7);
      const [none, kept] = await first(2, (signal) => pair.there.bus.follow(subject, 0, signal));
      expect(none.bytes).toEqual(new Uint8Array(0));
      expect(kept.bytes).toEqual(Uint8Array.from({ length: 256 }, (_, index) => index));
    });

    test('names, positions and sizes that it does not take are refused', async () => {
      const { bus } = pair.here;
      for (const bad of BAD_NAMES) {
        await expectRefusal(bus.publish(bad, 'id', bytesOf('')), 'BAD_NAME');
        await expectRefusal(bus.publish('subject', bad, bytesOf('')), 'BAD_NAME');
        await expectRefusal(bus.last(bad), 'BAD_NAME');
        await expectRefusal(all(bus.follow(bad, 0, NO_SIGNAL)), 'BAD_NAME');
      }
      for (const bad of BAD_NUMBERS) {
        await expectRefusal(all(bus.follow('subject', bad, NO_SIGNAL)), 'BAD_NUMBER');
      }
      const tooLarge = new Uint8Array(512 * 1024 + 1);
      await expectRefusal(bus.publish('subject', 'id', tooLarge), 'TOO_LARGE');
      const largest = await bus.publish(freshName('large'), 'id', tooLarge.subarray(1));
      expect(largest.duplicate).toBe(false);
    });

    test('names that differ little are different subjects', async () => {
      const stem = freshName('x');
      const subjects = ['', '.', '..', '/', ':', '-', '_', '.a', './a', ':a'];
      for (const end of subjects) await pair.here.bus.publish(stem + end, 'id', bytesOf(end));
      for (const end of subjects) {
        expect(textOf((await pair.there.bus.last(stem + end))?.bytes)).toBe(end);
      }
    });
  });
}

export function describeJournal(open: OpenWorld, runs: number): void {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair(open, TIMES);
  });

  /** Appends at the end as it is known, which others may move. */
  const appendAtEnd = async (node: Pair['here'], subject: string, id: string): Promise<void> => {
    for (;;) {
      const after = (await node.journal.last(subject))?.position ?? 0;
      try {
        await node.journal.append(subject, id, bytesOf(id), after);
        return;
      } catch (error) {
        // Another was first.
        expect(error).toMatchObject({ code: 'CONFLICT' });
      }
    }
  };

  describe('journal', () => {
    test('what is appended is read elsewhere, up to the newest', async () => {
      const subject = freshName('journal');
      const a = await pair.here.journal.append(subject, 'a', bytesOf('a'), 0);
      const b = await pair.there.journal.append(subject, 'b', bytesOf('b'), a.position);
      const records = await all(pair.there.journal.read(subject, 0));
      expect(records).toEqual([
        { position: a.position, id: 'a', bytes: bytesOf('a') },
        { position: b.position, id: 'b', bytes: bytesOf('b') },
      ]);
      expect(await all(pair.here.journal.read(subject, a.position))).toEqual(records.slice(1));
      expect(await all(pair.here.journal.read(subject, b.position))).toEqual([]);
      expect(await pair.here.journal.last(subject)).toEqual(records[1]);
    });

    test('an unknown subject is empty', async () => {
      expect(await pair.here.journal.last(freshName('journal'))).toBeUndefined();
      expect(await all(pair.here.journal.read(freshName('journal'), 0))).toEqual([]);
    });

    test('who does not know the end cannot append', async () => {
      const subject = freshName('journal');
      const { append } = { append: pair.here.journal.append.bind(pair.here.journal) };
      await expectRefusal(append(subject, 'x', bytesOf('x'), 7), 'CONFLICT');
      const a = await append(subject, 'a', bytesOf('a'), 0);
      const b = await append(subject, 'b', bytesOf('b'), a.position);
      for (const after of [0, a.position, b.position + 1]) {
        await expectRefusal(append(subject, 'x', bytesOf('x'), after), 'CONFLICT');
      }
      expect((await all(pair.there.journal.read(subject, 0))).map(({ id }) => id)).toEqual([
        'a',
        'b',
      ]);
    });

    test('an append that is asked again finds its record, however much followed', async () => {
      const subject = freshName('journal');
      const { journal } = pair.here;
      const a = await journal.append(subject, 'a', bytesOf('a'), 0);
      const again = { position: a.position, duplicate: true };
      expect(await pair.there.journal.append(subject, 'a', bytesOf('a'), 0)).toEqual(again);
      const b = await journal.append(subject, 'b', bytesOf('b'), a.position);
      await journal.append(subject, 'c', bytesOf('c'), b.position);
      expect(await pair.there.journal.append(subject, 'a', bytesOf('a'), 0)).toEqual(again);
      expect(await all(journal.read(subject, 0))).toHaveLength(3);
    });

    test('of two who append at once one wins, each time', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(5), async (length) => {
          const subject = freshName('journal');
          let after = 0;
          for (let index = 0; index < length; index++) {
            const kept = await pair.here.journal.append(subject, `i${index}`, bytesOf(''), after);
            after = kept.position;
          }
          const outcomes = await Promise.allSettled([
            pair.here.journal.append(subject, 'here', bytesOf('here'), after),
            pair.there.journal.append(subject, 'there', bytesOf('there'), after),
          ]);
          const lost = outcomes.filter(({ status }) => status === 'rejected');
          expect(lost).toMatchObject([{ reason: { code: 'CONFLICT' } }]);
          const records = await all(pair.there.journal.read(subject, after));
          expect(records).toHaveLength(1);
        }),
        { seed: 11, numRuns: 4 * runs },
      );
    });

    test('writers that race keep each record once, in one history', async () => {
      const subject = freshName('journal');
      const ids = ['a', 'b', 'c', 'd'].flatMap((writer) => [0, 1, 2, 3, 4].map((n) => writer + n));
      await Promise.all(
        ids.map((id, index) => appendAtEnd(index % 2 === 0 ? pair.here : pair.there, subject, id)),
      );
      const records = await all(pair.here.journal.read(subject, 0));
      expect(records.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const positions = records.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      expect(await all(pair.there.journal.read(subject, 0))).toEqual(records);
    });

    test('subjects have ends of their own', async () => {
      const [one, two] = [freshName('journal'), freshName('journal')];
      const a = await pair.here.journal.append(one, 'a', bytesOf('a'), 0);
      await pair.here.journal.append(two, 'a', bytesOf('a'), 0);
      await pair.here.journal.append(one, 'b', bytesOf('b'), a.position);
      expect(await all(pair.there.journal.read(two, 0))).toHaveLength(1);
    });

    test('names, positions and sizes that it does not take are refused', async () => {
      const { journal } = pair.here;
      for (const bad of BAD_NAMES) {
        await expectRefusal(journal.append(bad, 'id', bytesOf(''), 0), 'BAD_NAME');
        await expectRefusal(journal.append('subject', bad, bytesOf(''), 0), 'BAD_NAME');
        await expectRefusal(journal.last(bad), 'BAD_NAME');
        await expectRefusal(all(journal.read(bad, 0)), 'BAD_NAME');
      }
      for (const bad of BAD_NUMBERS) {
        await expectRefusal(journal.append('subject', 'id', bytesOf(''), bad), 'BAD_NUMBER');
        await expectRefusal(all(journal.read('subject', bad)), 'BAD_NUMBER');
      }
      const tooLarge = new Uint8Array(512 * 1024 + 1);
      await expectRefusal(journal.append('subject', 'id', tooLarge, 0), 'TOO_LARGE');
    });
  });

  test('a journal that is full refuses, and keeps what it has', async () => {
    const { here } = await openPair(open, { ...TIMES, limits: { journalRecords: 3 } });
    const subject = freshName('journal');
    for (const id of ['a', 'b', 'c']) await appendAtEnd(here, subject, id);
    const end = (await here.journal.last(subject))?.position ?? 0;
    await expectRefusal(here.journal.append(subject, 'd', bytesOf('d'), end), 'FULL');
    expect((await all(here.journal.read(subject, 0))).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
}
