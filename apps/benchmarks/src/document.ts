import type { Row } from './harness.ts';
import type { Machine } from './machine.ts';
import { GOALS } from './targets.ts';
import type { Versions } from './versions.ts';

/** What one suite found, and how long that took. */
export interface SuiteResult {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  /** What was not measured, and why. */
  readonly skipped: readonly string[];
  /** Why the suite ended before it had rows; null when it did not. */
  readonly failure: string | null;
  readonly rows: readonly Row[];
}

/** What `--json` writes and `--compare` reads. */
export interface BenchDocument {
  readonly format: 'sema-benchmarks';
  readonly version: 2;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly quick: boolean;
  /** Processes that each row was measured in; samples are of one process each above 1. */
  readonly runs: number;
  readonly seconds: number;
  readonly suites: readonly SuiteResult[];
}

/** Indented, but with one row a line, so that a change of a row is one line. */
export function documentText(document: BenchDocument): string {
  const { format, version, machine, versions, quick, runs, seconds, suites } = document;
  const head = { format, version, machine, versions, quick, runs, seconds };
  const texts = suites.map((suite) => {
    const { name, title, skipped, failure, rows } = suite;
    const about = { name, title, seconds: suite.seconds, skipped, failure };
    const lines = rows.map((row) => `        ${rowText(row)}`);
    return `    ${opened(about, '    ')},\n      "rows": [\n${lines.join(',\n')}\n      ]\n    }`;
  });
  return `${opened(head, '')},\n  "suites": [\n${texts.join(',\n')}\n  ]\n}\n`;
}

/** An object whose closing brace is left for whoever has more to put into it. */
function opened(part: object, indent: string): string {
  return JSON.stringify(part, null, 2).replace(/\n\}$/, '').replaceAll('\n', `\n${indent}`);
}

/** With its fields always in the same order. */
function rowText(row: Row): string {
  const { name, value, unit, goal, target, peer, peerValue, ratio, met } = row;
  const { samples, peerSamples } = row;
  const fields = { name, value, unit, goal, target, peer, peerValue, ratio, met };
  return JSON.stringify({ ...fields, samples, peerSamples }, shortened);
}

/** Digits of a sample beyond the sixth say nothing. */
function shortened(key: string, value: unknown): unknown {
  if (!key.toLowerCase().endsWith('samples') || !Array.isArray(value)) return value;
  return value.map((sample) => Number(Number(sample).toPrecision(6)));
}

/** What a document of the first version lacks. */
const FIRST_VERSION = { versions: {}, runs: 1, seconds: NaN };
const FIRST_SUITE = { title: '', seconds: NaN, skipped: [], failure: null };
const FIRST_ROW = { goal: null, samples: null, peerSamples: null };

/**
 * @param text - of a file that `--json` wrote, also with the first version of its format.
 * @throws {Error} when it is none.
 */
export function readDocument(text: string, file: string): BenchDocument {
  // Whoever edits such a file by hand may break it; its name and version are what is looked at.
  const document = JSON.parse(text) as Omit<BenchDocument, 'version'> & { version: number };
  const { format, version, suites } = document;
  if (format !== 'sema-benchmarks' || (version !== 1 && version !== 2)) {
    throw new Error(`${file} was not written by this program's --json, version 1 or 2`);
  }
  const whole = suites.map((suite) => ({
    ...FIRST_SUITE,
    ...suite,
    rows: suite.rows.map((row) => wholeRow({ ...FIRST_ROW, ...row })),
  }));
  return { ...FIRST_VERSION, ...document, version: 2, suites: whole };
}

/** JSON writes null for what is no finite number, and a goal may be gone since. */
function wholeRow(row: Omit<Row, 'value'> & { readonly value: number | null }): Row {
  const goal = row.goal !== null && Object.hasOwn(GOALS, row.goal) ? row.goal : null;
  return { ...row, value: row.value ?? NaN, goal };
}
