import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path/posix';
import { codeBlocks, fencedBlocks } from './readme.js';

const root = new URL('../../', import.meta.url);

/** One `ts` block of a README. */
export interface Example {
  /** Absolute path under which the block can be imported; no such file exists. */
  readonly path: string;
  readonly code: string;
  /** Line of the README that the block starts on. */
  readonly line: number;
}

/** A README and its examples, in order. */
export interface Readme {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly examples: readonly Example[];
}

/** The READMEs of all workspaces of one group, those without examples included. */
export function readmesOf(group: 'packages' | 'apps'): Readme[] {
  const folder = new URL(group, root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => readmeAt(`${group}/${name}/README.md`));
}

/** The pages below `docs`, those without examples included. */
export function documents(): Readme[] {
  return readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
    .map((path) => readmeAt(`docs/${path.replaceAll('\\', '/')}`));
}

/**
 * The TypeScript files that a page tells its reader to write: those of a package where the page
 * says, others beside the page.
 */
export function filesOf({ file }: Readme): Readme {
  const blocks = fencedBlocks(readFileSync(new URL(file, root), 'utf8'), file);
  const examples = blocks.flatMap(({ language, marks, code, line }) => {
    const { file: name } = marks;
    if (language !== 'ts' || name === undefined) return [];
    const place = name.startsWith('packages/') ? name : `${dirname(file)}/${name}`;
    return [{ path: fileURLToPath(new URL(place, root)), code, line }];
  });
  return { file, examples };
}

export function readmeAt(file: string): Readme {
  const location = new URL(file, root);
  if (!existsSync(location)) return { file, examples: [] };
  const examples = codeBlocks(readFileSync(location, 'utf8'), file).map((block, index) => ({
    ...block,
    path: fileURLToPath(new URL(`${file}.block-${index}.ts`, root)),
  }));
  return { file, examples };
}
