import { CONFIGURATION_RULES } from '@sema/qar';
import { InvalidArgumentError } from 'commander';
import { readYaml } from '../configuration-file.ts';
import { parseAxis, type Axis } from '../evaluation/search-space.ts';

type Value = Axis['values'][number];

const MOST_VALUES = 1000;

/**
 * The axes of a grid in YAML or JSON: settings, by their paths or in their groups, each with a list
 * of values or a range such as `0.6:0.9:0.05`.
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `BAD_CONFIGURATION_FILE`
 */
export function readGrid(path: string): Axis[] {
  return readYaml(path, (value) => axesOf(value, ''), {
    refusal: InvalidArgumentError,
    next: 'give settings with lists of values, such as liquidity: [0.5, 1, 2]',
  });
}

function axesOf(group: unknown, prefix: string): Axis[] {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) {
    throw new InvalidArgumentError('It is no mapping of settings to lists of values.');
  }
  return Object.entries(group).flatMap(([key, value]): Axis[] => {
    const path = `${prefix}${key}`;
    if (Object.hasOwn(CONFIGURATION_RULES, path)) return [axisOf(path, value)];
    if (Object.keys(CONFIGURATION_RULES).some((known) => known.startsWith(`${path}.`))) {
      return axesOf(value, `${path}.`);
    }
    throw new InvalidArgumentError(`${path} is no setting of sema config schema.`);
  });
}

function axisOf(path: string, value: unknown): Axis {
  if (typeof value === 'string') return parseAxis(`${path}=${value}`)[0];
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (values.length < 1 || values.length > MOST_VALUES || !values.every(isValue)) {
    throw new InvalidArgumentError(`${path} has no list of 1 to ${String(MOST_VALUES)} values.`);
  }
  return { path, values };
}

function isValue(value: unknown): value is Value {
  return ['number', 'string', 'boolean'].includes(typeof value);
}
