import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { row, type Row, type SuiteOptions } from '../harness.ts';

const PROGRAM = fileURLToPath(new URL('relaxed-program.ts', import.meta.url));

/**
 * What fusing multiplication and addition gains, on the Node that `SEMA_NEWER_NODE` names: those
 * before 22 have no relaxed SIMD.
 */
export function relaxedRows({ quick, skipped }: SuiteOptions): Row[] {
  const node = process.env.SEMA_NEWER_NODE;
  if (node === undefined || node === '') {
    skipped('relaxed arithmetic: SEMA_NEWER_NODE names no Node of version 24 or later');
    return [];
  }
  const qubits = quick ? 10 : 20;
  return (['f64', 'f32'] as const).map((precision) => {
    const words = ['brick', String(qubits), precision, quick ? '2' : '7'];
    const flags = ['--no-warnings', '--conditions=@sema/source'];
    const { status, stdout, stderr } = spawnSync(node, [...flags, PROGRAM, ...words], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${node} could not time relaxed arithmetic: ${stderr}`);
    // What relaxed-program.ts prints.
    const { plain, relaxed } = JSON.parse(stdout) as Record<'plain' | 'relaxed', number>;
    return row({
      name: `brick, relaxed, n = ${String(qubits)}, ${precision}, 1 thread, newer Node`,
      value: relaxed,
      unit: 'ms',
      peer: { name: 'reproducible arithmetic', value: plain },
    });
  });
}
