import { beforeAll, describe, expect, test } from 'vitest';
import { BAD_NAMES, bytesOf, expectRefusal, freshName, NEVER_MS, openPair } from './port-world.ts';
import type { OpenWorld, Pair } from './port-world.ts';

const TIMES = { leaseMs: NEVER_MS, silenceMs: NEVER_MS };
const CHUNK_BYTES = 128 * 1024;
const MEGABYTE = 1024 ** 2;

/** Bytes that no two sizes share. */
function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++)
    bytes[index] = (index * 31 + (index >> 8) + size) & 255;
  return bytes;
}

/** As quick as the bytes are many, unlike an assertion that could show what differs. */
function isSame(read: Uint8Array | undefined, bytes: Uint8Array): boolean {
  return read !== undefined && Buffer.compare(read, bytes) === 0;
}

export function describeBlobs(open: OpenWorld): void {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair(open, { ...TIMES, limits: { blobBytes: 24 * MEGABYTE } });
  });

  describe('blobs', () => {
    test.each([
      0,
      1,
      CHUNK_BYTES - 1,
      CHUNK_BYTES,
      CHUNK_BYTES + 1,
      3 * CHUNK_BYTES,
      24 * MEGABYTE,
    ])('a blob of %i bytes is read elsewhere as it was put', async (size) => {
      const name = freshName('snapshots');
      const bytes = pattern(size);
      await pair.here.blobs.put(name, bytes);
      const read = await pair.there.blobs.get(name);
      expect(read?.length).toBe(size);
      expect(Buffer.compare(read!, bytes)).toBe(0);
    });

    test('a blob that is put again is replaced', async () => {
      const name = freshName('snapshots');
      await pair.here.blobs.put(name, pattern(3 * CHUNK_BYTES));
      await pair.there.blobs.put(name, bytesOf('small'));
      expect(await pair.here.blobs.get(name)).toEqual(bytesOf('small'));
      await pair.here.blobs.put(name, new Uint8Array(0));
      expect(await pair.there.blobs.get(name)).toEqual(new Uint8Array(0));
    });

    test('who reads while a blob is replaced gets one of the two, whole', async () => {
      const name = freshName('snapshots');
      const versions = [pattern(2 * CHUNK_BYTES), pattern(2 * CHUNK_BYTES + 1)];
      await pair.here.blobs.put(name, versions[0]);
      let isOver = false;
      const writing = (async () => {
        for (let round = 1; round <= 12; round++) {
          await pair.here.blobs.put(name, versions[round % 2]);
        }
        isOver = true;
      })();
      const seen = new Set<number>();
      do {
        const bytes = await pair.there.blobs.get(name);
        const version = versions.findIndex((each) => isSame(bytes, each));
        seen.add(version);
      } while (!isOver);
      await writing;
      expect(seen).not.toContain(-1);
    });

    test('two who put one name at once leave one of the two, and nothing else', async () => {
      const name = freshName('snapshots');
      const [one, two] = [pattern(CHUNK_BYTES + 5), pattern(CHUNK_BYTES + 7)];
      await Promise.all([pair.here.blobs.put(name, one), pair.there.blobs.put(name, two)]);
      const read = await pair.here.blobs.get(name);
      expect([one.length, two.length]).toContain(read?.length);
      expect(isSame(await pair.there.blobs.get(name), read!)).toBe(true);
    });

    test('what is deleted is gone, and can be put again', async () => {
      const name = freshName('snapshots');
      await pair.here.blobs.delete(name);
      await pair.here.blobs.put(name, bytesOf('a'));
      await pair.there.blobs.delete(name);
      expect(await pair.here.blobs.get(name)).toBeUndefined();
      expect(await pair.here.blobs.list(name)).toEqual([]);
      await pair.here.blobs.put(name, bytesOf('b'));
      expect(await pair.there.blobs.get(name)).toEqual(bytesOf('b'));
    });

    test('an unknown name has no blob', async () => {
      expect(await pair.here.blobs.get(freshName('snapshots'))).toBeUndefined();
    });

    test('names that begin alike are listed, sorted', async () => {
      const stem = freshName('results');
      const names = ['b', 'a', 'a/b', 'c:1', 'c.1'].map((end) => `${stem}/${end}`);
      for (const name of names) await pair.here.blobs.put(name, bytesOf(name));
      expect(await pair.there.blobs.list(`${stem}/`)).toEqual([...names].sort());
      expect(await pair.there.blobs.list(`${stem}/c`)).toEqual([`${stem}/c.1`, `${stem}/c:1`]);
      expect(await pair.there.blobs.list(`${stem}/d`)).toEqual([]);
      expect(await pair.there.blobs.list('')).toEqual(expect.arrayContaining(names));
    });

    test('bytes that their giver writes into later stay as they were put', async () => {
      const name = freshName('snapshots');
      const bytes = pattern(CHUNK_BYTES + 1);
      const putting = pair.here.blobs.put(name, bytes);
      bytes.fill(0);
      await putting;
      expect(isSame(await pair.there.blobs.get(name), pattern(CHUNK_BYTES + 1))).toBe(true);
    });

    test('names and sizes that it does not take are refused', async () => {
      const { blobs } = pair.here;
      for (const bad of BAD_NAMES) {
        await expectRefusal(blobs.put(bad, bytesOf('')), 'BAD_NAME');
        await expectRefusal(blobs.get(bad), 'BAD_NAME');
        await expectRefusal(blobs.delete(bad), 'BAD_NAME');
        if (bad !== '') await expectRefusal(blobs.list(bad), 'BAD_NAME');
      }
      await expectRefusal(blobs.put('name', new Uint8Array(24 * MEGABYTE + 1)), 'TOO_LARGE');
    });
  });

  test('a store of blobs that is full refuses, and takes again when there is room', async () => {
    const limits = { totalBytes: 3 * MEGABYTE };
    const { here } = await openPair(open, { ...TIMES, limits });
    await here.blobs.put('one', pattern(2 * MEGABYTE));
    await expectRefusal(here.blobs.put('two', pattern(2 * MEGABYTE)), 'FULL');
    expect(await here.blobs.get('two')).toBeUndefined();
    expect(isSame(await here.blobs.get('one'), pattern(2 * MEGABYTE))).toBe(true);
    await here.blobs.delete('one');
    await here.blobs.put('two', pattern(2 * MEGABYTE));
    expect(await here.blobs.list('')).toEqual(['two']);
  });
}
