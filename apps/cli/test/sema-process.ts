import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LOADER = ['--import', 'tsx', '--conditions=@sema/source'];
const MAIN = join(ROOT, 'apps/cli/src/main.ts');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test, gone when disposed; SEMA_HOME points into it. */
export class Sandbox implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sema-cli-'));

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** What the programs that are started here find in their environment besides. */
  readonly variables: Record<string, string> = {};

  /** Starts the real program, from its sources. */
  start(...args: string[]): ChildProcess {
    const own = { SEMA_HOME: this.file('home'), SEMA_DEBUG: '', NO_COLOR: '' };
    const env = { ...process.env, ...own, ...this.variables };
    // The workspace root is where tsx can be found.
    return spawn(process.execPath, [...LOADER, MAIN, ...args], { cwd: ROOT, env });
  }

  /** Runs the real program to its end. */
  async sema(...args: string[]): Promise<Finished> {
    return finished(this.start(...args));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Waits for a program to end and gives what it wrote. */
export function finished(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
