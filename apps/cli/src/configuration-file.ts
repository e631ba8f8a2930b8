import { env } from 'node:process';
import { CONFIGURATION_RULES, configurationOverrides, QarError } from '@sema/qar';
import { parse, YAMLParseError } from 'yaml';
import { CliError } from './cli-error.ts';
import { readText } from './read-text.ts';

export type Settings = ReturnType<typeof configurationOverrides>;

const PREFIX = 'SEMA__';

/**
 * The settings of a file, overridden by those of the environment (`SEMA__RISK__SHORTING=true`).
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `BAD_CONFIGURATION_FILE`
 * @throws {QarError} `BAD_CONFIGURATION` for a variable, naming it.
 */
export function configuredOverrides(path: string | undefined): Settings {
  const settings = path === undefined ? {} : readSettings(path);
  return merged(settings, environmentSettings(env));
}

/** @throws {CliError} `FILE_NOT_READABLE`, `BAD_CONFIGURATION_FILE` */
export function readSettings(path: string): Settings {
  // An empty file changes nothing.
  return readYaml(path, (value) => configurationOverrides(value ?? {}), {
    refusal: QarError,
    next: 'run `sema config schema` for every setting and its range',
  });
}

/**
 * What `interpret` makes of a file in YAML or JSON.
 *
 * @param onBad - what `interpret` throws for a value that it refuses, and what to do then
 * @throws {CliError} `FILE_NOT_READABLE`, `BAD_CONFIGURATION_FILE`
 */
export function readYaml<Result>(
  path: string,
  interpret: (value: unknown) => Result,
  onBad: { readonly refusal: new (...parameters: never[]) => Error; readonly next: string },
): Result {
  const text = readText(path);
  try {
    // More than so many aliases are an attack, not a configuration.
    return interpret(parse(text, { maxAliasCount: 16 }));
  } catch (error) {
    // The parser refuses too many aliases by a plain ReferenceError.
    const refused = [onBad.refusal, YAMLParseError, ReferenceError].some(
      (known) => error instanceof known,
    );
    if (!refused || !(error instanceof Error)) throw error;
    const what = `${path}: ${error.message.split('\n')[0]}`;
    throw new CliError('BAD_CONFIGURATION_FILE', what, onBad.next, { cause: error });
  }
}

/**
 * Settings in variables: `SEMA__` and the path, groups apart by two underscores and words by one,
 * so that `SEMA__RISK__MINIMUM_CONFIDENCE` is `risk.minimumConfidence`. Values are YAML.
 *
 * @throws {QarError} `BAD_CONFIGURATION`
 */
export function environmentSettings(
  variables: Readonly<Record<string, string | undefined>>,
): Settings {
  let settings: Settings = {};
  for (const [name, value] of Object.entries(variables)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    const path = Object.keys(CONFIGURATION_RULES).find((known) => variableOf(known) === name);
    if (path === undefined) {
      throw new QarError('BAD_CONFIGURATION', `the variable ${name} names no setting`);
    }
    settings = merged(settings, checked(name, nested(path.split('.'), parsedValue(value))));
  }
  return settings;
}

export function variableOf(path: string): string {
  const words = path.replaceAll('.', '__').replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return `${PREFIX}${words.toUpperCase()}`;
}

/** What backtest and paper can be told by options rather than by a file. */
export interface OptionFlags {
  readonly pair?: string;
  readonly feeBps?: number;
  readonly slippageBps?: number;
  readonly equity?: number;
  readonly shorting?: true;
}

/** The settings of the options that were given. */
export function optionSettings({
  pair,
  feeBps,
  slippageBps,
  equity,
  shorting,
}: OptionFlags): Settings {
  return {
    ...(pair !== undefined && { pair }),
    ...(feeBps !== undefined && { feeRate: feeBps / 10_000 }),
    ...(slippageBps !== undefined && { slippageRate: slippageBps / 10_000 }),
    ...(equity !== undefined && { startingEquity: equity }),
    ...(shorting === true && { risk: { shorting } }),
  };
}

/** The settings of both; where both have one, of the second. */
export function merged(first: Settings, second: Settings): Settings {
  return mergedGroups({ ...first }, { ...second });
}

function mergedGroups(first: Group, second: Group): Group {
  const result: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    result[key] = isGroup(before) && isGroup(value) ? mergedGroups(before, value) : value;
  }
  return result;
}

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nested([key, ...rest]: readonly string[], value: unknown): Group {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function parsedValue(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    return text;
  }
}

function checked(name: string, settings: Group): Settings {
  try {
    return configurationOverrides(settings);
  } catch (error) {
    if (!(error instanceof QarError)) throw error;
    throw new QarError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
