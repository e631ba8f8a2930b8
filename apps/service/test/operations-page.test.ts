import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NodeMetrics } from '../src/cluster/node-metrics.ts';
import { runService } from './running-service.ts';

const PAGE = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));
const NAME = /\b(?:sema|process|nodejs)_[a-z_]+\b/g;

/** Names of a registry's text, with those that a histogram's name gives. */
function exported(text: string): Set<string> {
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set(names);
}

test('every metric that the operations page names is exported, by service or node', async () => {
  await using running = await runService();
  const ofService = exported(await (await running.ask('GET', '/metrics')).text());
  const node = new NodeMetrics();
  node.watch(() => ({ name: 'n', ready: true, nodes: [], markets: [] }));
  const ofNode = exported(await node.registry.metrics());
  const named = [...new Set(readFileSync(PAGE, 'utf8').match(NAME))];
  expect(named.length).toBeGreaterThan(15);
  const unknown = named.filter((name) => !ofService.has(name) && !ofNode.has(name));
  expect(unknown).toEqual([]);
  // Whatever a node counts of its own is told of.
  const silent = [...ofNode].filter((name) => /^sema_/.test(name) && !named.includes(name));
  expect(silent).toEqual([]);
});
