import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { benchScript } from '../bench-script.ts';
import { CliError } from '../cli-error.ts';

const ABOUT = `
Whatever follows is handed on, so that sema bench -- --list names the suites and sema bench --
simulator runs one. The benchmarks and their peers come with the source, not with the package.

Exit codes: those of the benchmarks · 3 this is not a checkout`;

export function benchCommand(): Command {
  return new Command('bench')
    .description('run the benchmarks, in a checkout of Sema')
    .argument('[arguments...]', 'what to hand on, after --')
    .addHelpText('after', ABOUT)
    .action(bench);
}

async function bench(given: readonly string[]): Promise<void> {
  const here = dirname(fileURLToPath(import.meta.url));
  const script = benchScript([here, process.cwd()]);
  if (script === undefined) {
    throw new CliError(
      'NOT_A_CHECKOUT',
      'the benchmarks come with the source, and this is the installed package',
      'clone the repository and run npm run bench there',
    );
  }
  const child = spawn(process.execPath, [script, ...given], { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
