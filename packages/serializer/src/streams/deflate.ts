import { checkUnpacked, packedBody, packedParts } from '../codec.ts';
import { openPlain, sealBytes } from '../compression.ts';
import { open } from '../envelope.ts';
import { SerializerError } from '../errors.ts';
import { maxUnpacked } from '../state.ts';
import type { DecodeOptions } from '../state.ts';

const DEFLATE_ID = 1;

/**
 * As `compress` with deflate, by the CompressionStream that browsers and Node have.
 *
 * @returns a promise, rejected as `compress` throws
 */
export async function compressWithStreams(bytes: Uint8Array): Promise<Uint8Array> {
  const { kind, body } = openPlain(bytes);
  const packed = await collected(body, new CompressionStream('deflate'), Infinity);
  return sealBytes(kind, packedBody(body, packed), DEFLATE_ID);
}

/**
 * As `decompress` with deflate, by the DecompressionStream that browsers and Node have.
 *
 * @returns a promise, rejected as `decompress` throws
 */
export async function decompressWithStreams(
  bytes: Uint8Array,
  options: Pick<DecodeOptions, 'maxBytes'> = {},
): Promise<Uint8Array> {
  const limit = maxUnpacked(options);
  const { kind, codec, body } = open(bytes);
  if (codec === 0) return bytes;
  if (codec !== DEFLATE_ID) {
    throw new SerializerError('CODEC_MISSING', `streams have no codec ${codec}, only deflate`);
  }
  const { length, packed } = packedParts(body, limit);
  let raw: Uint8Array;
  try {
    raw = await collected(packed, new DecompressionStream('deflate'), length);
  } catch (cause) {
    throw new SerializerError('MALFORMED_BODY', 'the compressed body is damaged', { cause });
  }
  checkUnpacked(raw, length);
  return sealBytes(kind, raw);
}

/** What comes out of a transform, at most `maxBytes` of it. */
async function collected(
  input: Uint8Array,
  transform: {
    readable: ReadableStream<Uint8Array>;
    writable: WritableStream<Uint8Array<ArrayBuffer>>;
  },
  maxBytes: number,
): Promise<Uint8Array> {
  const writer = transform.writable.getWriter();
  // A view of shared memory was copied when the envelope was opened.
  const written = writer.write(input as Uint8Array<ArrayBuffer>).then(() => writer.close());
  // The reader below meets the same failure, and reports it.
  written.catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = transform.readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.byteLength;
    if (total > maxBytes) {
      await reader.cancel();
      throw new RangeError(`more than ${maxBytes} bytes came out`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
