import {
  CONFIGURATION_RULES,
  type ConfigurationRule,
  configurationSchema,
  engineConfiguration,
} from '@sema/qar';
import { code, GENERATED, table } from './markdown.ts';

/** Settings whose default follows from the candles. */
const INFERRED: Readonly<Record<string, string>> = {
  pair: 'name of the file',
  intervalMs: 'spacing of the candles',
  periodsPerYear: 'from the spacing and the gaps',
  learningRate: 'least regret bound over a year',
};

/** Every setting of the engine, from the rules that check it. */
export function configurationPage(): string {
  const defaults = engineConfiguration({
    pair: 'BTC/USDT',
    intervalMs: 60_000,
    periodsPerYear: 525_960,
    path: 'quantum',
  });
  const sections = [...grouped()].map(([group, entries]) => {
    const rows = entries.map(([path, rule]) => [
      code(path),
      rangeText(rule),
      INFERRED[path] ?? code(JSON.stringify(valueAt(defaults, path.split('.')))),
      rule.says,
    ]);
    return `## ${group}\n\n${table(['setting', 'values', 'default', 'meaning'], rows)}`;
  });
  return `${GENERATED}

# Settings

${String(Object.keys(CONFIGURATION_RULES).length)} settings, each checked wherever it comes from.
A file in YAML or JSON holds any of them, groups as mappings; a variable such as
\`SEMA__RISK__MINIMUM_CONFIDENCE\` overrides the file, and an
option of the command overrides both. \`sema init\` writes them all with comments,
\`sema config schema\` prints their JSON Schema (${String(configurationSchema().$schema)}), and
\`sema config check\` says what a file and the environment make of them.

Two rules stand in no range: the rungs of \`risk.ladder\` ascend, and the shares of \`qubits\` are
at most 25 in all.

${sections.join('\n\n')}
`;
}

/** The settings under the heading of their group, those of no group first. */
function grouped(): Map<string, [path: string, rule: ConfigurationRule][]> {
  const groups = new Map<string, [string, ConfigurationRule][]>();
  for (const entry of Object.entries(CONFIGURATION_RULES)) {
    const group = entry[0].split('.').slice(0, -1).join('.');
    const name = group === '' ? 'Engine' : code(group);
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return groups;
}

function rangeText(rule: ConfigurationRule): string {
  switch (rule.kind) {
    case 'number':
    case 'integer':
    case 'number or null':
      return `${rule.kind === 'integer' ? 'whole number' : rule.kind} ${between(rule.range)}`;
    case 'ascending numbers':
      return `1 to ${rule.most} ascending numbers ${between(rule.range)}`;
    case 'boolean':
      return 'true, false';
    case 'choice':
      return rule.values.map(code).join(', ');
    case 'text':
      return rule.rule;
  }
}

function between([low, high]: readonly [number, number]): string {
  if (high === Number.MAX_VALUE) return low === Number.MIN_VALUE ? '> 0' : `≥ ${low}`;
  return low === Number.MIN_VALUE ? `in (0, ${high}]` : `in [${low}, ${high}]`;
}

function valueAt(settings: object, names: readonly string[]): unknown {
  let value: unknown = settings;
  for (const name of names) {
    value = new Map<string, unknown>(Object.entries(Object(value) as object)).get(name);
  }
  return value;
}
