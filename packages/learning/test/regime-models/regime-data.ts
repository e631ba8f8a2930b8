import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(
  process.env.SEMA_DATA_DIR ?? path.resolve(import.meta.dirname, '../../../../../shared/data'),
  'regime',
);

/** Whether the reference series are at hand. */
export const HAS_REGIME_DATA = existsSync(path.join(FOLDER, 'hamilton_rgnp.json'));
/** For the names of tests that need them. */
export const SKIPPED = HAS_REGIME_DATA ? '' : ' (skipped: no regime series below SEMA_DATA_DIR)';

/** The lists of numbers in one file of the test data of statsmodels, BSD-3. */
export function seriesOf(file: string): Readonly<Record<string, readonly number[]>> {
  // Files of ours whose entries are lists of numbers.
  return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Record<string, number[]>;
}

/** One column of a comma-separated file with a header; empty cells left out. */
export function columnOf(file: string, name: string): number[] {
  const [header, ...rows] = readFileSync(path.join(FOLDER, file), 'utf8')
    .trim()
    .split(/\r?\n|\r/);
  const at = header.split(',').indexOf(name);
  return rows
    .map((row) => row.split(',')[at])
    .filter((cell) => cell !== '')
    .map(Number);
}
