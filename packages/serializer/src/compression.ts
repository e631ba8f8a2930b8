import { codecOf, packedBody, unpacked } from './codec.ts';
import type { Codec } from './codec.ts';
import { open, seal } from './envelope.ts';
import type { EnvelopeKind } from './envelope.ts';
import { SerializerError } from './errors.ts';
import { maxUnpacked } from './state.ts';
import type { DecodeOptions } from './state.ts';

/**
 * The same state or snapshot with its body compressed. Unlike all else here the bytes depend on the
 * compressor's version, so compare or hash what is not compressed.
 *
 * @throws {SerializerError} `UNSUPPORTED_VALUE` when it is compressed already, and the codes of the
 *   envelope
 */
export function compress(bytes: Uint8Array, codec: Codec): Uint8Array {
  const { kind, body } = openPlain(bytes);
  return sealBytes(kind, packedBody(body, codec.compress(body)), codec.id);
}

/**
 * The bytes before compression; those given when they are not compressed.
 *
 * @throws {SerializerError} `CODEC_MISSING`, `INVALID_OPTION`, `LENGTH_LIMIT`, `MALFORMED_BODY`,
 *   and the codes of the envelope
 */
export function decompress(
  bytes: Uint8Array,
  options: Pick<DecodeOptions, 'codecs' | 'maxBytes'>,
): Uint8Array {
  const limit = maxUnpacked(options);
  const { kind, codec, body } = open(bytes);
  if (codec === 0) return bytes;
  return sealBytes(kind, unpacked(body, codecOf(codec, options.codecs ?? []), limit));
}

/** @throws {SerializerError} `UNSUPPORTED_VALUE`, and the codes of the envelope */
export function openPlain(bytes: Uint8Array): { kind: EnvelopeKind; body: Uint8Array } {
  const { kind, codec, body } = open(bytes);
  if (codec !== 0) {
    throw new SerializerError('UNSUPPORTED_VALUE', 'the bytes are compressed already');
  }
  return { kind, body };
}

export function sealBytes(kind: EnvelopeKind, body: Uint8Array, codec = 0): Uint8Array {
  return seal(kind, { byteLength: body.byteLength, write: (target) => target.set(body) }, codec);
}
