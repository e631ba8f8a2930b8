import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The folder lies beside `src` and beside the built `dist` alike, so this module must stay at
// their top.
const ASSETS = new URL('../assets/', import.meta.url);

/** The text of a file that ships with this package. */
export function readAsset(name: string): string {
  return readFileSync(new URL(name, ASSETS), 'utf8');
}

/** The text of a file of an installed package, such as `uplot/dist/uPlot.min.css`. */
export function readModuleFile(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), 'utf8');
}
