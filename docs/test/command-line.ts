import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './pages.ts';

const APP = join(ROOT, 'apps/cli');
const CONFIGURATION = fileURLToPath(new URL('command-line.config.ts', import.meta.url));
const TSUP = join(ROOT, 'docs/node_modules/.bin/tsup');

/**
 * Builds the command line from the sources into a folder of its own: fifty commands of the pages
 * start it, and from the sources each would take a second longer.
 *
 * @returns the program to start with `node`.
 */
export function buildCommandLine(folder: string): string {
  const dist = join(folder, 'dist');
  const built = spawnSync(TSUP, ['--config', CONFIGURATION, '--out-dir', dist], {
    cwd: APP,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`tsup failed\n${built.stdout}${built.stderr}`);
  // It reads them beside its own folder.
  for (const name of ['assets', 'node_modules', 'package.json']) {
    symlinkSync(join(APP, name), join(folder, name));
  }
  return join(dist, 'main.js');
}
