import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Manifest } from '../tidy/manifests.ts';
import { workspacesIn } from '../tidy/repository.ts';
import { output, script, table } from './command.ts';
import type { Packed } from './pack.ts';
import { makeProject, runInNode } from './project.ts';
import { startRegistry, type Registry } from './registry.ts';

// npm run release:dry: does all that a release does, in a clone and against a registry of this
// machine, and then uses what was released. Leaves nothing behind. Needs git, tar and
// the npm registry.

/** What the registry says of the newest version of a package. */
interface Published {
  readonly version: string;
  readonly dist: { readonly tarball: string };
}

/** All that is published: the packages, and those apps that are not private. */
const published = [...workspacesIn('packages'), ...workspacesIn('apps')].filter(
  ({ manifest }) => manifest.private !== true,
);
const names = published.map(({ manifest }) => manifest.name ?? '');
const started = Date.now();

function say(words: string): void {
  console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${words}`);
}

/** The last commit, built, in a folder of its own. */
async function clone(into: string): Promise<void> {
  const git = ['-c', 'safe.directory=*'];
  const changes = await output('git', [...git, 'status', '--porcelain'], { cwd: '.' });
  if (changes !== '') say('leaves out what is not committed');
  await output('git', [...git, 'clone', '--quiet', '--no-local', '.', into], { cwd: '.' });
  // Changesets asks what has changed since this branch.
  await output('git', ['checkout', '--quiet', '-B', 'main'], { cwd: into });
  const needed = ['sema', '@sema/tooling', ...names.map((name) => `${name}...`)];
  const only = needed.flatMap((name) => ['--filter', name]);
  await output('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', ...only], {
    cwd: into,
  });
  // What was built here from the same sources need not be built again.
  const shared = await output('git', [...git, 'rev-parse', '--git-common-dir'], { cwd: '.' });
  const cache = resolve(shared.trim(), '../.turbo/cache');
  const built = names.map((name) => `--filter=${name}...`);
  await output('turbo', ['run', 'build', ...built, '--cache-dir', cache], {
    cwd: into,
    env: { PATH: pathIn(into) },
  });
}

const pathIn = (checkout: string): string =>
  `${join(checkout, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;

/** Gives every package its next version and publishes it. */
async function release(checkout: string, registry: Registry): Promise<void> {
  const npmrc = join(checkout, '..', 'npmrc');
  writeFileSync(npmrc, registry.npmrc);
  const env = {
    PATH: pathIn(checkout),
    CI: 'true',
    npm_config_userconfig: npmrc,
    npm_config_registry: registry.url,
    // For the tags that a release leaves in the clone.
    GIT_AUTHOR_NAME: 'dry run',
    GIT_AUTHOR_EMAIL: 'nobody@localhost',
    GIT_COMMITTER_NAME: 'dry run',
    GIT_COMMITTER_EMAIL: 'nobody@localhost',
  };
  await output('changeset', ['version'], { cwd: checkout, env });
  for (const { folder } of published) withoutProvenance(join(checkout, folder, 'package.json'));
  await output('changeset', ['publish'], { cwd: checkout, env });
}

/** Only a build server that the public log of signatures knows can say where a package is from. */
function withoutProvenance(path: string): void {
  // A manifest, which the tidy rules have checked.
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const { provenance: _, ...publishConfig } = manifest.publishConfig ?? {};
  writeFileSync(path, JSON.stringify({ ...manifest, publishConfig }, null, 2));
}

async function newest(name: string, { url }: Registry): Promise<Published> {
  // A document of the registry's API.
  const document = (await (await fetch(`${url}${name.replace('/', '%2f')}`)).json()) as {
    'dist-tags'?: { latest?: string };
    versions?: Record<string, Published>;
  };
  const found = document.versions?.[document['dist-tags']?.latest ?? ''];
  if (found === undefined) throw new Error(`${name} was not published`);
  return found;
}

/** Installs a package and what it needs by name, and runs its README's examples. */
async function use(name: string, scratch: string, registry: Registry): Promise<number> {
  const workspace = published.find(({ manifest }) => manifest.name === name);
  const folder = workspace?.folder ?? '';
  const packed: Pick<Packed, 'folder' | 'closure' | 'readme'> = {
    folder,
    closure: names,
    readme: readFileSync(join(folder, 'README.md'), 'utf8'),
  };
  const project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(join(project, '.npmrc'), `@sema:registry=${registry.url}\n`);
  return runInNode(await makeProject(project, packed, new Map()), process.execPath);
}

async function dryRun(scratch: string): Promise<boolean> {
  const checkout = join(scratch, 'clone');
  await clone(checkout);
  say('cloned and built the last commit');
  const registry = await startRegistry(join(scratch, 'registry'));
  try {
    await release(checkout, registry);
    say('gave every package its next version and published it');
    const rows: string[][] = [];
    for (const name of names) {
      const { version, dist } = await newest(name, registry);
      const tarball = new Uint8Array(await (await fetch(dist.tarball)).arrayBuffer());
      writeFileSync(join(scratch, 'newest.tgz'), tarball);
      const list = await output('tar', ['-tzf', 'newest.tgz'], { cwd: scratch });
      const files = list.trimEnd().split('\n').length;
      rows.push([name, version, String(tarball.length), String(files)]);
    }
    const held = await use('@sema/qar', scratch, registry);
    say(`installed it by name in an empty folder: ${held} assertions of @sema/qar's README hold`);
    const heading = ['package', 'version', 'bytes', 'files'];
    console.log(`\n${table(heading, rows)}\n`);
    return new Set(rows.map(([, version]) => version)).size === 1;
  } finally {
    await registry.stop();
  }
}

await script(async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sema-release-'));
  try {
    const isGood = await dryRun(scratch);
    if (!isGood) console.log('failed: the packages have different versions');
    if (published.some(({ manifest }) => manifest.repository === undefined)) {
      say('a real release also needs `repository` in the manifests: provenance names it');
    }
    return isGood;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
