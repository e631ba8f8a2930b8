import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';

const REQUIREMENTS = fileURLToPath(new URL('../../requirements.txt', import.meta.url));
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
const IS_NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 11))';

export interface PythonOptions {
  /** Where one is made. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Takes each process at once when it is started. */
  readonly started: (child: Child) => void;
}

/** The version of freqtrade that everything here is tested with. */
function pinnedFreqtrade(): string {
  const version = /^freqtrade==(\S+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${REQUIREMENTS} pins no freqtrade`);
  return version;
}

/** The version of freqtrade that a Python has; undefined when it has none or is none. */
export function freqtradeVersion(python: string): string | undefined {
  const code = "from importlib.metadata import version; print(version('freqtrade'))";
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * A Python that has the pinned freqtrade: the given one, or one made below `folder` from PyPI.
 *
 * @param given - the value of SEMA_FREQTRADE.
 * @throws {Error} saying what is missing.
 */
export async function freqtradePython(
  given: string | undefined,
  { folder, say, started }: PythonOptions,
): Promise<string> {
  const pinned = pinnedFreqtrade();
  if (given !== undefined && given !== '') {
    const version = freqtradeVersion(given);
    if (version === undefined) throw new Error(`SEMA_FREQTRADE: ${given} has no freqtrade`);
    if (version !== pinned) say(`freqtrade ${version}; what is tested is ${pinned}`);
    return given;
  }
  const home = join(folder, `freqtrade-${pinned}`);
  const python = join(home, 'bin', 'python');
  const complete = join(home, '.complete');
  if (existsSync(complete)) return python;
  say(`making a virtual environment with freqtrade ${pinned} in ${home}; this takes a minute`);
  const base = PYTHONS.find((name) => spawnSync(name, ['-c', IS_NEW_ENOUGH]).status === 0);
  if (base === undefined) {
    throw new Error('freqtrade needs Python 3.11 or newer; install one, or set SEMA_FREQTRADE');
  }
  const logFile = join(folder, 'freqtrade.log');
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const child = new Child(program, args, { logFile });
    started(child);
    await child.done();
  };
  await run(base, ['-m', 'venv', '--clear', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(python, [...pip, '--requirement', REQUIREMENTS]);
  writeFileSync(complete, '');
  return python;
}
