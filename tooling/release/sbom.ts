import { readFileSync } from 'node:fs';
import { workspacesIn } from '../tidy/repository.ts';
import { output, script } from './command.ts';

// npm run sbom: writes the bill of materials of what runs, as CycloneDX, from the lock file to
// sbom.cdx.json. Needs the npm registry once, for the first pnpm that can write one.

const PNPM = 'pnpm@12.21.0';
const OUT = 'sbom.cdx.json';

/** What is read of a CycloneDX document. */
interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly components: readonly { readonly group?: string; readonly name: string }[];
}

await script(async () => {
  // Otherwise it would start the pnpm that package.json pins instead of itself.
  const itself = '--config.pm-on-fail=ignore';
  const what = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--prod', '--out', OUT];
  await output('npx', ['--yes', PNPM, itself, 'sbom', ...what], { cwd: '.' });
  const { bomFormat, specVersion, components } = JSON.parse(readFileSync(OUT, 'utf8')) as Bill;
  const named = new Set(components.map(({ group, name }) => (group ? `${group}/${name}` : name)));
  const missing = [...workspacesIn('packages'), ...workspacesIn('apps')]
    .flatMap(({ manifest }) => Object.keys(manifest.dependencies ?? {}))
    .filter((name) => !named.has(name));
  for (const name of new Set(missing)) console.log(`failed: ${OUT} does not name ${name}`);
  console.log(`${OUT}: ${bomFormat} ${specVersion}, ${components.length} components`);
  return missing.length === 0;
});
