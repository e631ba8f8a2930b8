import { types } from 'node:util';
import { ByteWriter } from './byte-writer.ts';
import { SynthesisCryptoError } from './errors.ts';
import type { SynthesisCryptoErrorCode } from './errors.ts';

/** Plain data. A key whose value is undefined is the same as no key. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined };

/** The most bytes that one value may take, 16 MiB. */
export const MAX_CANONICAL_BYTES = 2 ** 24;

/** How deep lists and records may lie in one another. */
export const MAX_CANONICAL_DEPTH = 64;

/** |bigint| is below this: 4096 bytes. */
const BIGINT_BOUND = 1n << 32768n;

const TAG = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  naturalBigint: 4,
  negativeBigint: 5,
  string: 6,
  bytes: 7,
  list: 8,
  record: 9,
} as const;

const utf8 = new TextEncoder();

type Path = (string | number)[];

/**
 * The one byte string of a value: equal values have equal bytes, different values different ones.
 *
 * The prefix `SCB1` is followed by one item. An item is a tag byte and, big-endian:
 *   0 null · 1 false · 2 true
 *   3 number    f64; −0 is written as 0, being equal to it and the same in JSON
 *   4 bigint ≥ 0, 5 bigint < 0    u32 length, magnitude in as few bytes as it needs
 *   6 string    u32 length in bytes, UTF-8
 *   7 bytes     u32 length, the bytes
 *   8 list      u32 count, the items
 *   9 record    u32 count, then by UTF-16 code units of the key: u32 length, key in UTF-8, item
 *
 * Only data is read: no getter, proxy or `toJSON` runs. O(size of the bytes).
 *
 * @throws {SynthesisCryptoError} `UNSUPPORTED_VALUE` for anything else, such as undefined in a
 *   list, a hole, a function, a Date, a Map, an instance of a class, a proxy;
 *   `UNSUPPORTED_PROPERTY` for a getter, a hidden or symbol key, or a named property of a list;
 *   `NOT_FINITE`; `LONE_SURROGATE`; `TOO_DEEP` beyond 64 levels, and so for a cycle; `TOO_LARGE`
 *   beyond 16 MiB, or 4096 bytes for a bigint.
 */
export function canonicalBytes(value: CanonicalValue): Uint8Array {
  return prefixedItems('SCB1', [value]);
}

/** A prefix of its own for each use, then the items one after another. */
export function prefixedItems(prefix: string, values: readonly CanonicalValue[]): Uint8Array {
  const writer = new ByteWriter(MAX_CANONICAL_BYTES);
  writePrefixedItems(writer, prefix, values);
  return writer.finish();
}

/** As {@link prefixedItems}, after what the writer holds. */
export function writePrefixedItems(
  writer: ByteWriter,
  prefix: string,
  values: readonly CanonicalValue[],
): void {
  for (let k = 0; k < prefix.length; k += 1) writer.byte(prefix.charCodeAt(k));
  for (const value of values) writeItem(writer, value, []);
}

function writeItem(writer: ByteWriter, value: unknown, path: Path): void {
  switch (typeof value) {
    case 'boolean':
      return writer.byte(value ? TAG.true : TAG.false);
    case 'number':
      return writeNumber(writer, value, path);
    case 'bigint':
      return writeBigint(writer, value, path);
    case 'string':
      writer.byte(TAG.string);
      return writeText(writer, value, path);
    case 'object':
      return writeObject(writer, value, path);
    default:
      throw refusal('UNSUPPORTED_VALUE', path, `${typeof value} has no canonical form`);
  }
}

function writeNumber(writer: ByteWriter, value: number, path: Path): void {
  if (!Number.isFinite(value)) throw refusal('NOT_FINITE', path, `${value} is not finite`);
  writer.byte(TAG.number);
  writer.float64(value === 0 ? 0 : value);
}

function writeBigint(writer: ByteWriter, value: bigint, path: Path): void {
  const magnitude = value < 0n ? -value : value;
  if (magnitude >= BIGINT_BOUND) throw refusal('TOO_LARGE', path, 'a bigint of over 4096 bytes');
  const digits = magnitude === 0n ? '' : magnitude.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  writer.byte(value < 0n ? TAG.negativeBigint : TAG.naturalBigint);
  writer.sized(bytes);
}

/** UTF-8 has no form for half of a surrogate pair, and replacing it would let texts collide. */
function writeText(writer: ByteWriter, text: string, path: Path): void {
  if (writer.sizedAscii(text)) return;
  if (/\p{Surrogate}/u.test(text)) {
    throw refusal('LONE_SURROGATE', path, 'half of a surrogate pair');
  }
  writer.sized(utf8.encode(text));
}

function writeObject(writer: ByteWriter, value: object | null, path: Path): void {
  if (value === null) return writer.byte(TAG.null);
  if (types.isUint8Array(value)) {
    writer.byte(TAG.bytes);
    return writer.sized(value);
  }
  if (types.isProxy(value)) throw refusal('UNSUPPORTED_VALUE', path, 'a proxy is not plain data');
  if (path.length >= MAX_CANONICAL_DEPTH) {
    throw refusal('TOO_DEEP', path, `more than ${MAX_CANONICAL_DEPTH} levels`);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) && prototype === Array.prototype) return writeList(writer, value, path);
  if (prototype === Object.prototype || prototype === null) return writeRecord(writer, value, path);
  throw refusal('UNSUPPORTED_VALUE', path, 'not a plain object, plain array or Uint8Array');
}

function writeList(writer: ByteWriter, list: readonly unknown[], path: Path): void {
  writer.byte(TAG.list);
  writer.uint32(list.length);
  for (let index = 0; index < list.length; index += 1) {
    path.push(index);
    writeItem(writer, ownValue(list, index, path), path);
    path.pop();
  }
  // Every index was there, so any own key besides them and `length` is a named property.
  if (Reflect.ownKeys(list).length !== list.length + 1) {
    throw refusal('UNSUPPORTED_PROPERTY', path, 'a list with a named property');
  }
}

function writeRecord(writer: ByteWriter, record: object, path: Path): void {
  const keys = orderedKeys(record, path);
  writer.byte(TAG.record);
  const countAt = writer.length;
  writer.uint32(0);
  let count = 0;
  for (const key of keys) {
    path.push(key);
    const value = ownValue(record, key, path);
    if (value !== undefined) {
      writeText(writer, key, path);
      writeItem(writer, value, path);
      count += 1;
    }
    path.pop();
  }
  writer.uint32At(countAt, count);
}

/** All own keys by UTF-16 code units; those that are in order already are not sorted. */
function orderedKeys(record: object, path: Path): string[] {
  const keys: string[] = [];
  let inOrder = true;
  for (const key of Reflect.ownKeys(record)) {
    if (typeof key === 'symbol') throw refusal('UNSUPPORTED_PROPERTY', path, 'a symbol as a key');
    if (keys.length > 0 && key < keys[keys.length - 1]) inOrder = false;
    keys.push(key);
  }
  return inOrder ? keys : keys.sort();
}

/** The value of an own, enumerable data property, read without running anything. */
function ownValue(holder: object, key: string | number, path: Path): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  if (property === undefined) throw refusal('UNSUPPORTED_VALUE', path, 'a hole in a list');
  if (!property.enumerable || property.get !== undefined || property.set !== undefined) {
    throw refusal('UNSUPPORTED_PROPERTY', path, 'a getter, a setter or a hidden property');
  }
  return property.value;
}

const SHOWN_KEY_LENGTH = 32;

/** Says where and which rule, and shows keys but no other data, which may be secret. */
function refusal(code: SynthesisCryptoErrorCode, path: Path, rule: string): SynthesisCryptoError {
  const where = path.map((key) =>
    typeof key === 'number' ? `[${key}]` : `.${key.slice(0, SHOWN_KEY_LENGTH)}`,
  );
  return new SynthesisCryptoError(code, `at $${where.join('')}: ${rule}`);
}
