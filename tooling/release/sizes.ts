import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a README says that an import costs. */
export interface StatedSize {
  /** `import { run } from '@sema/simulator'` */
  readonly statement: string;
  readonly names: string;
  readonly from: string;
  readonly limitBytes: number;
}

/** What it costs. */
export interface BundleSize {
  readonly bytes: number;
  readonly gzippedBytes: number;
}

const ROW = /^\| `(import \{ ([\w, ]+) \} from '([^']+)')` *\| *≤ ([\d.]+) kB *\|$/;

/** The rows `| import { name } from 'package' | ≤ 1 kB |` of a README; a kB is 1000 bytes. */
export function statedSizes(readme: string): StatedSize[] {
  return readme.split('\n').flatMap((line) => {
    const [, statement, names, from, limit] = ROW.exec(line) ?? [];
    if (statement === undefined || names === undefined || from === undefined) return [];
    return [{ statement, names, from, limitBytes: Number(limit) * 1000 }];
  });
}

/**
 * What stands in a bundle that exports these names alone: everything they need of ours and of our
 * dependencies, minified, as ES2022.
 *
 * @param folder - a project in which the package is installed
 */
export async function bundleSize(
  folder: string,
  { names, from }: Pick<StatedSize, 'names' | 'from'>,
): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from '${from}';`, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['node:*'],
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array(0);
  return { bytes: code.length, gzippedBytes: gzipSync(code).length };
}

/**
 * Whether a statement holds: the bundle is no larger than stated, and not so much smaller that the
 * statement has stopped saying anything.
 */
export function holds({ limitBytes }: StatedSize, { bytes }: BundleSize): boolean {
  return bytes <= limitBytes && bytes >= 0.75 * limitBytes - 200;
}
