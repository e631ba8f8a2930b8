import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { importsOf, type Layer } from './layers.ts';
import { findingAt, importedModules, parse, type TextFile } from './syntax.ts';

/** What one file may import. */
interface Rights {
  /** `packages/simulator` or `apps/cli`. */
  readonly folder: string;
  /** The folder of kernels that the file is in and may not look out of. */
  readonly kernels: string | undefined;
  readonly packages: readonly string[];
  /** undefined: any, since apps, tests and benchmarks run on Node. */
  readonly nodeModules: readonly string[] | undefined;
  /** Entry points with a row of their own, whose rights the other sources must not borrow. */
  readonly closed: readonly string[];
}

/** Whether one file of a package or app imports only what the layer table lets it. */
export function checkImports(file: TextFile, layers: readonly Layer[]): string[] {
  const rights = rightsOf(file.path, layers);
  return importedModules(parse(file)).flatMap(({ specifier, node }) => {
    const allowed = specifier.startsWith('.')
      ? mayReach(posix.join(posix.dirname(file.path), specifier), rights)
      : mayImport(specifier, rights);
    return allowed ? [] : [findingAt(node, `may not import ${specifier}`)];
  });
}

function rightsOf(path: string, layers: readonly Layer[]): Rights {
  const folder = path.split('/').slice(0, 2).join('/');
  const kernels = /^.*\/src\/kernels\//.exec(path)?.[0];
  if (!path.startsWith('packages/') || !path.startsWith(`${folder}/src/`)) {
    const isConfiguration = posix.dirname(path) === folder;
    const packages = [...importsOf(folder, layers), ...(isConfiguration ? ['tooling'] : [])];
    return { folder, kernels, packages, nodeModules: undefined, closed: [] };
  }
  const name = posix.basename(folder);
  const entries = layers.filter((layer) => layer.name.startsWith(`${name}/`));
  const stemOf = (entry: Layer): string => `${folder}/src/${entry.name.slice(name.length + 1)}`;
  const own = entries.filter((entry) => isWithin(path, stemOf(entry)));
  const rows = [...layers.filter((layer) => layer.name === name), ...own];
  return {
    folder,
    kernels,
    packages: rows.flatMap((row) => row.imports),
    nodeModules: rows.flatMap((row) => row.nodeModules),
    closed: entries.filter((entry) => !own.includes(entry)).map(stemOf),
  };
}

function mayReach(target: string, { folder, kernels, closed }: Rights): boolean {
  return (
    target.startsWith(`${kernels ?? folder + '/'}`) &&
    !closed.some((stem) => isWithin(target, stem))
  );
}

function mayImport(specifier: string, rights: Rights): boolean {
  if (rights.kernels !== undefined) return false;
  if (isBuiltin(specifier)) {
    // A built-in has one spelling, so that the table can name it.
    return specifier.startsWith('node:') && (rights.nodeModules?.includes(specifier) ?? true);
  }
  const [scope, name = ''] = specifier.split('/');
  const isOwn = name === posix.basename(rights.folder);
  return scope !== '@sema' || isOwn || rights.packages.includes(name);
}

/** Whether `path` is the module `stem` or one of the files in the folder of that name. */
function isWithin(path: string, stem: string): boolean {
  return path === `${stem}.ts` || path.startsWith(`${stem}/`);
}
