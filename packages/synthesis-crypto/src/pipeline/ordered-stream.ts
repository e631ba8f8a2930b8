import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { SynthesisCryptoError } from '../errors.ts';

/**
 * An object stream that does some work on every item, several at a time, and gives the results in
 * the order of the items. It takes no more in than it may work on at once, and works on no more
 * than the reader keeps up with: a slow reader slows the writer. The first failure ends it.
 *
 * @param work - on one item; what it returns must not be null or undefined.
 * @param concurrency - the most items at once, 1 to 1024.
 * @throws {SynthesisCryptoError} `LIMIT_INVALID`
 */
export function orderedStream<Input, Output extends NonNullable<unknown>>(
  work: (item: Input) => Output | Promise<Output>,
  concurrency: number,
): Transform {
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1024) {
    throw new SynthesisCryptoError('LIMIT_INVALID', `${concurrency} at once is not in [1, 1024]`);
  }
  const running: Promise<Output>[] = [];
  return new Transform({
    objectMode: true,
    readableHighWaterMark: concurrency,
    writableHighWaterMark: concurrency,
    // The writer's items are what `work` takes; an object stream has no types of its own.
    transform(item: Input, _encoding, done) {
      const result = Promise.resolve(item).then(work);
      // Its turn to be awaited comes later; until then a failure is not unhandled.
      result.catch(() => undefined);
      running.push(result);
      if (running.length < concurrency) done();
      else void pass(this, running, 1, done);
    },
    flush(done) {
      void pass(this, running, running.length, done);
    },
  });
}

/** Hands on the first results, in order. */
async function pass<Output>(
  stream: Transform,
  running: Promise<Output>[],
  count: number,
  done: TransformCallback,
): Promise<void> {
  try {
    for (let passed = 0; passed < count; passed += 1) {
      const next = running.shift();
      if (next !== undefined) stream.push(await next);
    }
  } catch (error) {
    done(error instanceof Error ? error : new Error('the work failed', { cause: error }));
    return;
  }
  done();
}
