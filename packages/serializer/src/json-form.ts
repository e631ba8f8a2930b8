import { createHash } from 'node:crypto';
import type { Amplitudes } from './amplitudes.ts';
import { canonicalText, isPlainObject } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';
import { SerializerError } from './errors.ts';
import { float64sOfJson, jsonOfFloat64s, jsonOfState, stateOfJson } from './json-numbers.ts';
import { decodeSnapshot, encodeSnapshot, isAmplitudes } from './snapshot.ts';
import type { SectionValue } from './snapshot.ts';
import { encodeState } from './state.ts';
import type { DecodeOptions } from './state.ts';

/** The longest JSON form. */
export const MAX_TEXT_LENGTH = 2 ** 28;
/** The version of the JSON form, apart from that of the bytes. */
const JSON_VERSION = 1;

/**
 * The JSON form of a state, for people and for tools that read no bytes: `{"format":"sema","kind":
 * "state","qubits":…,…,"sha256":…,"version":1}`. It is canonical, holds every bit, and its checksum
 * is that of the bytes that `encodeState` gives.
 *
 * @throws {SerializerError} what `encodeState` throws; `LENGTH_LIMIT` above 2^28 letters
 */
export function stateToJson(state: Amplitudes): string {
  return textOf({ ...headOf('state', encodeState(state)), ...jsonOfState(state) });
}

/**
 * The state of a JSON form.
 *
 * @throws {SerializerError} `LENGTH_LIMIT`, `INVALID_OPTION`, `MALFORMED_BODY`, `WRONG_KIND`,
 *   `UNKNOWN_VERSION`, `CHECKSUM_MISMATCH`
 */
export function stateFromJson(
  text: string,
  options: Pick<DecodeOptions, 'maxQubits'> = {},
): Amplitudes {
  const form = parsed(text, 'state');
  const state = stateOfJson(form, options);
  checkDigest(
    form,
    encoded(() => encodeState(state)),
  );
  return state;
}

/**
 * The JSON form of a snapshot: its sections as a list of `{"name":…,"type":…,…}`, in order.
 *
 * @throws {SerializerError} what `encodeSnapshot` throws; `LENGTH_LIMIT` above 2^28 letters
 */
export function snapshotToJson(sections: Readonly<Record<string, SectionValue>>): string {
  const head = headOf('snapshot', encodeSnapshot(sections));
  const list = Object.entries(sections).map(([name, value]) => sectionToJson(name, value));
  return textOf({ ...head, sections: list });
}

/**
 * The sections of a JSON form.
 *
 * @throws {SerializerError} as `stateFromJson`
 */
export function snapshotFromJson(
  text: string,
  options: Pick<DecodeOptions, 'maxQubits'> = {},
): Record<string, SectionValue> {
  const form = parsed(text, 'snapshot');
  if (!Array.isArray(form.sections)) throw malformed('a snapshot has no list of sections');
  const sections: Record<string, SectionValue> = {};
  for (const section of form.sections as readonly unknown[]) {
    if (!isPlainObject(section) || typeof section.name !== 'string') {
      throw malformed('a section has no name');
    }
    if (section.name === '__proto__' || Object.hasOwn(sections, section.name)) {
      throw malformed(`section ${JSON.stringify(section.name.slice(0, 40))} cannot stand here`);
    }
    sections[section.name] = sectionFromJson(section, options);
  }
  const bytes = encoded(() => encodeSnapshot(sections));
  checkDigest(form, bytes);
  // The limits of all sections together are those of the bytes.
  return decodeSnapshot(bytes, options);
}

function sectionToJson(name: string, value: SectionValue): JsonValue {
  if (value instanceof Float64Array) {
    return { name, type: 'float64', values: jsonOfFloat64s(value) };
  }
  if (value instanceof Uint8Array) {
    return { name, type: 'bytes', values: [...value] };
  }
  if (isAmplitudes(value)) return { name, type: 'state', ...jsonOfState(value) };
  return { name, type: 'json', value };
}

function sectionFromJson(
  section: Readonly<Record<string, unknown>>,
  options: Pick<DecodeOptions, 'maxQubits'>,
): SectionValue {
  switch (section.type) {
    case 'float64':
      return float64sOfJson(section.values);
    case 'bytes': {
      const { values } = section;
      const isByte = (value: unknown) => Number.isInteger(value) && Number(value) >> 8 === 0;
      if (!Array.isArray(values) || !values.every(isByte)) throw malformed('no list of bytes');
      return Uint8Array.from(values as number[]);
    }
    case 'state':
      return stateOfJson(section, options);
    case 'json':
      // The encoder, which runs next, refuses what is no JsonValue.
      return section.value as JsonValue;
    default:
      throw malformed(`section type ${String(section.type)} is unknown`);
  }
}

function headOf(kind: string, bytes: Uint8Array): Record<string, JsonValue> {
  return { format: 'sema', version: JSON_VERSION, kind, sha256: digestOf(bytes) };
}

function textOf(form: JsonValue): string {
  return canonicalText(form, MAX_TEXT_LENGTH);
}

function parsed(text: string, kind: string): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string') throw new TypeError('the JSON form is no string');
  if (text.length > MAX_TEXT_LENGTH) {
    throw new SerializerError('LENGTH_LIMIT', `${text.length} letters exceed ${MAX_TEXT_LENGTH}`);
  }
  let form: unknown;
  try {
    form = JSON.parse(text);
  } catch (cause) {
    throw new SerializerError('MALFORMED_BODY', 'the text is no JSON', { cause });
  }
  if (!isPlainObject(form) || form.format !== 'sema') {
    throw malformed('the text is no JSON of ours');
  }
  if (form.version !== JSON_VERSION) {
    throw new SerializerError(
      'UNKNOWN_VERSION',
      `version ${String(form.version)} of the JSON form`,
    );
  }
  if (form.kind !== kind) {
    throw new SerializerError('WRONG_KIND', `kind ${String(form.kind)} is not ${kind}`);
  }
  return form;
}

/** What decoding rebuilt must be encodable; if not, the text was at fault. */
function encoded(encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (cause) {
    if (!(cause instanceof SerializerError)) throw cause;
    throw new SerializerError('MALFORMED_BODY', cause.message, { cause });
  }
}

function checkDigest(form: Readonly<Record<string, unknown>>, bytes: Uint8Array): void {
  if (form.sha256 === digestOf(bytes)) return;
  throw new SerializerError('CHECKSUM_MISMATCH', 'the SHA-256 of the value is not the one stored');
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function malformed(message: string): SerializerError {
  return new SerializerError('MALFORMED_BODY', message);
}
