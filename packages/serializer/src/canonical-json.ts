import type { Payload } from './envelope.ts';
import { SerializerError } from './errors.ts';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The longest JSON text of one section. */
export const MAX_JSON_BYTES = 2 ** 22;
/** How many arrays and objects may stand inside one another. */
export const MAX_JSON_DEPTH = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The canonical JSON of a value, as UTF-8: no white space, the keys of objects in ascending order
 * of their UTF-16 code units, numbers as ECMAScript prints them, and −0 as `-0`. Every value has
 * one text, and the text gives back the same value. Only own enumerable string keys are looked at.
 *
 * @throws {SerializerError} `NON_FINITE`; `UNSUPPORTED_VALUE` for undefined, functions, symbols,
 *   bigints, class instances, holes in arrays and the key `__proto__`; `DEPTH_LIMIT`, where cycles
 *   end too; `LENGTH_LIMIT`
 * @see RFC 8785, which this follows but for −0 and lone surrogates: it drops the sign of the one
 *   and refuses the other, and here both survive
 */
export function jsonPayload(value: unknown): Payload {
  const bytes = encoder.encode(canonicalText(value));
  if (bytes.byteLength > MAX_JSON_BYTES) throw tooLong();
  return { byteLength: bytes.byteLength, write: (target) => target.set(bytes) };
}

/**
 * Reads canonical JSON and nothing else: duplicate keys, white space, another order of keys or
 * another spelling of a number are refused, since writing the value again would not give them.
 *
 * @throws {SerializerError} `LENGTH_LIMIT`, `MALFORMED_BODY`
 */
export function readJson(bytes: Uint8Array): JsonValue {
  if (bytes.byteLength > MAX_JSON_BYTES) throw tooLong();
  let text: string;
  let value: unknown;
  let canonical: string;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
    canonical = canonicalText(value);
  } catch (cause) {
    throw new SerializerError('MALFORMED_BODY', 'a section holds no JSON of ours', { cause });
  }
  if (canonical !== text) {
    throw new SerializerError('MALFORMED_BODY', 'the JSON of a section is not in canonical form');
  }
  // canonicalText refuses whatever is not a JsonValue.
  return value as JsonValue;
}

/** True for what a literal `{…}` makes, and for objects without a prototype. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * The canonical text of a value, of at most `maxLength` UTF-16 code units.
 *
 * @throws {SerializerError} as `jsonPayload`
 */
export function canonicalText(value: unknown, maxLength = MAX_JSON_BYTES): string {
  const writer = new CanonicalWriter(maxLength);
  writer.write(value);
  return writer.text;
}

class CanonicalWriter {
  text = '';
  /** The keys and indices that lead to the value being written. */
  readonly #path: (string | number)[] = [];
  readonly #maxLength: number;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'string':
        // Before quoting: a text that cannot fit must not be copied first.
        if (value.length > this.#maxLength) throw tooLong(this.#maxLength);
        return this.#append(JSON.stringify(value));
      case 'number':
        if (!Number.isFinite(value)) throw this.#refusal('NON_FINITE', `${value} is not finite`);
        return this.#append(Object.is(value, -0) ? '-0' : String(value));
      case 'boolean':
        return this.#append(String(value));
      case 'object':
        if (value === null) return this.#append('null');
        if (this.#path.length >= MAX_JSON_DEPTH) {
          throw this.#refusal(
            'DEPTH_LIMIT',
            `nested deeper than ${MAX_JSON_DEPTH}, or without end`,
          );
        }
        if (Array.isArray(value)) return this.#writeArray(value);
        if (isPlainObject(value)) return this.#writeObject(value);
        throw this.#refusal('UNSUPPORTED_VALUE', 'an object of a class is no JSON');
      default:
        throw this.#refusal('UNSUPPORTED_VALUE', `a value of type ${typeof value} is no JSON`);
    }
  }

  #writeArray(items: readonly unknown[]): void {
    this.#append('[');
    for (let index = 0; index < items.length; index += 1) {
      if (index > 0) this.#append(',');
      this.#writeInside(index, items[index]);
    }
    this.#append(']');
  }

  #writeObject(object: Readonly<Record<string, unknown>>): void {
    this.#append('{');
    for (const [index, key] of Object.keys(object).sort().entries()) {
      if (key === '__proto__') {
        throw this.#refusal('UNSUPPORTED_VALUE', 'the key __proto__ is not allowed');
      }
      if (index > 0) this.#append(',');
      this.write(key);
      this.#append(':');
      this.#writeInside(key, object[key]);
    }
    this.#append('}');
  }

  #writeInside(step: string | number, value: unknown): void {
    this.#path.push(step);
    this.write(value);
    this.#path.pop();
  }

  /** A value may hold the same object many times over, so the text is bounded while it grows. */
  #append(piece: string): void {
    this.text += piece;
    if (this.text.length > this.#maxLength) throw tooLong(this.#maxLength);
  }

  #refusal(
    code: 'NON_FINITE' | 'UNSUPPORTED_VALUE' | 'DEPTH_LIMIT',
    rule: string,
  ): SerializerError {
    const where = this.#path.map((step) => `[${JSON.stringify(step).slice(0, 40)}]`).join('');
    return new SerializerError(code, `at value${where}: ${rule}`);
  }
}

function tooLong(limit = MAX_JSON_BYTES): SerializerError {
  return new SerializerError('LENGTH_LIMIT', `JSON is above ${limit} bytes`);
}
