import { isPlainObject } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';
import { SerializerError } from './errors.ts';
import { isAmplitudes } from './snapshot.ts';
import type { SectionValue } from './snapshot.ts';

/** The schema that is written. */
export const SYSTEM_SCHEMA = 2;

type Sections = Readonly<Record<string, SectionValue>>;

/**
 * Sections in the present schema. Each step knows one schema and the next.
 *
 * @throws {SerializerError} `UNKNOWN_SCHEMA`, `MALFORMED_BODY`
 */
export function migrated(sections: Sections): Sections {
  const schema = schemaOf(sections);
  if (schema > SYSTEM_SCHEMA) {
    throw new SerializerError(
      'UNKNOWN_SCHEMA',
      `schema ${schema} of a system is newer than ${SYSTEM_SCHEMA}`,
    );
  }
  return schema === 1 ? fromFirst(sections) : sections;
}

/** Schema 1 had no section `system`. */
function schemaOf(sections: Sections): number {
  if (!Object.hasOwn(sections, 'system')) return 1;
  const header = sections.system;
  const schema = isPlainObject(header) ? header.schema : undefined;
  if (typeof schema === 'number' && Number.isInteger(schema) && schema >= SYSTEM_SCHEMA) {
    return schema;
  }
  throw new SerializerError('MALFORMED_BODY', 'the section "system" names no schema');
}

/**
 * Schema 1 kept one dense `state` of all qubits, its facts in `meta`, and learning data as sections
 * of their own, which nothing told from others and which stay so.
 */
function fromFirst(sections: Sections): Sections {
  const { state, meta, ...rest } = sections;
  const header: Record<string, JsonValue> = { schema: 2 };
  const fresh: Record<string, SectionValue> = { system: header };
  for (const name of Object.keys(rest)) {
    if (/^(register|learning)\//.test(name)) {
      throw new SerializerError('MALFORMED_BODY', `schema 1 has no section "${name}"`);
    }
  }
  if (isAmplitudes(state)) {
    const qubits = 31 - Math.clz32(state.real.length);
    header.registers = [Array.from({ length: qubits }, (_, qubit) => qubit)];
    fresh['register/0'] = state;
  } else if (state !== undefined) {
    fresh.state = state;
  }
  if (meta !== undefined) fresh.metadata = meta;
  return { ...fresh, ...rest };
}
