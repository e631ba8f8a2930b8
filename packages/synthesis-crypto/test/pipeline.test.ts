import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { PrivateKey } from '../src/index.ts';
import { orderedStream, signingStream, verifyingStream } from '../src/pipeline.ts';
import type { VerifiedMessage } from '../src/pipeline.ts';
import { expectCode } from './expect-code.ts';

const key = PrivateKey.generate('Ed25519');
const messages = Array.from({ length: 50 }, (_, index) => Uint8Array.of(index));

test('signs and verifies in order', async () => {
  const results: VerifiedMessage[] = [];
  await pipeline(
    Readable.from(messages),
    signingStream(key, 4),
    verifyingStream(key.publicKey, 4),
    async (verified: AsyncIterable<VerifiedMessage>) => {
      for await (const item of verified) results.push(item);
    },
  );
  expect(results.map(({ message }) => message)).toEqual(messages);
  expect(results.every(({ valid }) => valid)).toBe(true);
});

test('takes a worker pool or a cache in place of the key', async () => {
  const signed = Readable.from(messages).pipe(signingStream(async (item) => key.sign(item), 3));
  const verdicts: boolean[] = [];
  const checked = signed.pipe(verifyingStream(({ message }) => message[0] % 2 === 0, 3));
  for await (const item of checked) verdicts.push((item as VerifiedMessage).valid);
  expect(verdicts).toEqual(messages.map((message) => message[0] % 2 === 0));
});

test('gives results in order though later ones are ready first', async () => {
  const release: (() => void)[] = [];
  const stream = orderedStream<number, string>(
    (item) => new Promise((resolve) => release.push(() => resolve(`done ${item}`))),
    3,
  );
  const results: unknown[] = [];
  const reading = (async () => {
    for await (const item of stream) results.push(item);
  })();
  for (const item of [1, 2, 3]) stream.write(item);
  stream.end();
  while (release.length < 3) await new Promise(setImmediate);
  for (const go of release.toReversed()) go();
  await reading;
  expect(results).toEqual(['done 1', 'done 2', 'done 3']);
});

test('a slow reader slows the writer: what is in flight stays bounded', async () => {
  let started = 0;
  let finished = 0;
  let most = 0;
  const concurrency = 4;
  const stream = orderedStream<number, number>((item) => {
    started += 1;
    most = Math.max(most, started - finished);
    return item;
  }, concurrency);
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(_item, _encoding, done) {
      finished += 1;
      setImmediate(done);
    },
  });
  await pipeline(Readable.from(Array(500).keys()), stream, slow);
  expect(finished).toBe(500);
  // At work, in the readable buffer, and in the two writers' hands.
  expect(most).toBeLessThanOrEqual(3 * concurrency + 2);
});

describe('a failure', () => {
  test('ends the pipeline with its own error', async () => {
    const stream = orderedStream<number, number>((item) => {
      if (item === 5) throw new RangeError('five');
      return item;
    }, 2);
    const sink = new Writable({ objectMode: true, write: (_item, _encoding, done) => done() });
    await expect(pipeline(Readable.from(Array(50).keys()), stream, sink)).rejects.toThrow('five');
    expect(stream.destroyed).toBe(true);
  });

  test('of the arguments is refused', () => {
    for (const concurrency of [0, 1025, 1.5, NaN]) {
      expectCode('LIMIT_INVALID', () => signingStream(key, concurrency));
    }
  });
});
