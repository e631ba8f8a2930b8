import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest, Workspace } from './manifests.ts';
import type { TextFile } from './syntax.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders that hold what was installed or built, not what was written. */
const NOT_OURS = new Set(['node_modules', 'dist', '.turbo', '.sema', 'coverage']);

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Paths from the root of all files below `folder`, with forward slashes, sorted. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/** The workspaces below `packages` or `apps`. */
export function workspacesIn(group: 'packages' | 'apps'): Workspace[] {
  return filesBelow(group)
    .filter((path) => /^[^/]+\/[^/]+\/package\.json$/.test(path))
    .map((path) => ({
      folder: path.slice(0, -'/package.json'.length),
      manifest: manifestAt(path),
    }));
}

export function manifestAt(path: string): Manifest {
  // Fields are compared one by one and nothing else is read, so a wrong shape is a finding.
  return JSON.parse(read(path)) as Manifest;
}

/** TypeScript and JavaScript that people write: generated tables are left out. */
export function codeBelow(...folders: readonly string[]): TextFile[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => /\.[jt]sx?$/.test(path) && !path.includes('.generated.'))
    .map((path) => ({ path, text: read(path) }));
}
