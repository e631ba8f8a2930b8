import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { readDocument, type BenchDocument } from '../document.ts';
import { mergedRuns } from './merged-runs.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export interface TurnOptions {
  /** Suites and flags that each run is given. */
  readonly words: readonly string[];
  readonly runs: number;
  readonly say: (line: string) => void;
}

/**
 * Measures in several processes, one after another, in each folder; every other time the folders
 * take their turns backwards. A folder is a checkout, which its own `npm run bench` sets up.
 *
 * @returns a document for each folder, whose samples are values of one process each.
 * @throws {Error} when a run fails.
 */
export function measureInTurns(
  folders: readonly string[],
  { words, runs, say }: TurnOptions,
): BenchDocument[] {
  const documents = new Map<string, BenchDocument[]>(folders.map((folder) => [folder, []]));
  for (let run = 0; run < runs; run++) {
    const order = run % 2 === 0 ? folders : folders.toReversed();
    for (const folder of order) {
      say(`run ${String(run + 1)} of ${String(runs)} in ${folder}`);
      documents.get(folder)?.push(measureIn(folder, words));
    }
  }
  return folders.map((folder) => mergedRuns(documents.get(folder) ?? []));
}

/** The folder of this program's own checkout. */
export function ownCheckout(): string {
  return resolve(ROOT);
}

function measureIn(folder: string, words: readonly string[]): BenchDocument {
  const scratch = mkdtempSync(join(tmpdir(), 'sema-bench-'));
  try {
    const file = join(scratch, 'rows.json');
    const program = join(folder, 'tooling', 'run', 'bench.js');
    const { status } = spawnSync(process.execPath, [program, ...words, '--json', file], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`the benchmarks in ${folder} failed`);
    return readDocument(readFileSync(file, 'utf8'), file);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Calls with a checkout of a commit, which is gone afterwards.
 *
 * @throws {Error} when git knows no such commit.
 */
export function withCheckout<Result>(commit: string, work: (folder: string) => Result): Result {
  const scratch = mkdtempSync(join(tmpdir(), 'sema-against-'));
  const folder = join(scratch, 'checkout');
  const git = (...words: string[]): void => {
    const { status, stderr } = spawnSync('git', ['-C', ROOT, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${words[0]} ${words[1]} failed: ${stderr.trim()}`);
  };
  try {
    git('worktree', 'add', '--detach', folder, commit);
    try {
      return work(folder);
    } finally {
      git('worktree', 'remove', '--force', folder);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
