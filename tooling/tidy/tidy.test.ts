import { describe, expect, test } from 'vitest';
import { checkArithmetic } from './arithmetic.ts';
import { checkImports } from './imports.ts';
import { checkLayerTable, parseLayers } from './layers.ts';
import {
  checkAnatomy,
  checkComments,
  checkDefaultExports,
  checkErrors,
  checkIndex,
  checkLength,
  checkName,
  checkProse,
} from './layout.ts';
import {
  checkBoundaryTag,
  checkManifest,
  checkManifestLayers,
  checkReasons,
  checkVersions,
} from './manifests.ts';
import { checkPurity } from './purity.ts';
import { codeBelow, filesBelow, manifestAt, read, workspacesIn } from './repository.ts';

const architecture = read('ARCHITECTURE.md');
const layers = parseLayers(architecture);
const packages = workspacesIn('packages');
const workspaces = [...packages, ...workspacesIn('apps')];
const folders = ['packages', 'apps', 'docs', 'examples', 'tooling'];
const paths = new Set(folders.flatMap(filesBelow));
const code = codeBelow(...folders);
const packageCode = code.filter(({ path }) => path.startsWith('packages/'));
const packageSources = packageCode.filter(({ path }) => /^[^/]+\/[^/]+\/src\//.test(path));

function packageOf(path: string): string {
  return path.split('/')[1] ?? '';
}

describe('layers', () => {
  test('the layer table names every package, each below what it imports', () => {
    const names = packages.map(({ folder }) => packageOf(folder));
    expect(checkLayerTable(layers, names, paths)).toEqual([]);
  });

  test('manifests depend only on what their layer may import', () => {
    expect(workspaces.flatMap((workspace) => checkManifestLayers(workspace, layers))).toEqual([]);
  });

  test('files import only what their layer may import', () => {
    const ours = code.filter(({ path }) => /^(packages|apps)\//.test(path));
    expect(ours.flatMap((file) => checkImports(file, layers))).toEqual([]);
  });
});

describe('code', () => {
  test('packages compute from their arguments alone', () => {
    const mayDraw = (path: string): boolean => packageOf(path) === 'synthesis-crypto';
    expect(
      packageSources.flatMap((file) => checkPurity(file, { mayDraw: mayDraw(file.path) })),
    ).toEqual([]);
  });

  test('arithmetic on the path of a decision gives the same bits everywhere', () => {
    const pinned = new Set(layers.filter((layer) => layer.pinned).map((layer) => layer.name));
    const files = packageSources.filter(({ path }) => pinned.has(packageOf(path)));
    expect(files.flatMap(checkArithmetic)).toEqual([]);
  });

  test('packages export by name', () => {
    const files = packageCode.filter(({ path }) => path.split('/').length > 3);
    expect(files.flatMap(checkDefaultExports)).toEqual([]);
  });

  test('an index only lists what its package offers', () => {
    const files = code.filter(({ path }) => /^packages\/[^/]+\/src\/index\.ts$/.test(path));
    expect(files.flatMap(checkIndex)).toEqual([]);
  });

  test('a package throws one class of error, with codes', () => {
    const files = code.filter(({ path }) => /^packages\/[^/]+\/src\/errors\.ts$/.test(path));
    expect(files.flatMap(checkErrors)).toEqual([]);
  });
});

describe('files', () => {
  test('files and lines stay short', () => {
    expect(code.flatMap(checkLength)).toEqual([]);
  });

  test('names say what is inside', () => {
    expect([...paths].flatMap((path) => checkName({ path }))).toEqual([]);
  });

  test('nothing is put off', () => {
    const documents = [...paths, 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md']
      .filter((path) => path.endsWith('.md'))
      .map((path) => ({ path, text: read(path) }));
    expect([...code.flatMap(checkComments), ...documents.flatMap(checkProse)]).toEqual([]);
  });

  test('every package has the files that a package has', () => {
    expect(packages.flatMap(({ folder }) => checkAnatomy(folder, paths))).toEqual([]);
  });
});

describe('manifests', () => {
  test('manifests agree', () => {
    const root = manifestAt('package.json');
    expect(workspaces.flatMap((workspace) => checkManifest(workspace, root))).toEqual([]);
  });

  test('all packages stand at one version', () => {
    expect(checkVersions(packages)).toEqual([]);
  });

  test('every workspace carries its boundary tag', () => {
    expect(
      workspaces.flatMap(({ folder }) => checkBoundaryTag(folder, read(`${folder}/turbo.json`))),
    ).toEqual([]);
  });

  test('every runtime dependency has its reason in ARCHITECTURE.md', () => {
    expect(checkReasons(workspaces, architecture)).toEqual([]);
  });
});
