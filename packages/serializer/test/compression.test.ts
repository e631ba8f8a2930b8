import { expect, test } from 'vitest';
import {
  compress,
  decodeSnapshot,
  decodeState,
  decompress,
  encodeSnapshot,
  encodeState,
} from '@sema/serializer';
import { compressWithStreams, decompressWithStreams } from '@sema/serializer/streams';
import { brotliCodec, deflateCodec, zstdCodec } from '@sema/serializer/zlib';
import { codeOf } from './code-of.ts';
import { reseal, resealWithLength } from './forge.ts';
import { bits, randomState } from './random-states.ts';

const zstd = zstdCodec();
const CODECS = [deflateCodec, brotliCodec, ...(zstd === undefined ? [] : [zstd])];

/** A state that compresses: few different amplitudes. */
const real = Float64Array.from({ length: 4096 }, (_, i) => ((i % 5) - 2) / 100);
const state = { real, imaginary: new Float64Array(4096).fill(0.01) };

test.each(CODECS)('codec $id makes a state smaller and gives back every bit', (codec) => {
  const plain = encodeState(state);
  const packed = compress(plain, codec);
  expect(packed.length).toBeLessThan(plain.length / 20);
  expect(bits(decodeState(packed, { codecs: [codec] }))).toEqual(bits(state));
  expect(decompress(packed, { codecs: CODECS })).toEqual(plain);
  expect(decompress(plain, {})).toBe(plain);
});

test('a snapshot is compressed as a whole', () => {
  const sections = { meta: { note: 'x'.repeat(1000) }, state };
  const packed = compress(encodeSnapshot(sections), deflateCodec);
  expect(decodeSnapshot(packed, { codecs: [deflateCodec] })).toEqual(sections);
});

test('without the codec compressed bytes are refused by name', () => {
  const packed = compress(encodeState(state), brotliCodec);
  expect(codeOf(() => decodeState(packed))).toBe('CODEC_MISSING');
  expect(codeOf(() => decodeState(packed, { codecs: [deflateCodec] }))).toBe('CODEC_MISSING');
  expect(codeOf(() => compress(packed, deflateCodec))).toBe('UNSUPPORTED_VALUE');
});

test('the deflate of streams and of zlib read each other', async () => {
  const plain = encodeState(state);
  const packed = await compressWithStreams(plain);
  expect(decompress(packed, { codecs: [deflateCodec] })).toEqual(plain);
  expect(await decompressWithStreams(compress(plain, deflateCodec))).toEqual(plain);
  await expect(decompressWithStreams(compress(plain, brotliCodec))).rejects.toMatchObject({
    code: 'CODEC_MISSING',
  });
});

test('a body that stands for too much is refused before it is unpacked', async () => {
  const packed = compress(encodeState(randomState(10, 3)), deflateCodec);
  expect(codeOf(() => decodeState(packed, { codecs: [deflateCodec], maxBytes: 1000 }))).toBe(
    'LENGTH_LIMIT',
  );
  await expect(decompressWithStreams(packed, { maxBytes: 1000 })).rejects.toMatchObject({
    code: 'LENGTH_LIMIT',
  });
  expect(codeOf(() => decompress(packed, { maxBytes: -1 }))).toBe('INVALID_OPTION');
});

test('a packed body that is damaged, cut, or longer than it says is MALFORMED_BODY', async () => {
  const packed = compress(encodeState(state), deflateCodec);
  const lying = packed.slice();
  new DataView(lying.buffer).setUint32(12, 100, true);
  const longer = packed.slice();
  new DataView(longer.buffer).setUint32(12, 65600, true);
  const damaged = packed.slice();
  damaged[20] ^= 0xff;
  for (const forged of [
    reseal(lying),
    reseal(longer),
    reseal(damaged),
    resealWithLength(packed.slice(0, 60)),
    resealWithLength(packed.slice(0, 46)),
  ]) {
    expect(codeOf(() => decodeState(forged, { codecs: [deflateCodec] }))).toBe('MALFORMED_BODY');
    await expect(decompressWithStreams(forged)).rejects.toMatchObject({ code: 'MALFORMED_BODY' });
  }
});
