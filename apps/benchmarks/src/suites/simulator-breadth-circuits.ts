import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import {
  type Circuit,
  fidelity,
  innerProduct,
  mulberry32,
  run,
  sample,
  StateVector,
} from '@sema/simulator';
import { readOpenQasm, writeOpenQasm } from '@sema/simulator/openqasm';
import { gateCounts, optimise } from '@sema/simulator/optimiser';
import { row, type Row } from '../harness.ts';

const DATA =
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data');

/** The published gate table, beside the simulator's own test of it. */
const TABLE = resolve(
  import.meta.dirname,
  '../../../../packages/simulator/test/optimiser/nam-2018-light.json',
);

/** How many published programs run, and how the optimiser stands against the published table. */
export function circuitRows(): Row[] {
  const programs = circuitPrograms('qasmbench-small');
  const circuits = circuitPrograms('optimiser');
  if (programs.size === 0 || circuits.size === 0) {
    throw new Error(`${DATA} holds no circuits: set SEMA_DATA_DIR`);
  }
  return [...programRows(programs), ...tableRows(circuits)];
}

function circuitPrograms(folder: string): Map<string, string> {
  const path = join(DATA, 'circuits', folder);
  const files = existsSync(path) ? readdirSync(path) : [];
  return new Map(
    files
      .filter((file) => file.endsWith('.qasm'))
      .map((file) => [file.replace(/\.qasm$/, ''), readFileSync(join(path, file), 'utf8')]),
  );
}

function programRows(programs: ReadonlyMap<string, string>): Row[] {
  const texts = [...programs.values()];
  const total = texts.length;
  const target = { atLeast: total };
  const count = (accepts: (text: string) => boolean) => texts.filter(accepts).length;
  const unit = `of ${total}`;
  return [
    row({ name: 'QASMBench programs run as published', value: count(runs), unit, target }),
    row({
      name: 'QASMBench programs run, undeclared registers declared',
      value: count((text) => runs(mended(text))),
      unit,
      target,
    }),
    row({
      name: 'QASMBench programs that survive a round trip in both versions',
      value: count((text) => survives(mended(text))),
      unit,
      target,
    }),
  ];
}

/** Two programs measure registers q and c that they never declare. */
function mended(text: string): string {
  if (!/^qreg reg\[/m.test(text)) return text;
  return text
    .replace(/^qreg reg\[(\d+)\];$/m, 'qreg reg[$1];\ncreg c[$1];')
    .replaceAll(/^measure q\[/gm, 'measure reg[');
}

function finalState(circuit: Circuit): StateVector {
  const state = new StateVector(circuit.qubits);
  run(circuit, state, { random: mulberry32(1) });
  return state;
}

function runs(text: string): boolean {
  try {
    using state = finalState(readOpenQasm(text).circuit);
    return sample(state, 1, mulberry32(1)).length === 1;
  } catch {
    return false;
  }
}

function survives(text: string): boolean {
  const program = readOpenQasm(text);
  using before = finalState(program.circuit);
  return ([2, 3] as const).every((version) => {
    const written = writeOpenQasm(program.circuit, { ...program, version });
    using after = finalState(readOpenQasm(written).circuit);
    return Math.abs(fidelity(before, after) - 1) < 1e-10;
  });
}

function tableRows(circuits: ReadonlyMap<string, string>): Row[] {
  // The file is this repository's own: all gates and T gates by name.
  const { rows } = JSON.parse(readFileSync(TABLE, 'utf8')) as {
    readonly rows: Readonly<Record<string, readonly [total: number, t: number]>>;
  };
  const names = Object.keys(rows).filter((name) => circuits.has(name));
  let equalT = 0;
  let close = 0;
  let ours = 0;
  let theirs = 0;
  for (const name of names) {
    const { circuit } = readOpenQasm(circuits.get(name) ?? '', { file: name });
    const optimised = optimise(circuit);
    check(name, circuit, optimised);
    const { total, t } = gateCounts(optimised);
    const [lightTotal, lightT] = rows[name];
    if (t === lightT) equalT++;
    if (total <= 1.05 * lightTotal) close++;
    ours += total;
    theirs += lightTotal;
  }
  const unit = `of ${names.length}`;
  const target = { atLeast: names.length };
  return [
    row({ name: 'gate-table rows with equal T count', value: equalT, unit, target }),
    row({ name: 'gate-table rows within 5 % of all gates', value: close, unit, target }),
    row({
      name: 'gates in all optimised circuits of the table',
      value: ours,
      unit: 'gates',
      target: { atMost: Math.floor(1.05 * theirs) },
      peer: { name: 'Nam et al. 2018, light', value: theirs },
    }),
  ];
}

/** Both circuits take one superposition of basis states to the same state. */
function check(name: string, circuit: Circuit, optimised: Circuit): void {
  if (circuit.qubits > 15) return;
  using before = new StateVector(circuit.qubits);
  const random = mulberry32(5);
  const size = before.dimension;
  for (let k = 0; k < size; k++) before.real[k] = (random.next() < 0.5 ? -1 : 1) / Math.sqrt(size);
  using after = before.copy();
  run(circuit, before);
  run(optimised, after);
  const { real, imaginary } = innerProduct(before, after);
  if (!(Math.hypot(real, imaginary) > 1 - 1e-9)) throw new Error(`${name} was changed`);
}
