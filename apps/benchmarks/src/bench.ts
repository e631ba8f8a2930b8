import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { compareDocuments, LEAST_SAMPLES } from './compare/compare-documents.ts';
import { comparisonText } from './compare/comparison-text.ts';
import { measureInTurns, ownCheckout, withCheckout } from './compare/in-turns.ts';
import { documentText, readDocument, type BenchDocument } from './document.ts';
import { machineText, thisMachine } from './machine.ts';
import { goalResults, targetsWithoutRows } from './report/goal-results.ts';
import { reportFiles } from './report/report-files.ts';
import { resultTable } from './result-table.ts';
import { runSuites } from './run-suites.ts';
import { SUITES } from './suites.ts';
import { TARGETS } from './targets.ts';
import { theVersions, type Versions } from './versions.ts';

export interface BenchFlags {
  readonly list?: true;
  readonly quick?: true;
  readonly json?: string;
  readonly plots?: string;
  readonly report?: string;
  readonly from?: string;
  readonly repeat?: number;
  readonly compare?: string;
  readonly compareWith?: string;
  readonly against?: string;
  /** Percent. */
  readonly tolerance: number;
}

/** Processes on each side where none are asked for: even, so that each goes first as often. */
const TURNS = 8;
/** Of the bootstrap: the same files give the same verdict. */
const SEED = 20_000_103;

/** @returns the exit code: 1 when a suite failed or a regression is proven. */
export async function bench(names: readonly string[], flags: BenchFlags): Promise<number> {
  if (flags.list === true) {
    for (const { name, title } of SUITES) print(`${name}  ${title}`);
    return 0;
  }
  const { before, after, inTurns } = await measured(names, flags);
  if (flags.json !== undefined) writeFileSync(flags.json, documentText(after));
  if (flags.report !== undefined) {
    for (const [file, text] of reportFiles(after, flags.report)) writeFileSync(file, text);
  }
  const failed = after.suites.some(({ failure }) => failure !== null);
  if (before === undefined) return failed ? 1 : 0;
  const tolerance = flags.tolerance / 100;
  const comparison = compareDocuments(before, after, { tolerance, paired: inTurns, seed: SEED });
  print('');
  for (const line of comparisonText(comparison, { tolerance, inTurns })) print(line);
  return failed || comparison.rows.some(({ regressed }) => regressed) ? 1 : 0;
}

interface Measured {
  readonly after: BenchDocument;
  /** What it is held against. */
  readonly before?: BenchDocument | undefined;
  /** Whether both were measured in turns. */
  readonly inTurns: boolean;
}

async function measured(names: readonly string[], flags: BenchFlags): Promise<Measured> {
  const { compare, compareWith, against, repeat, from } = flags;
  const ways = [compare, compareWith, against].filter((way) => way !== undefined);
  if (ways.length > 1) throw new Error('a run is compared with one thing at a time');
  if (compareWith !== undefined || against !== undefined) {
    const runs = repeat ?? TURNS;
    if (runs < LEAST_SAMPLES) throw new Error(`--repeat is ${String(LEAST_SAMPLES)} or more here`);
    const turns = (folder: string): Measured => {
      const [before, after] = documentsInTurns([folder, ownCheckout()], runs, names, flags);
      return { before, after, inTurns: true };
    };
    return compareWith === undefined ? withCheckout(against ?? '', turns) : turns(compareWith);
  }
  // Read first: what cannot be read is better known before an hour of measuring.
  const before = compare === undefined ? undefined : documentIn(compare);
  if (from !== undefined) return { before, after: documentIn(from), inTurns: false };
  if (repeat === undefined || repeat === 1) {
    return { before, after: await measuredOnce(names, flags), inTurns: false };
  }
  const [after] = documentsInTurns([ownCheckout()], repeat, names, flags);
  for (const { name, title, rows } of after.suites) {
    print(`\n${name}: ${title}, medians of ${String(repeat)} processes`);
    for (const line of resultTable(rows)) print(line);
  }
  return { before, after, inTurns: false };
}

function documentIn(file: string): BenchDocument {
  return readDocument(readFileSync(file, 'utf8'), file);
}

function documentsInTurns(
  folders: readonly string[],
  runs: number,
  names: readonly string[],
  { quick }: BenchFlags,
): BenchDocument[] {
  const words = [...names, ...(quick === true ? ['--quick'] : [])];
  return measureInTurns(folders, { words, runs, say: complain });
}

async function measuredOnce(names: readonly string[], flags: BenchFlags): Promise<BenchDocument> {
  const started = performance.now();
  const machine = thisMachine();
  const versions = theVersions();
  print(machineText(machine));
  print(versionsText(versions));
  const quick = flags.quick === true;
  if (quick) print('quick: fewer rounds of the same measurements');
  const chosen = SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const suites = await runSuites(chosen, { quick, plots: flags.plots, print });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const document: BenchDocument = {
    format: 'sema-benchmarks',
    version: 2,
    machine,
    versions,
    quick,
    runs: 1,
    seconds,
    suites,
  };
  print('');
  for (const line of footer(document, names.length === 0)) print(line);
  return document;
}

function versionsText(versions: Versions): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

/** How the targets stand, which of them a whole run has left out, and how long it took. */
function footer(document: BenchDocument, isWhole: boolean): string[] {
  const results = goalResults(document);
  const shown = results.filter(({ met }) => met !== null);
  const met = shown.filter((result) => result.met === true);
  const slowest = document.suites.toSorted((a, b) => b.seconds - a.seconds).slice(0, 3);
  const { length } = document.suites.filter(({ failure }) => failure !== null);
  return [
    `${String(met.length)} of ${String(shown.length)} demands of the targets met by all their rows`,
    ...(isWhole
      ? targetsWithoutRows(results).map((name) => `NOT MEASURED: ${TARGETS[name].what}`)
      : []),
    ...(length > 0 ? [`${String(length)} suites FAILED`] : []),
    `took ${String(document.seconds)} s, the longest ` +
      slowest.map(({ name, seconds }) => `${name} ${String(seconds)} s`).join(', '),
  ];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
