import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { codeBlocks, withAssertions } from '../vitest/readme.js';
import { output } from './command.ts';
import type { Packed } from './pack.ts';

/** An empty project of somebody else's, in which one package of ours was installed. */
export interface Project {
  readonly packed: Packed;
  readonly folder: string;
  /** The README's examples, as they stand there. */
  readonly sources: readonly string[];
  /** The same as JavaScript that checks what they claim, in the same order. */
  readonly checks: readonly string[];
}

/**
 * Installs a package from its tarball, with those of what it needs of ours, where nothing of this
 * repository is around, and lays its README's examples beside it. Needs the npm registry.
 *
 * @param folder - made here; outside any other project
 * @param tarballs - by package name
 */
export async function makeProject(
  folder: string,
  packed: Packed,
  tarballs: ReadonlyMap<string, string>,
): Promise<Project> {
  mkdirSync(join(folder, 'examples'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const ours = packed.closure.map((name) => tarballs.get(name) ?? name);
  await install(folder, ours);
  await build({
    entryPoints: [join(import.meta.dirname, 'expect.ts')],
    outfile: join(folder, 'examples/expect.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
  const file = `${packed.folder}/README.md`;
  const sources: string[] = [];
  const checks: string[] = [];
  for (const [index, block] of codeBlocks(packed.readme, file).entries()) {
    const source = join(folder, `examples/example-${index}.ts`);
    const check = join(folder, `examples/check-${index}.js`);
    writeFileSync(source, `${block.code}\nexport {};\n`);
    // Node 20 cannot parse `using`, which ES2022 does without.
    const { code } = await transform(withAssertions(block, file, './expect.js'), {
      loader: 'ts',
      target: 'es2022',
    });
    writeFileSync(check, code);
    sources.push(source);
    checks.push(check);
  }
  if (checks.length === 0) throw new Error(`${file} has no example`);
  return { packed, folder, sources, checks };
}

/** Installs from the npm registry, or from tarballs, into a project that need not exist yet. */
export async function install(folder: string, what: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await output('npm', ['install', ...quietly, '--prefix', '.', ...what], { cwd: folder });
}

/** Runs all examples on one Node and says how many assertions held. */
export async function runInNode(project: Project, node: string): Promise<number> {
  const main = join(project.folder, 'examples/all.js');
  const imports = project.checks.map((path) => `await import(${JSON.stringify(path)});`);
  writeFileSync(
    main,
    `${imports.join('\n')}\nconst { held } = await import('./expect.js');\nconsole.log(held());\n`,
  );
  return Number(await output(node, [main], { cwd: project.folder }));
}
