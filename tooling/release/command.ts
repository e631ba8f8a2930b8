import { spawn } from 'node:child_process';

/** What a program is run with. */
export interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end and gives what it printed; fails with all of it, unless it exits 0. */
export function output(program: string, args: readonly string[], place: Place): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: place.cwd,
      env: { ...strangersEnvironment(), ...place.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${[program, ...args].join(' ')} failed\n${printed}${complaints}`));
    });
  });
}

/** Ours, less what `npm run` adds for this repository, and what would change how Node starts. */
function strangersEnvironment(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(cache|registry|userconfig|globalconfig)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        (!/^npm_/i.test(name) || kept.test(name)) &&
        !['INIT_CWD', 'NODE_ENV', 'NODE_OPTIONS', 'NODE_PATH'].includes(name),
    ),
  );
}

/**
 * The body of a script: what it throws is told in words and ends the process with code 1, and a
 * false result alone does so without.
 */
export async function script(work: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await work())) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** Rows of equal length under a heading, in columns: numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(({ length }) => length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return /^[\d.]/.test(cell) && column > 0 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [heading, ...rows].map(line).join('\n');
}
