import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { FileBlobs } from '../../src/sweep/file-blobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'sema-blobs-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const step = fc.stringMatching(/^[A-Za-z0-9_\-:][A-Za-z0-9_\-.:]{0,11}$/);
const name = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('/'));

test('what is put is there for whoever opens the folder next, and gone when deleted', async () => {
  await fc.assert(
    fc.asyncProperty(name, fc.uint8Array(), fc.uint8Array(), async (at, first, second) => {
      const root = mkdtempSync(join(folder, 'one-'));
      await new FileBlobs(root).put(at, first);
      await new FileBlobs(root).put(at, second);
      const blobs = new FileBlobs(root);
      expect(await blobs.get(at)).toEqual(second);
      expect(await blobs.list(at.slice(0, 1))).toEqual([at]);
      await blobs.delete(at);
      expect(await blobs.get(at)).toBeUndefined();
      expect(await blobs.list('')).toEqual([]);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('names that leave the folder or are no names are refused', async () => {
  const blobs = new FileBlobs(folder);
  for (const bad of ['', '/', '../a', 'a/../b', 'a//b', './a', 'a/', 'ä', 'a b', 'a'.repeat(129)]) {
    await expect(blobs.put(bad, Buffer.of(1))).rejects.toMatchObject({ code: 'BAD_NAME' });
    await expect(blobs.get(bad)).rejects.toMatchObject({ code: 'BAD_NAME' });
  }
});

test('what was not written to its end is no blob', async () => {
  const root = mkdtempSync(join(folder, 'torn-'));
  const blobs = new FileBlobs(root);
  await blobs.put('a', Buffer.of(1));
  writeFileSync(join(root, 'b.123-0%part'), 'half of it');
  expect(await blobs.list('')).toEqual(['a']);
  expect(readdirSync(root)).toHaveLength(2);
});

test('a folder that cannot be written to is named', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await expect(new FileBlobs(file).put('a', Buffer.of(1))).rejects.toMatchObject({
    code: 'NOT_WRITABLE',
  });
});

test('a list has every name with the prefix and no other, sorted', async () => {
  const blobs = new FileBlobs(mkdtempSync(join(folder, 'list-')));
  for (const each of ['s/b/2', 's/b/10', 's/a', 't/b']) await blobs.put(each, Buffer.of(1));
  expect(await blobs.list('s/b/')).toEqual(['s/b/10', 's/b/2']);
  expect(await blobs.list('s/')).toEqual(['s/a', 's/b/10', 's/b/2']);
  expect(await blobs.list('x/')).toEqual([]);
});
