import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Rates {
  readonly detectors: readonly number[];
  readonly observables: readonly number[];
}

interface Counts {
  readonly qubits: number;
  readonly measurements: number;
  readonly detectors: number;
  readonly observables: number;
}

type GoldenError = readonly [number, readonly number[], readonly number[]];

interface Golden {
  readonly gates: Readonly<
    Record<string, { readonly aliases: readonly string[]; readonly images: readonly string[] }>
  >;
  readonly circuits: Readonly<Record<string, Counts & { errors: number; rates: Rates }>>;
  readonly models: Readonly<
    Record<string, { detectors: number; observables: number; errors: number; rates: Rates }>
  >;
  readonly generated: Readonly<
    Record<string, Counts & { text: string; errors: readonly GoldenError[] }>
  >;
  readonly wide: { readonly text: string; readonly stabilizers: readonly string[] };
  readonly tutorial: Readonly<Record<string, { text: string; rates: Rates }>>;
}

/** What Stim 1.16.0 says; generate.py beside this file wrote it. */
export const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'stim.json'), 'utf8'),
) as Golden; // The script writes this shape.
