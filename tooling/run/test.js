import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.js';
import { command, run } from './spawn.js';

const REPORTER = fileURLToPath(new URL('./test-reporter.js', import.meta.url));

/**
 * `--json FILE` is ours: a report for programs in that file, beside the one for people. The rest is
 * vitest's.
 *
 * @param {readonly string[]} args
 * @returns {{ args: string[], variables: Record<string, string> }}
 */
function reported(args) {
  const at = args.indexOf('--json');
  const file = args[at + 1];
  if (at === -1) return { args: [...args], variables: {} };
  if (file === undefined) throw new Error('--json needs a file');
  const rest = args.filter((_, index) => index !== at && index !== at + 1);
  return {
    args: [...rest, '--reporter=default', `--reporter=${REPORTER}`],
    variables: { SEMA_TEST_REPORT: resolve(file) },
  };
}

await command(async () => {
  const { args, variables } = reported(process.argv.slice(2));
  const env = await setup();
  return run('vitest', ['run', ...args], { ...env, ...variables });
});
