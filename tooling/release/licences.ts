/** What `pnpm licenses list --json` says of one package. */
export interface Licensed {
  readonly name: string;
  readonly versions: readonly string[];
  readonly license: string;
}

/**
 * Licences that let anybody use, change and sell what contains the work, on no condition but naming
 * its authors. Identifiers are SPDX's, and an expression of several is none of them.
 */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/**
 * What stands under a licence that is not allowed, or under none that is known, a line each.
 *
 * @param report - packages by licence
 */
export function refusedLicences(report: Readonly<Record<string, readonly Licensed[]>>): string[] {
  return Object.values(report)
    .flat()
    .filter(({ license }) => !ALLOWED.has(license))
    .map(({ name, versions, license }) => `${name}@${versions.join(', ')} is under ${license}`)
    .sort();
}
