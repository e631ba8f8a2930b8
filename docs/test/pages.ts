import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fencedBlocks, type Block } from '@sema/tooling/vitest/readme';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A Markdown file, by its path from the root with forward slashes. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

const NOT_WRITTEN = new Set(['node_modules', 'dist', '.turbo', '.sema', 'CHANGELOG.md', 'test']);

/** Every page that a reader sees: READMEs, those at the root, docs and examples. */
export const PAGES: readonly Page[] = [
  ...markdownIn('.'),
  ...['packages', 'apps'].flatMap((group) =>
    readdirSync(join(ROOT, group)).flatMap((name) => markdownIn(`${group}/${name}`)),
  ),
  ...['docs', 'examples'].flatMap(markdownBelow),
].map((path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, blocks: fencedBlocks(text, path) };
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md') && !NOT_WRITTEN.has(name))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));
}

function markdownBelow(folder: string): string[] {
  const below = readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_WRITTEN.has(entry.name))
    .flatMap(({ name }) => markdownBelow(`${folder}/${name}`));
  return [...markdownIn(folder), ...below];
}
