import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

// A shell finds the `.cmd` files that stand for programs on Windows.
const shell = process.platform === 'win32';

/**
 * Runs a program to its end and shows nothing of it unless it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} with all that the program wrote
 */
export function runQuietly(program, args, env) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    env,
    shell,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed\n${stdout}${stderr}`);
}

/**
 * Runs a program on this process's own terminal.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code, or 128 and its signal's number, as shells say it
 */
export function run(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, shell, stdio: 'inherit' });
    // A terminal interrupts both of us; staying until the child is done keeps its last words.
    const wait = () => undefined;
    const forward = () => void child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * The body of a command of package.json: its result is the exit code, and what it throws is told
 * in words.
 *
 * @param {() => Promise<number>} work
 */
export async function command(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    console.error(`sema: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
