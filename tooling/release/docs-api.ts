import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, normalizePath, ReflectionKind, type TypeDocOptions } from 'typedoc';
import type { Manifest } from '../tidy/manifests.ts';
import { workspacesIn } from '../tidy/repository.ts';
import { script } from './command.ts';

// npm run docs:api: writes the reference of all packages to docs-api/, from their docstrings. Fails
// when a docstring links to nothing, or a signature names a type that nobody can import.

const OUT = 'docs-api';

/** Shapes of one argument and lists of words: a signature spells them out where it names them. */
const NAMED_ONLY_INSIDE: Readonly<Record<string, readonly string[]>> = {
  '@sema/qar': [
    'configuration-rules.ts:Range',
    'configuration.ts:Required',
    'execution/paper-execution.ts:VenueSteps',
    'market-data/market-data-error.ts:FilePlace',
    'fusion-circuit.ts:FusionResult',
    'resources/algorithm-circuits.ts:AlgorithmCircuits',
    'resources/qubit-shares.ts:ALGORITHMS',
    'risk/equity-record.ts:Mark',
    'risk/risk-gate.ts:GateParts',
    'selection/basal-ganglia.ts:SelectionParts',
    'selection/open-positions.ts:SettledPosition',
    'transference/collective-twin.ts:INTELLIGENCE_TYPES',
  ],
  '@sema/simulator': [
    'compile/state.ts:Parts',
    'compile/state.ts:Room',
    'kernels/kernels.ts:Parts',
    'openqasm/refusal.ts:Place',
    'stabilizer/stabilizer-state.ts:Paulis',
    'stim/refusal.ts:Place',
    'stim/stim-circuit.ts:Basis',
  ],
};

const SHARED: TypeDocOptions = {
  tsconfig: 'tsconfig.json',
  excludePrivate: true,
  // The compiler and the tests judge the code; this only reads it.
  skipErrorChecking: true,
  // Another package's page, which is only known when all are put together.
  externalSymbolLinkMappings: { '@sema/timing-buffer': { '*': '#' } },
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true },
};

/**
 * Reads one package.
 *
 * @returns its reference in typedoc's JSON, and how much there is to complain of
 */
async function reflect(
  folder: string,
  manifest: Manifest,
): Promise<{ json: string; warnings: number }> {
  const { name = '', exports = {} } = manifest;
  const entries = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : [{ entry, path: join(folder, target['@sema/source'] ?? '') }],
  );
  const app = await Application.bootstrap({
    ...SHARED,
    name,
    // There is no address to link sources to, and a checkout's own remote is nobody else's.
    disableSources: true,
    intentionallyNotExported: (NAMED_ONLY_INSIDE[name] ?? []).map((one) => `${name}/src/${one}`),
    entryPoints: entries.map(({ path }) => path),
    readme: join(folder, 'README.md'),
  });
  const project = await app.convert();
  if (project === undefined) throw new Error(`${folder} cannot be read`);
  app.validate(project);
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    module.name = module.name === 'index' ? name : `${name}/${module.name}`;
  }
  const json = JSON.stringify(
    app.serializer.projectToObject(project, normalizePath(process.cwd())),
  );
  return { json, warnings: app.logger.warningCount + app.logger.errorCount };
}

await script(async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sema-docs-'));
  try {
    let warnings = 0;
    const entryPoints: string[] = [];
    const only = process.argv[2];
    for (const { folder, manifest } of workspacesIn('packages')) {
      if (only && !folder.endsWith(only)) continue;
      const reflected = await reflect(folder, manifest);
      warnings += reflected.warnings;
      const file = join(scratch, `${folder.replace('/', '-')}.json`);
      writeFileSync(file, reflected.json);
      entryPoints.push(file);
    }
    const app = await Application.bootstrap({
      name: 'Sema',
      entryPoints,
      entryPointStrategy: 'merge',
      readme: 'README.md',
    });
    const project = await app.convert();
    if (project === undefined) throw new Error('the packages do not fit together');
    await app.generateDocs(project, OUT);
    warnings += app.logger.warningCount + app.logger.errorCount;
    console.log(`${OUT}/index.html: ${entryPoints.length} packages, ${warnings} warnings`);
    return warnings === 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
