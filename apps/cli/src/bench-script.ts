import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The script that runs the benchmarks, in the checkout around one of the folders if there is. */
export function benchScript(folders: readonly string[]): string | undefined {
  return folders
    .flatMap(ancestors)
    .filter((root) => existsSync(join(root, 'apps', 'benchmarks', 'src', 'main.ts')))
    .map((root) => join(root, 'tooling', 'run', 'bench.js'))
    .find((script) => existsSync(script));
}

/** The folder itself and all around it, the nearest first. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
