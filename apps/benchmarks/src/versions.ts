import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MANIFEST = new URL('../package.json', import.meta.url);
const REQUIREMENTS = new URL('../peers/requirements.txt', import.meta.url);
/** Of the manifest's packages, those that are measured beside us. */
const NPM_PEERS = ['denque', 'jsqubits', 'msgpackr', 'quantum-circuit'];

/** What was measured, and beside which versions of what; a name without a version is absent. */
export type Versions = Readonly<Record<string, string>>;

export function theVersions(): Versions {
  const { v8, openssl } = process.versions;
  const commit = output('git', ['-C', ROOT, 'describe', '--always', '--dirty', '--abbrev=12']);
  return {
    ...(commit && { sema: commit }),
    v8,
    'openssl of Node': openssl,
    ...installedOpenssl(),
    ...npmPeers(),
    ...pythonPeers(),
  };
}

function installedOpenssl(): Versions {
  const text = output('openssl', ['version']);
  return text ? { openssl: text.split(' ')[1] ?? text } : {};
}

function npmPeers(): Versions {
  // This package's own manifest.
  const { devDependencies } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return Object.fromEntries(NPM_PEERS.map((name) => [name, devDependencies[name]]));
}

/** Those that are pinned, or what a Python of one's own has of them. */
function pythonPeers(): Versions {
  const pinned = Object.fromEntries(
    readFileSync(REQUIREMENTS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('==') as [string, string]),
  );
  const python = process.env.SEMA_PYTHON;
  if (python === undefined || python === '') return pinned;
  const program =
    'import json, sys; from importlib.metadata import version\n' +
    'print(json.dumps({name: version(name) for name in sys.argv[1:]}))';
  const text = output(python, ['-c', program, ...Object.keys(pinned)]);
  // The program above prints an object of texts.
  return text ? (JSON.parse(text) as Versions) : {};
}

/** What a program prints, without the line's end; empty where it cannot be run. */
function output(program: string, words: readonly string[]): string {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
