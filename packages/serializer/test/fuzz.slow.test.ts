import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  compress,
  decodeSnapshot,
  decodeState,
  decodeStateChunks,
  decodeSystem,
  encodeRounded,
  encodeSnapshot,
  encodeState,
  encodeSystem,
  SerializerError,
} from '@sema/serializer';
import { deflateCodec } from '@sema/serializer/zlib';
import { reseal, resealWithLength } from './forge.ts';
import { generator, randomState } from './random-states.ts';

const CASES = 1_000_000;
/** So that a mutated length may not ask for more than a quarter of a MiB at once. */
const LIMITS = { maxQubits: 12, maxBytes: 2 ** 16, codecs: [deflateCodec] };
const MEMORY_BOUND = 16 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const sections = {
  meta: { pair: 'BTC/USDT', rounds: 3, flags: [true, null, -0] },
  weights: Float64Array.of(0.25, 0.75),
  key: Uint8Array.of(1, 2),
  state: randomState(3, 5, 2),
};

/** Bytes on the heap and in array buffers that are still in use. */
function memoryKept(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Writes a decoded value so that equal values give equal bytes. */
const writeState = (bytes: Uint8Array) => encodeState(decodeState(bytes, LIMITS));
const writeSections = (bytes: Uint8Array) => encodeSnapshot(decodeSnapshot(bytes, LIMITS));

const FIXTURES = [
  { bytes: encodeState(randomState(3, 1, 2)), write: writeState },
  { bytes: encodeState(randomState(3, 2)), write: writeState },
  { bytes: encodeRounded(randomState(3, 3), 'f32').bytes, write: writeState },
  { bytes: encodeRounded(randomState(3, 4), { decimals: 4 }).bytes, write: writeState },
  { bytes: encodeSnapshot(sections), write: writeSections },
  {
    bytes: encodeSystem({
      registers: [{ qubits: [1, 0], state: randomState(2, 6) }],
      learning: { w: Float64Array.of(1) },
      counters: { a: 1 },
    }),
    write: (bytes: Uint8Array) => encodeSystem(decodeSystem(bytes, LIMITS)),
  },
] as const;

const PACKED = {
  bytes: compress(encodeSnapshot(sections), deflateCodec),
  write: writeSections,
};
/** Unpacking takes ten times as long as all else. */
const PACKED_EVERY = 33;

const WORDS = [0, -0, Number.NaN, -Infinity, Number.MIN_VALUE, 1, 2 ** -20].map(
  (value) => new Uint8Array(Float64Array.of(value).buffer),
);

/** One random change of a few bytes: set, flip, insert, remove, repeat, cut or a telling number. */
function mutated(bytes: Uint8Array, next: () => number): Uint8Array {
  const below = (count: number) => Math.floor(next() * count);
  const at = below(bytes.length);
  const kind = below(7);
  const changed = bytes.slice();
  if (kind === 0) changed[at] = below(256);
  else if (kind === 1) changed[at] ^= 1 << below(8);
  else if (kind === 2) changed.set(WORDS[below(WORDS.length)].subarray(0, bytes.length - at), at);
  else if (kind === 3) return bytes.slice(0, at);
  else {
    const size = 1 + below(kind === 4 ? 4 : 20);
    const head = bytes.subarray(0, at);
    if (kind === 4) {
      return new Uint8Array(Buffer.concat([head, changed.subarray(0, size), bytes.subarray(at)]));
    }
    if (kind === 5) return new Uint8Array(Buffer.concat([head, bytes.subarray(at + size)]));
    return new Uint8Array(Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]));
  }
  return changed;
}

const REPAIRS = [(bytes: Uint8Array) => bytes, reseal, resealWithLength, resealWithLength];

function outcomeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    // Anything else than a coded error fails the test.
    if (error instanceof SerializerError) return error.code;
    throw error;
  }
  return 'accepted';
}

test('a million mutated envelopes end in a coded error or a value, in bounded memory', async () => {
  // Recording where a million errors were made would take most of the time.
  Error.stackTraceLimit = 0;
  const next = generator(20_260_101);
  const outcomes = new Map<string, number>();
  const before = memoryKept();
  let highest = before;
  for (let round = 0; round < CASES; round += 1) {
    const { bytes, write } =
      round % PACKED_EVERY === 0 ? PACKED : FIXTURES[round % FIXTURES.length];
    let changed = bytes;
    for (let count = 1 + Math.floor(next() * 3); count > 0 && changed.length > 0; count -= 1) {
      changed = mutated(changed, next);
    }
    const repaired = REPAIRS[round & 3](changed);
    const outcome = outcomeOf(() => {
      const written = write(repaired);
      // What was accepted is a value: writing and reading it gives the same one.
      if (Buffer.compare(write(written), written) !== 0) {
        throw new Error(`case ${round} is not the value it was read as`);
      }
    });
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    // zlib's handles are freed by the event loop, which one long loop would keep from turning.
    if (round % 1000 === 0) await new Promise(setImmediate);
    if (round % 50_000 === 0) highest = Math.max(highest, memoryKept());
  }
  expect(highest - before).toBeLessThan(MEMORY_BOUND);
  for (const code of [
    'accepted',
    'BAD_MAGIC',
    'CHECKSUM_MISMATCH',
    'CODEC_MISSING',
    'LENGTH_LIMIT',
    'MALFORMED_BODY',
    'NON_FINITE',
    'TRAILING_BYTES',
    'TRUNCATED',
    'UNKNOWN_FLAGS',
    'UNKNOWN_VERSION',
    'WRONG_KIND',
  ]) {
    expect(outcomes.get(code), code).toBeGreaterThan(100);
  }
});

test('a hundred thousand mutated states read in pieces end as they do in one', () => {
  const next = generator(7);
  for (let round = 0; round < 100_000; round += 1) {
    const changed = REPAIRS[round & 3](mutated(FIXTURES[round % 4].bytes, next));
    const whole = outcomeOf(() => decodeState(changed, LIMITS));
    const sink = { begin: () => undefined, real: () => undefined, imaginary: () => undefined };
    const pieces = [changed.subarray(0, 9), changed.subarray(9)];
    const inPieces = outcomeOf(() => decodeStateChunks(pieces, sink, LIMITS));
    // Which of several faults is met first may differ; whether there is one may not.
    expect(inPieces === 'accepted', `${round}: ${whole}, ${inPieces}`).toBe(whole === 'accepted');
  }
});
