import { mkdirSync, statSync } from 'node:fs';
import { read, workspacesIn } from '../tidy/repository.ts';
import { output } from './command.ts';

/** A package of ours as it would be published. */
export interface Packed {
  /** `@sema/simulator` */
  readonly name: string;
  /** `packages/simulator`, from the root. */
  readonly folder: string;
  readonly version: string;
  readonly tarball: string;
  /** Of the tarball. */
  readonly bytes: number;
  /** Paths within the tarball. */
  readonly files: readonly string[];
  /** What it needs of ours to run, itself first. */
  readonly closure: readonly string[];
  /** Names that can be imported: `@sema/simulator`, `@sema/simulator/noise` … */
  readonly entries: readonly string[];
  readonly readme: string;
}

/**
 * Builds and packs all of `packages/`, in the order of their names. A few seconds when nothing has
 * changed since the last build. Runs in the root of the checkout.
 *
 * @param into - the folder for the tarballs
 */
export async function packAll(into: string): Promise<Packed[]> {
  await output('turbo', ['run', 'build', '--filter=./packages/*'], { cwd: '.' });
  mkdirSync(into, { recursive: true });
  const closures = closuresOf(workspacesIn('packages'));
  const packed: Packed[] = [];
  for (const { folder, manifest } of workspacesIn('packages')) {
    const { name = '', exports = {} } = manifest;
    const printed = await output('pnpm', ['pack', '--json', '--pack-destination', into], {
      cwd: folder,
    });
    // What pnpm documents of this option.
    const { version, filename, files } = JSON.parse(printed) as {
      version: string;
      filename: string;
      files: { path: string }[];
    };
    packed.push({
      name,
      folder,
      version,
      tarball: filename,
      bytes: statSync(filename).size,
      files: files.map(({ path }) => path),
      closure: closures.get(name) ?? [],
      entries: Object.keys(exports)
        .filter((entry) => entry !== './package.json')
        .map((entry) => name + entry.slice(1)),
      readme: read(`${folder}/README.md`),
    });
  }
  return packed;
}

function closuresOf(workspaces: ReturnType<typeof workspacesIn>): Map<string, string[]> {
  const direct = new Map(
    workspaces.map(({ manifest }) => [
      manifest.name ?? '',
      Object.keys(manifest.dependencies ?? {}),
    ]),
  );
  const closureOf = (name: string): string[] => {
    const ours = (direct.get(name) ?? []).filter((dependency) => direct.has(dependency));
    return [...new Set([name, ...ours.flatMap(closureOf)])];
  };
  return new Map([...direct.keys()].map((name) => [name, closureOf(name)]));
}
