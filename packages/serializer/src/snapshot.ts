import { amplitudePayload, MAX_STATE_QUBITS, readAmplitudes } from './amplitudes.ts';
import type { Amplitudes } from './amplitudes.ts';
import { ByteReader } from './byte-reader.ts';
import { isPlainObject, jsonPayload, readJson } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';
import { seal } from './envelope.ts';
import type { Payload } from './envelope.ts';
import { SerializerError } from './errors.ts';
import { readFloat64s, writeFloat64s } from './float64-bytes.ts';
import { owned } from './owned-memory.ts';
import { maxAmplitudes, openBody } from './state.ts';
import type { DecodeOptions } from './state.ts';

export type SectionValue = JsonValue | Float64Array | Uint8Array | Amplitudes;

export const MAX_SECTIONS = 1024;
/** The longest name of a section, as UTF-8. */
export const MAX_NAME_BYTES = 255;

/**
 * A snapshot, little-endian:
 *   0  u32  count   sections that follow, at most 1024
 * then for each section, without gaps:
 *   0      u8      type     1 JSON, 2 float64 array, 3 bytes, 4 amplitudes
 *   1      u8      name     N, the bytes of the name, in [1, 255]
 *   2      u32     length   P, the bytes of the payload
 *   6      u8 × N  name     UTF-8, unlike every other, not "__proto__"
 *   6 + N  u8 × P  payload  canonical JSON in UTF-8; f64 each; as they are; as `amplitudes.ts` says
 * Sections stand in the order in which JavaScript lists the keys of the record.
 */
const COUNT_BYTES = 4;
const SECTION_PREFIX_BYTES = 6;
const TYPES = { json: 1, float64s: 2, bytes: 3, amplitudes: 4 } as const;

interface Section {
  readonly type: number;
  readonly name: Uint8Array;
  readonly payload: Payload;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The bytes of named sections, in the order of the record's keys. Equal sections in equal order
 * give equal bytes. Float64 arrays keep every bit, NaN included; a JSON section and amplitudes
 * refuse what is not finite.
 *
 * @throws {SerializerError} `INVALID_NAME`; `LENGTH_LIMIT` above 1024 sections, 2^25 amplitudes in
 *   all, 4 MiB of JSON in one section or 1 GiB in all; and what the sections throw:
 *   `UNSUPPORTED_VALUE`, `DEPTH_LIMIT`, `NON_FINITE`, `INVALID_AMPLITUDES`
 */
export function encodeSnapshot(sections: Readonly<Record<string, SectionValue>>): Uint8Array {
  if (!isPlainObject(sections)) throw new TypeError('the sections are not a plain object');
  const entries = Object.entries(sections);
  checkCount(entries.length);
  let amplitudes = 0;
  let byteLength = COUNT_BYTES;
  const planned: Section[] = [];
  for (const [name, value] of entries) {
    if (isAmplitudes(value)) amplitudes += value.real.length;
    if (amplitudes > 2 ** MAX_STATE_QUBITS) {
      throw new SerializerError(
        'LENGTH_LIMIT',
        `the states up to "${name}" have ${amplitudes} amplitudes, above 2^${MAX_STATE_QUBITS}`,
      );
    }
    const section = planSection(name, value);
    planned.push(section);
    byteLength += SECTION_PREFIX_BYTES + section.name.byteLength + section.payload.byteLength;
  }
  return seal('snapshot', { byteLength, write: (target) => writeSections(target, planned) });
}

/**
 * The sections that `encodeSnapshot` wrote, in the same order. They share no memory with `bytes`.
 *
 * @throws {SerializerError} `INVALID_OPTION`; and for any bytes that `encodeSnapshot` does not
 *   write the codes of the envelope, then `LENGTH_LIMIT`, `MALFORMED_BODY`, `NON_FINITE`
 */
export function decodeSnapshot(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Record<string, SectionValue> {
  let amplitudesLeft = maxAmplitudes(options);
  const reader = new ByteReader(openBody(bytes, 'snapshot', options));
  const count = reader.u32();
  checkCount(count);
  const sections: Record<string, SectionValue> = {};
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const type = reader.u8();
    const nameBytes = reader.u8();
    const payloadBytes = reader.u32();
    const name = readName(reader.take(nameBytes));
    if (Object.hasOwn(sections, name)) throw malformed(`section "${name}" stands twice`);
    const value = readSection(type, reader.take(payloadBytes), amplitudesLeft);
    if (isAmplitudes(value)) amplitudesLeft -= value.real.length;
    sections[name] = value;
    names.push(name);
  }
  if (reader.remaining !== 0) throw malformed(`${reader.remaining} bytes follow the last section`);
  // JavaScript lists names like "7" first; a record could not keep them behind others.
  if (Object.keys(sections).some((name, index) => name !== names[index])) {
    throw malformed('the sections are not in the order of a record');
  }
  return sections;
}

function planSection(name: string, value: unknown): Section {
  const [type, payload] = planPayload(value);
  return { type, name: encodeName(name), payload };
}

function planPayload(value: unknown): readonly [type: number, payload: Payload] {
  if (value instanceof Float64Array) {
    const numbers = owned(value);
    const { byteLength } = numbers;
    return [TYPES.float64s, { byteLength, write: (target) => writeFloat64s(target, numbers) }];
  }
  if (value instanceof Uint8Array) {
    const bytes = owned(value);
    const { byteLength } = bytes;
    return [TYPES.bytes, { byteLength, write: (target) => target.set(bytes) }];
  }
  if (isAmplitudes(value)) return [TYPES.amplitudes, amplitudePayload(value)];
  return [TYPES.json, jsonPayload(value)];
}

function writeSections(target: Uint8Array, sections: readonly Section[]): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(0, sections.length, true);
  let offset = COUNT_BYTES;
  for (const { type, name, payload } of sections) {
    view.setUint8(offset, type);
    view.setUint8(offset + 1, name.byteLength);
    view.setUint32(offset + 2, payload.byteLength, true);
    offset += SECTION_PREFIX_BYTES;
    target.set(name, offset);
    offset += name.byteLength;
    payload.write(target.subarray(offset, offset + payload.byteLength));
    offset += payload.byteLength;
  }
}

function readSection(type: number, payload: Uint8Array, amplitudesLeft: number): SectionValue {
  switch (type) {
    case TYPES.json:
      return readJson(payload);
    case TYPES.float64s:
      if (payload.byteLength % 8 !== 0) {
        throw malformed(`${payload.byteLength} bytes are no whole number of float64`);
      }
      return readFloat64s(payload);
    case TYPES.bytes:
      return new Uint8Array(payload);
    case TYPES.amplitudes:
      return readAmplitudes(payload, amplitudesLeft);
    default:
      throw malformed(`section type ${type} is unknown`);
  }
}

/**
 * JSON holds no Float64Array, so the parts tell amplitudes from it. A state object may carry more
 * than its parts; a plain object that does is no state, lest the rest be lost.
 */
export function isAmplitudes(value: unknown): value is Amplitudes {
  if (typeof value !== 'object' || value === null) return false;
  if (!('real' in value) || !('imaginary' in value)) return false;
  if (isPlainObject(value) && Object.keys(value).length !== 2) return false;
  return value.real instanceof Float64Array && value.imaginary instanceof Float64Array;
}

function encodeName(name: string): Uint8Array {
  // No need to encode a name that is too long already: a code unit takes a byte at least.
  const bytes = name.length > MAX_NAME_BYTES ? undefined : encoder.encode(name);
  const fits = bytes !== undefined && bytes.byteLength >= 1 && bytes.byteLength <= MAX_NAME_BYTES;
  if (!fits || name === '__proto__' || /\p{Surrogate}/u.test(name)) {
    throw new SerializerError(
      'INVALID_NAME',
      `${JSON.stringify(name.slice(0, 64))} is __proto__, or not 1 to 255 bytes of UTF-8`,
    );
  }
  return bytes;
}

function readName(bytes: Uint8Array): string {
  let name: string;
  try {
    name = decoder.decode(bytes);
  } catch (cause) {
    throw new SerializerError('MALFORMED_BODY', 'the name of a section is no UTF-8', { cause });
  }
  if (name === '' || name === '__proto__') {
    throw malformed(`${JSON.stringify(name)} is no name of a section`);
  }
  return name;
}

function checkCount(count: number): void {
  if (count > MAX_SECTIONS) {
    throw new SerializerError('LENGTH_LIMIT', `${count} sections are above ${MAX_SECTIONS}`);
  }
}

function malformed(message: string): SerializerError {
  return new SerializerError('MALFORMED_BODY', message);
}
