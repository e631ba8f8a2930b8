import type { Amplitudes } from './amplitudes.ts';
import { isPlainObject } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';
import { SerializerError } from './errors.ts';
import { migrated, SYSTEM_SCHEMA } from './system-migrations.ts';
import { decodeSnapshot, encodeSnapshot, isAmplitudes } from './snapshot.ts';
import type { SectionValue } from './snapshot.ts';
import type { DecodeOptions } from './state.ts';

/** Some qubits in one state of their own: bit k of the basis index is qubits[k]. */
export interface RegisterSection {
  readonly qubits: readonly number[];
  readonly state: Amplitudes;
}

/**
 * A whole system. A part that is undefined was not saved, which is not the same as empty. JSON
 * parts are the business of whoever saves them; here they are kept as they are.
 */
export interface SystemSnapshot {
  /** The configuration of the qubit pool: capacity, owners and their limits. */
  readonly pool?: JsonValue | undefined;
  /** The product of registers that the qubits are in; no qubit stands twice. */
  readonly registers?: readonly RegisterSection[] | undefined;
  readonly learning?: Readonly<Record<string, SectionValue>> | undefined;
  /** Who shares how much, in ebits. */
  readonly entanglement?: JsonValue | undefined;
  readonly regime?: JsonValue | undefined;
  readonly counters?: Readonly<Record<string, number>> | undefined;
  /** The state of each random generator, by name. */
  readonly random?: JsonValue | undefined;
  readonly metadata?: JsonValue | undefined;
  /** Sections that this version does not know, by name, kept so that writing loses nothing. */
  readonly others?: Readonly<Record<string, SectionValue>> | undefined;
}

const JSON_PARTS = ['pool', 'entanglement', 'regime', 'counters', 'random', 'metadata'] as const;
const HEADER = 'system';
const REGISTER = 'register/';
const LEARNING = 'learning/';

/**
 * The bytes of a system: a snapshot whose section `system` says which schema it follows.
 *
 * @throws {SerializerError} `INVALID_NAME` for another section that has a name of ours;
 *   `INVALID_AMPLITUDES` for registers that do not fit their qubits or share one; and what
 *   `encodeSnapshot` throws
 */
export function encodeSystem(system: SystemSnapshot): Uint8Array {
  const { registers, learning, others = {} } = system;
  const header: Record<string, JsonValue> = { schema: SYSTEM_SCHEMA };
  const sections: Record<string, SectionValue> = { [HEADER]: header };
  for (const part of JSON_PARTS) {
    const value = system[part];
    if (value !== undefined) sections[part] = value;
  }
  if (registers !== undefined) {
    checkRegisters(registers);
    header.registers = registers.map(({ qubits }) => [...qubits]);
    registers.forEach(({ state }, index) => (sections[`${REGISTER}${index}`] = state));
  }
  if (learning !== undefined) {
    header.learning = Object.keys(learning).length;
    for (const [name, value] of Object.entries(learning)) sections[`${LEARNING}${name}`] = value;
  }
  for (const [name, value] of Object.entries(others)) {
    if (isOurs(name)) {
      throw new SerializerError('INVALID_NAME', `"${name.slice(0, 64)}" is a section of a system`);
    }
    sections[name] = value;
  }
  return encodeSnapshot(sections);
}

/**
 * The system that `encodeSystem` wrote, in this version or an older one, whose snapshots are
 * brought forward schema by schema.
 *
 * @throws {SerializerError} `UNKNOWN_SCHEMA` for a newer one, `MALFORMED_BODY`, and what
 *   `decodeSnapshot` throws
 */
export function decodeSystem(bytes: Uint8Array, options: DecodeOptions = {}): SystemSnapshot {
  const sections = migrated(decodeSnapshot(bytes, options));
  const header = sections[HEADER];
  if (!isPlainObject(header)) throw malformed('the section "system" is no object');
  const others: Record<string, SectionValue> = {};
  const learning: Record<string, SectionValue> = {};
  for (const [name, value] of Object.entries(sections)) {
    if (name.startsWith(LEARNING)) learning[name.slice(LEARNING.length)] = value;
    else if (!isOurs(name)) others[name] = value;
  }
  const learned = Object.keys(learning).length;
  if (learned !== (header.learning ?? 0)) throw malformed(`${learned} sections of learning data`);
  return {
    pool: jsonPart(sections, 'pool'),
    registers: registersOf(header.registers, sections),
    learning: header.learning === undefined ? undefined : learning,
    entanglement: jsonPart(sections, 'entanglement'),
    regime: jsonPart(sections, 'regime'),
    counters: countersOf(jsonPart(sections, 'counters')),
    random: jsonPart(sections, 'random'),
    metadata: jsonPart(sections, 'metadata'),
    others,
  };
}

function registersOf(
  listed: unknown,
  sections: Readonly<Record<string, SectionValue>>,
): readonly RegisterSection[] | undefined {
  const stored = Object.keys(sections).filter((name) => name.startsWith(REGISTER));
  const lists: readonly unknown[] = Array.isArray(listed) ? listed : [];
  if (stored.length !== lists.length) {
    throw malformed(`${stored.length} registers are stored and ${lists.length} are listed`);
  }
  if (listed === undefined) return undefined;
  const registers = lists.map((qubits, index) => {
    const state = sections[`${REGISTER}${index}`];
    if (!isAmplitudes(state) || !Array.isArray(qubits)) throw malformed(`register ${index}`);
    return { qubits: qubits as number[], state };
  });
  try {
    checkRegisters(registers);
  } catch (cause) {
    if (!(cause instanceof SerializerError)) throw cause;
    throw new SerializerError('MALFORMED_BODY', cause.message, { cause });
  }
  return registers;
}

function checkRegisters(registers: readonly RegisterSection[]): void {
  const seen = new Set<number>();
  for (const { qubits, state } of registers) {
    for (const qubit of qubits) {
      if (!Number.isInteger(qubit) || qubit < 0 || seen.has(qubit)) {
        throw new SerializerError('INVALID_AMPLITUDES', `qubit ${qubit} is none, or stands twice`);
      }
      seen.add(qubit);
    }
    if (state.real.length === 2 ** qubits.length) continue;
    throw new SerializerError(
      'INVALID_AMPLITUDES',
      `${state.real.length} amplitudes are not of ${qubits.length} qubits`,
    );
  }
}

function countersOf(value: JsonValue | undefined): Readonly<Record<string, number>> | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) throw malformed('the counters are no object');
  for (const [name, count] of Object.entries(value)) {
    if (typeof count !== 'number') throw malformed(`counter "${name}" is no number`);
  }
  // Every value was just found to be a number.
  return value as Readonly<Record<string, number>>;
}

function jsonPart(
  sections: Readonly<Record<string, SectionValue>>,
  name: (typeof JSON_PARTS)[number],
): JsonValue | undefined {
  if (!Object.hasOwn(sections, name)) return undefined;
  const value = sections[name];
  if (ArrayBuffer.isView(value) || isAmplitudes(value)) throw malformed(`"${name}" is no JSON`);
  return value;
}

function isOurs(name: string): boolean {
  const isPart = (JSON_PARTS as readonly string[]).includes(name) || name === HEADER;
  return isPart || name.startsWith(REGISTER) || name.startsWith(LEARNING);
}

function malformed(message: string): SerializerError {
  return new SerializerError('MALFORMED_BODY', message);
}
