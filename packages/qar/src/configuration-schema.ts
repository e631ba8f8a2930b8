import type { ConfigurationRule } from './configuration-rules.ts';
import { CONFIGURATION_RULES } from './configuration-rules.ts';
import { DEFAULT_EXECUTION } from './execution/paper-execution.ts';
import { DEFAULT_QUBITS } from './resources/qubit-shares.ts';
import { DEFAULT_RISK_LIMITS } from './risk/risk-limits.ts';

/** A JSON Schema, as plain JSON data. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * JSON Schema (2020-12) of a configuration file: every setting with its meaning, its range and its
 * default. JSON Schema cannot say two rules: the order of a ladder's rungs, and how many qubits
 * there are in all.
 */
export function configurationSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sema configuration',
    ...group(Object.entries(CONFIGURATION_RULES), {
      qubits: DEFAULT_QUBITS,
      risk: DEFAULT_RISK_LIMITS,
      execution: DEFAULT_EXECUTION,
    }),
  };
}

type Entries = readonly (readonly [path: string, rule: ConfigurationRule])[];

function group(entries: Entries, defaults: object): JsonSchema {
  const known = new Map<string, unknown>(Object.entries(defaults));
  const names = new Set(entries.map(([path]) => path.split('.')[0]));
  const properties: Record<string, JsonSchema> = {};
  for (const name of names) {
    const value = known.get(name);
    const inner = entries.filter(([path]) => path.startsWith(`${name}.`));
    const [leaf] = entries.filter(([path]) => path === name);
    if (inner.length === 0) properties[name] = leafSchema(leaf[1], value);
    else {
      const below = inner.map(([path, rule]) => [path.slice(name.length + 1), rule] as const);
      properties[name] = group(below, typeof value === 'object' && value !== null ? value : {});
    }
  }
  return { type: 'object', properties, additionalProperties: false };
}

function leafSchema(rule: ConfigurationRule, value: unknown): JsonSchema {
  const note = value === undefined ? {} : { default: value };
  return { description: rule.says, ...form(rule), ...note };
}

function form(rule: ConfigurationRule): JsonSchema {
  switch (rule.kind) {
    case 'number':
    case 'integer':
      return { type: rule.kind, minimum: rule.range[0], maximum: rule.range[1] };
    case 'number or null':
      return { type: ['number', 'null'], minimum: rule.range[0], maximum: rule.range[1] };
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'string', enum: rule.values };
    case 'text':
      return { type: 'string', pattern: rule.pattern.source };
    case 'ascending numbers': {
      const items = { type: 'number', minimum: rule.range[0], maximum: rule.range[1] };
      return { type: 'array', items, minItems: 1, maxItems: rule.most, uniqueItems: true };
    }
  }
}
