import { readFileSync, statSync } from 'node:fs';
import {
  mulberry32,
  probabilities,
  run,
  sample,
  SimulatorError,
  StateVector,
  type Circuit,
} from '@sema/simulator';
import { drawSvg, drawText } from '@sema/simulator/drawing';
import { OPENQASM_LIMITS, readOpenQasm, writeOpenQasm } from '@sema/simulator/openqasm';
import type { OpenQasmProgram } from '@sema/simulator/openqasm';
import { Command, Option } from 'commander';
import { CliError, notReadable } from '../cli-error.ts';
import { parseCount } from '../option-values.ts';
import { output, type OutputOptions } from '../output.ts';
import { createFile } from '../private-file.ts';
import { alignTable } from '../table.ts';

interface RunFlags extends OutputOptions {
  readonly shots?: number;
  readonly seed: number;
}

interface DrawFlags {
  readonly svg?: string;
}

/** 2^20 amplitudes are 16 MiB, and are through in a second. */
const MOST_QUBITS = 20;
/** Amplitudes touched, about a minute's work. */
const MOST_WORK = 2 ** 33;
/** Rows shown; --json has all. */
const SHOWN = 32;
const PERFORMS_BY_CHANCE: ReadonlySet<string> = new Set(['measure', 'reset', 'conditional']);
/** Below it a probability is rounding. */
const NOTHING = 1e-12;

const ABOUT = `
Programs are OpenQASM 2 or 3, with qelib1.inc and stdgates.inc known. A circuit that measures is run
so many times with a seeded generator; one that does not gives its exact probabilities.

Examples:
  $ sema circuit run bell.qasm --shots 1000 --seed 7
  $ sema circuit draw bell.qasm --svg bell.svg
  $ sema circuit convert bell.qasm --to 3

Limits: ${String(MOST_QUBITS)} qubits to run, ${String(OPENQASM_LIMITS.qubits)} to draw and convert.
Exit codes: 0 done · 2 wrong usage · 3 the program cannot be read`;

export function circuitCommand(): Command {
  const runs = new Command('run')
    .description('run a circuit on the simulator')
    .argument('<file.qasm>', 'an OpenQASM program, or - for standard input')
    .option('--shots <count>', 'readings (default: 1000 where the circuit measures)', parseCount)
    .option('--seed <number>', 'seed of the readings', parseCount, 1)
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .action(runCircuit);
  const draw = new Command('draw')
    .description('draw a circuit as text or SVG')
    .argument('<file.qasm>', 'an OpenQASM program, or - for standard input')
    .option('--svg <file>', 'write an SVG there instead')
    .action(drawCircuit);
  const convert = new Command('convert')
    .description('write a circuit in the other version of OpenQASM')
    .argument('<file.qasm>', 'an OpenQASM program, or - for standard input')
    .addOption(
      new Option('--to <version>', 'version to write').choices(['2', '3']).makeOptionMandatory(),
    )
    .action(convertCircuit);
  return new Command('circuit')
    .description('run, draw and convert quantum circuits in OpenQASM')
    .addHelpText('after', ABOUT)
    .addCommand(runs)
    .addCommand(draw)
    .addCommand(convert);
}

function runCircuit(path: string, flags: RunFlags): void {
  const { circuit } = program(path);
  const { qubits, operations, parameters } = circuit;
  if (qubits > MOST_QUBITS) {
    const what = `${path} has ${String(qubits)} qubits, ${String(2 ** qubits * 16)} bytes of state`;
    throw notRunnable(what, `run circuits of at most ${String(MOST_QUBITS)} qubits`);
  }
  if (parameters.length > 0) {
    const names = parameters.map(({ name }) => name).join(', ');
    throw notRunnable(`${path} leaves ${names} open`, 'write numbers for its inputs');
  }
  if (!operations.some(({ kind }) => PERFORMS_BY_CHANCE.has(kind))) {
    return printProbabilities(circuit, flags);
  }
  const shots = flags.shots ?? 1000;
  if (shots * operations.length * 2 ** qubits > MOST_WORK) {
    const what = `${String(shots)} runs of ${String(operations.length)} operations are too many`;
    throw notRunnable(what, 'ask for fewer --shots');
  }
  printCounts(countReadings(circuit, shots, flags.seed), shots, flags);
}

function printProbabilities(circuit: Circuit, flags: RunFlags): void {
  const state = new StateVector(circuit.qubits);
  run(circuit, state);
  const { qubits } = circuit;
  if (flags.shots !== undefined) {
    const counts = new Map<string, number>();
    for (const index of sample(state, flags.shots, mulberry32(flags.seed))) {
      increment(counts, bitText(index, qubits));
    }
    return printCounts(counts, flags.shots, flags);
  }
  const likely = Array.from(probabilities(state), (p, index): [string, number] => [
    bitText(index, qubits),
    p,
  ]).filter(([, p]) => p > NOTHING);
  print(['state', 'probability'], likely, (p) => p.toFixed(6), flags);
  output(flags).json({ qubits, probabilities: Object.fromEntries(likely) });
}

/** Bits are read at the end of each run, the last declared one first. */
function countReadings(circuit: Circuit, shots: number, seed: number): Map<string, number> {
  const random = mulberry32(seed);
  const counts = new Map<string, number>();
  const state = new StateVector(circuit.qubits);
  for (let shot = 0; shot < shots; shot++) {
    state.reset();
    const { bits } = run(circuit, state, { random });
    increment(counts, Array.from(bits).reverse().join('') || '-');
  }
  return counts;
}

function printCounts(counts: ReadonlyMap<string, number>, shots: number, flags: RunFlags): void {
  const rows = [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  print(['reading', 'count'], rows, String, flags);
  output(flags).json({ shots, seed: flags.seed, counts: Object.fromEntries(rows) });
}

function print(
  header: readonly string[],
  rows: readonly (readonly [string, number])[],
  text: (value: number) => string,
  flags: RunFlags,
): void {
  const out = output(flags);
  const most = [...rows].sort(([, left], [, right]) => right - left).slice(0, SHOWN);
  const shown = rows.filter((row) => most.includes(row));
  const cells = shown.map(([name, value]) => [name, text(value)]);
  for (const line of alignTable([header, ...cells])) out.say(line);
  if (rows.length > SHOWN) out.say(`and ${String(rows.length - SHOWN)} less likely ones`);
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Qubit 0 to the right. */
function bitText(index: number, qubits: number): string {
  return qubits === 0 ? '-' : index.toString(2).padStart(qubits, '0');
}

function drawCircuit(path: string, { svg }: DrawFlags): void {
  const { circuit } = program(path);
  if (svg === undefined) return output().say(drawText(circuit).trimEnd());
  createFile(svg, drawSvg(circuit));
  output().say(svg);
}

function convertCircuit(path: string, { to }: { readonly to: '2' | '3' }): void {
  const { circuit, qubitRegisters } = program(path);
  const version = to === '2' ? 2 : 3;
  try {
    output().say(writeOpenQasm(circuit, { version, qubitRegisters }).trimEnd());
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    const next = to === '2' ? 'write it as version 3' : 'break that gate down';
    throw new CliError('NOT_A_CIRCUIT', error.message, next, { cause: error });
  }
}

function program(path: string): OpenQasmProgram {
  const file = path === '-' ? 'standard input' : path;
  try {
    return readOpenQasm(programText(path), { file });
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    throw new CliError('NOT_A_CIRCUIT', error.message, 'correct the program', { cause: error });
  }
}

function programText(path: string): string {
  try {
    if (path === '-') return readFileSync(0, 'utf8');
    if (statSync(path).size <= OPENQASM_LIMITS.characters) return readFileSync(path, 'utf8');
  } catch (error) {
    throw notReadable(path, error);
  }
  const rule = `${path} is over ${String(OPENQASM_LIMITS.characters)} bytes`;
  throw new CliError('FILE_TOO_LARGE', rule, 'split the program');
}

function notRunnable(what: string, next: string): CliError {
  return new CliError('NOT_A_CIRCUIT', what, next);
}
