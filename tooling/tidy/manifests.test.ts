import { describe, expect, test } from 'vitest';
import type { Layer } from './layers.ts';
import {
  checkBoundaryTag,
  checkManifest,
  checkManifestLayers,
  checkReasons,
  checkVersions,
  type Manifest,
} from './manifests.ts';

const root: Manifest = { engines: { node: '>=20.19' } };

const gates: Manifest = {
  name: '@sema/gates',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  files: ['dist', 'src'],
  engines: { node: '>=20.19' },
  exports: {
    '.': {
      '@sema/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
    },
    './package.json': './package.json',
  },
  publishConfig: { access: 'public', provenance: true },
  scripts: {
    build: 'tsup',
    'lint:package': 'publint --strict && attw --pack . --profile esm-only',
  },
};

function findings(change: Manifest, folder = 'packages/gates'): string[] {
  return checkManifest({ folder, manifest: { ...gates, ...change } }, root);
}

describe('a manifest', () => {
  test('that agrees has no findings', () => {
    expect(findings({})).toEqual([]);
    expect(
      findings({ dependencies: { '@sema/ring': 'workspace:^', 'ml-matrix': '6.0.0' } }),
    ).toEqual([]);
  });

  test.each<[string, Manifest]>([
    ['the name of another folder', { name: '@sema/other' }],
    ['another licence', { license: 'ISC' }],
    ['another engine', { engines: { node: '>=22' } }],
    ['CommonJS', { type: 'commonjs' }],
    ['no publishing', { publishConfig: {} }],
    ['no word on where it was built', { publishConfig: { access: 'public' } }],
    ['another build', { scripts: { ...gates.scripts, build: 'tsc' } }],
    ['a fixed version of ours', { dependencies: { '@sema/ring': '^1.0.0' } }],
  ])('with %s is found', (_, change) => {
    expect(findings(change)).toHaveLength(1);
  });

  test.each([
    ['no condition for the source', { types: './dist/index.d.ts', default: './dist/index.js' }],
    [
      'the source behind the build',
      { types: './dist/index.d.ts', default: './dist/index.js', '@sema/source': './src/index.ts' },
    ],
    [
      'the source of another entry',
      { '@sema/source': './src/a.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    ],
  ])('whose entry has %s is found', (_, entry) => {
    expect(findings({ exports: { ...gates.exports, '.': entry } })).toHaveLength(1);
  });

  test('must offer itself and an entry', () => {
    expect(findings({ exports: {} })).toHaveLength(2);
  });

  test('of an app agrees on engine, type and licence alone', () => {
    const cli: Manifest = { name: '@sema/cli', license: 'MIT', type: 'module' };
    const workspace = { folder: 'apps/cli', manifest: { ...cli, engines: { node: '>=20.19' } } };
    expect(checkManifest(workspace, root)).toEqual([]);
    expect(checkManifest({ folder: 'apps/cli', manifest: cli }, root)).toHaveLength(1);
  });
});

describe('dependencies', () => {
  const layers: Layer[] = [
    { name: 'gates', imports: [], nodeModules: [], pinned: true },
    { name: 'ring', imports: ['gates'], nodeModules: [], pinned: false },
  ];

  test('keep to the layers, in development too', () => {
    const upward = { '@sema/ring': 'workspace:^' };
    const downward = { '@sema/gates': 'workspace:^' };
    const check = (folder: string, manifest: Manifest): string[] =>
      checkManifestLayers({ folder, manifest }, layers);
    expect(check('packages/ring', { dependencies: downward })).toEqual([]);
    expect(check('packages/gates', { dependencies: upward })).toHaveLength(1);
    expect(check('packages/gates', { devDependencies: upward })).toHaveLength(1);
    expect(check('packages/gates', { peerDependencies: upward })).toHaveLength(1);
    expect(
      check('packages/gates', { devDependencies: { '@sema/tooling': 'workspace:^' } }),
    ).toEqual([]);
    expect(check('apps/cli', { dependencies: { ...upward, ...downward } })).toEqual([]);
    const app = { '@sema/service': 'workspace:^' };
    expect(check('apps/cli', { dependencies: app })).toEqual([]);
    expect(check('apps/benchmarks', { dependencies: app })).toHaveLength(1);
  });

  test('have a reason each, and each reason its dependency', () => {
    const cli = { folder: 'apps/cli', manifest: { dependencies: { commander: '14.0.0' } } };
    const page = (item: string): string => `## Runtime dependencies\n\n${item}\n\n## Next\n`;
    const reason = '- `commander` (cli): reads the command line and writes its help.';
    expect(checkReasons([cli], page(reason))).toEqual([]);
    expect(checkReasons([cli], `# A\n\n## Runtime dependencies\n\n${reason}`)).toEqual([]);
    expect(checkReasons([cli], page('- `commander`'))).toHaveLength(1);
    expect(checkReasons([cli], `${page('')}${reason}`)).toHaveLength(1);
    expect(checkReasons([], page(reason))).toHaveLength(1);
    expect(checkReasons([cli], '# A')).toHaveLength(1);
  });
});

test('two versions are one too many', () => {
  const at = (version: string): { folder: string; manifest: Manifest } => ({
    folder: 'packages/a',
    manifest: { version },
  });
  expect(checkVersions([at('0.1.0'), at('0.1.0')])).toEqual([]);
  expect(checkVersions([at('0.1.0'), at('0.2.0')])).toHaveLength(1);
});

test('a workspace in the wrong group is found', () => {
  const asPackage = '{ "extends": ["//"], "tags": ["package"] }';
  expect(checkBoundaryTag('packages/gates', asPackage)).toEqual([]);
  expect(checkBoundaryTag('apps/cli', asPackage)).toHaveLength(1);
});
