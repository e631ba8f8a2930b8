import { setup } from './setup.js';
import { command, run } from './spawn.js';

/**
 * `--json FILE` becomes vitest's own words for: the report for people here, and one for programs
 * in that file. The rest is passed on.
 *
 * @param {readonly string[]} args
 */
function vitestArguments(args) {
  const at = args.indexOf('--json');
  const file = args[at + 1];
  if (at === -1) return [...args];
  if (file === undefined) throw new Error('--json needs a file');
  const rest = args.filter((_, index) => index !== at && index !== at + 1);
  return [...rest, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
}

await command(async () => {
  const env = await setup();
  return run('vitest', ['run', ...vitestArguments(process.argv.slice(2))], env);
});
