import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.js';
import { runQuietly } from './spawn.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TOOLS = join(ROOT, '.tools');
const STAMP = join(ROOT, 'node_modules', '.sema-setup');
const WAIT_FOR_OTHERS_MS = 15 * 60_000;

/**
 * Makes a fresh checkout ready to run: the pinned pnpm below `.tools`, and everything the lock file
 * names below `node_modules`. Does nothing when that is there already. Needs Node, npm and, the
 * first time, the npm registry; writes nothing outside the checkout but the caches of both.
 *
 * @param {{ withDependencies?: boolean }} [options] - false: pnpm alone, to mend a lock file with
 * @returns {Promise<NodeJS.ProcessEnv>} the environment to run the workspace's programs in
 */
export async function setup({ withDependencies = true } = {}) {
  process.chdir(ROOT);
  const manifest = readManifest();
  requireNode(manifest.engines.node);
  const pnpm = join(TOOLS, manifest.packageManager.replace('@', '-'));
  const env = environment(pnpm);
  const needsPnpm = () => !existsSync(pnpm);
  const needsInstall = () => withDependencies && !isInstalled();
  if (!needsPnpm() && !needsInstall()) return env;
  mkdirSync(TOOLS, { recursive: true });
  // Asked again inside the lock: whoever held it before may have done it.
  const work = () => {
    if (needsPnpm()) fetchPnpm(pnpm, manifest.packageManager, env);
    if (needsInstall()) install(env);
  };
  await withLock(join(TOOLS, 'setup.lock'), work, { patienceMs: WAIT_FOR_OTHERS_MS });
  return env;
}

/**
 * @typedef {{ engines: { node: string }, packageManager: string }} RootManifest
 * @returns {RootManifest}
 */
function readManifest() {
  const manifest = /** @type {RootManifest} */ (JSON.parse(readFileSync('package.json', 'utf8')));
  // A hash may follow the version: `pnpm@10.0.0+sha512.…`.
  return { ...manifest, packageManager: manifest.packageManager.split('+')[0] ?? '' };
}

/** @param {string} range - `>=major.minor` */
function requireNode(range) {
  const [major = 0, minor = 0] = range.replace('>=', '').split('.').map(Number);
  const [ourMajor = 0, ourMinor = 0] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  throw new Error(`Node ${range} is needed, and this is ${process.versions.node}`);
}

/** @param {string} pnpm - folder of the pinned pnpm */
function environment(pnpm) {
  const path = [
    join(ROOT, 'node_modules', '.bin'),
    join(pnpm, 'node_modules', '.bin'),
    dirname(process.execPath),
    process.env['PATH'],
  ];
  return {
    ...process.env,
    ...cacheLocations(),
    PATH: path.join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  };
}

/** Keeps the caches of npm and pnpm in the checkout when the home folder cannot hold them. */
function cacheLocations() {
  const places = ['.npm', '.cache', '.config', '.local/share', '.local/state'];
  if (places.every((place) => isWritable(join(homedir(), place)))) return {};
  const caches = join(TOOLS, 'caches');
  return {
    npm_config_cache: join(caches, 'npm'),
    XDG_CACHE_HOME: caches,
    XDG_CONFIG_HOME: caches,
    XDG_DATA_HOME: caches,
    XDG_STATE_HOME: caches,
  };
}

/**
 * @param {string} path - which need not exist
 * @returns {boolean}
 */
function isWritable(path) {
  if (!existsSync(path)) return dirname(path) !== path && isWritable(dirname(path));
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @param {string} version - `pnpm@10.0.0`
 * @param {NodeJS.ProcessEnv} env
 */
function fetchPnpm(folder, version, env) {
  console.error(`sema: fetching ${version}`);
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  runQuietly(
    'npm',
    ['install', '--prefix', draft, '--no-audit', '--no-fund', '--loglevel=error', version],
    env,
  );
  // The folder appears whole or not at all, whenever this is interrupted.
  renameSync(draft, folder);
}

/** @param {NodeJS.ProcessEnv} env */
function install(env) {
  console.error('sema: installing what the lock file names');
  // Under NODE_ENV=production pnpm would leave the build tools out.
  const { NODE_ENV: _, ...rest } = env;
  runQuietly(
    'pnpm',
    ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false', '--loglevel=error'],
    rest,
  );
  writeFileSync(STAMP, fingerprint());
}

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

/** Changes whenever the installation has to be looked at again. */
function fingerprint() {
  const hash = createHash('sha256').update(
    `${process.version} ${process.platform} ${process.arch}`,
  );
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...manifests()]) {
    hash.update(`\0${path}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function manifests() {
  const workspaces = ['packages', 'apps', 'examples'].flatMap((group) =>
    existsSync(group) ? readdirSync(group).map((name) => `${group}/${name}`) : [],
  );
  return ['.', 'docs', 'tooling', ...workspaces]
    .map((folder) => `${folder}/package.json`)
    .filter((path) => existsSync(path))
    .sort();
}
