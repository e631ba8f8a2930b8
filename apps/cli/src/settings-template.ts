import { CONFIGURATION_RULES, engineConfiguration, type ConfigurationRule } from '@sema/qar';
import { stringify } from 'yaml';

/** Settings that follow from the candles unless they are given. */
const INFERRED = new Set(['pair', 'intervalMs', 'periodsPerYear', 'learningRate']);

const HEAD = `# Settings of Sema. Every one stands at its default; delete what you do not change, so
# that better defaults reach you. Check the file with: sema config check sema.yaml
`;

/** Every setting with its meaning, range and default, as commented YAML that can be read back. */
export function settingsTemplate(): string {
  const defaults = engineConfiguration({
    pair: 'BTC/USDT',
    intervalMs: 60_000,
    periodsPerYear: 525_960,
    path: 'quantum',
  });
  const lines = [HEAD];
  let open: readonly string[] = [];
  for (const [path, rule] of Object.entries(CONFIGURATION_RULES)) {
    const names = path.split('.');
    const groups = names.slice(0, -1);
    groups.forEach((name, depth) => {
      if (open.slice(0, depth + 1).join('.') === groups.slice(0, depth + 1).join('.')) return;
      lines.push(`${'  '.repeat(depth)}${name}:`);
    });
    open = groups;
    const indent = '  '.repeat(groups.length);
    const value = stringify(valueAt(defaults, names), { collectionStyle: 'flow' }).trim();
    const inferred = INFERRED.has(path);
    lines.push(`${indent}# ${rule.says}${rangeText(rule)}`);
    lines.push(
      inferred
        ? `${indent}# ${names.at(-1) ?? ''}: ${value}  (left out, it follows from the candles)`
        : `${indent}${names.at(-1) ?? ''}: ${value}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function rangeText(rule: ConfigurationRule): string {
  switch (rule.kind) {
    case 'number':
    case 'integer':
    case 'number or null':
    case 'ascending numbers': {
      const [low, high] = rule.range;
      if (high === Number.MAX_VALUE) return low === 0 ? ' At least 0.' : ' Above 0.';
      return ` In [${String(low)}, ${String(high)}].`;
    }
    case 'choice':
      return ` One of ${rule.values.join(', ')}.`;
    case 'boolean':
    case 'text':
      return '';
  }
}

function valueAt(settings: object, names: readonly string[]): unknown {
  let value: unknown = settings;
  for (const name of names) {
    value = new Map<string, unknown>(Object.entries(Object(value) as object)).get(name);
  }
  return value;
}
