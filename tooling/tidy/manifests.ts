import { importsOf, type Layer } from './layers.ts';

/** What this check reads of a package.json. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean;
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: Readonly<Record<string, string | boolean>>;
  readonly repository?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A manifest and the folder it describes, `packages/simulator` or `apps/cli`. */
export interface Workspace {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Fields that say the same in every package. */
const PACKAGE_FIELDS: Manifest = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  files: ['dist', 'src'],
  publishConfig: { access: 'public', provenance: true },
  scripts: {
    build: 'tsup',
    'lint:package': 'publint --strict && attw --pack . --profile esm-only',
  },
};

/** Fields that say the same in every workspace, packages and apps. */
const COMMON_FIELDS: Manifest = { license: 'MIT', type: 'module' };

/** Whether a manifest agrees with the root's and with those of its kind. */
export function checkManifest({ folder, manifest }: Workspace, root: Manifest): string[] {
  const [group, name = ''] = folder.split('/');
  const isPackage = group === 'packages';
  const expected: Manifest = {
    ...(isPackage ? PACKAGE_FIELDS : COMMON_FIELDS),
    name: `@sema/${name}`,
    ...(root.engines === undefined ? {} : { engines: root.engines }),
  };
  const findings = Object.entries(expected).flatMap(([field, value]) => {
    const actual: unknown = Reflect.get(manifest, field);
    return JSON.stringify(actual) === JSON.stringify(value)
      ? []
      : [`${folder}: ${field} is ${JSON.stringify(actual)}, not ${JSON.stringify(value)}`];
  });
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([dependency, range]) => dependency.startsWith('@sema/') && range !== 'workspace:^')
    .map(([dependency, range]) => `${folder}: ${dependency} is ${range}, not workspace:^`);
  return [...findings, ...ranges, ...(isPackage ? checkExports(folder, manifest) : [])];
}

/**
 * Each entry point names its source first (so that our own tools take it), then its types, then its
 * code, all of one stem; `./package.json` stands beside them.
 */
function checkExports(folder: string, { exports = {} }: Manifest): string[] {
  const findings: string[] = [];
  if (exports['.'] === undefined) findings.push(`${folder}: exports has no '.'`);
  if (exports['./package.json'] !== './package.json') {
    findings.push(`${folder}: exports does not offer ./package.json`);
  }
  for (const [entry, target] of Object.entries(exports)) {
    if (entry === './package.json') continue;
    const stem = entry === '.' ? 'index' : entry.slice(2);
    const expected = {
      '@sema/source': `./src/${stem}.ts`,
      types: `./dist/${stem}.d.ts`,
      default: `./dist/${stem}.js`,
    };
    // Order matters to resolvers, so the texts are compared.
    if (JSON.stringify(target) !== JSON.stringify(expected)) {
      findings.push(`${folder}: exports ${entry} is not ${JSON.stringify(expected)}`);
    }
  }
  return findings;
}

/** Whether the workspace dependencies of a manifest keep to the layer table. */
export function checkManifestLayers(
  { folder, manifest }: Workspace,
  layers: readonly Layer[],
): string[] {
  const allowed = new Set(importsOf(folder, layers).map((name) => `@sema/${name}`));
  const development = Object.keys(manifest.devDependencies ?? {});
  return [
    ...runtimeDependencies(manifest),
    ...development.filter((name) => name !== '@sema/tooling'),
  ]
    .filter((name) => name.startsWith('@sema/') && !allowed.has(name))
    .map((name) => `${folder}: may not depend on ${name}`);
}

/**
 * Whether ARCHITECTURE.md gives a reason for each runtime dependency, and for none that is gone.
 */
export function checkReasons(workspaces: readonly Workspace[], architecture: string): string[] {
  const section = /^## Runtime dependencies\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(
    architecture,
  )?.[1];
  if (section === undefined) return ["ARCHITECTURE.md has no section 'Runtime dependencies'"];
  const explained = new Set(
    [...section.matchAll(/^- `([^`]+)`[^:]*: .{20,}/gm)].map((match) => match[1] ?? ''),
  );
  const used = new Map<string, string>();
  for (const { folder, manifest } of workspaces) {
    for (const name of runtimeDependencies(manifest)) {
      if (!name.startsWith('@sema/')) used.set(name, folder);
    }
  }
  return [
    ...[...used]
      .filter(([name]) => !explained.has(name))
      .map(([name, folder]) => `${folder}: ARCHITECTURE.md does not say why ${name} is needed`),
    ...[...explained]
      .filter((name) => !used.has(name))
      .map((name) => `ARCHITECTURE.md explains ${name}, which nothing depends on`),
  ];
}

function runtimeDependencies(manifest: Manifest): string[] {
  return Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
}

/** Whether all published packages stand at one version. */
export function checkVersions(workspaces: readonly Workspace[]): string[] {
  const versions = new Set(workspaces.map(({ manifest }) => manifest.version ?? 'none'));
  return versions.size <= 1
    ? []
    : [`the packages stand at ${[...versions].join(', ')}, not at one`];
}

/** Whether turbo's boundaries know which kind a workspace is. */
export function checkBoundaryTag(folder: string, turboJson: string): string[] {
  const tag = folder.startsWith('packages/') ? 'package' : 'app';
  const expected = { extends: ['//'], tags: [tag] };
  return JSON.stringify(JSON.parse(turboJson)) === JSON.stringify(expected)
    ? []
    : [`${folder}/turbo.json is not ${JSON.stringify(expected)}`];
}
