import { existsSync } from 'node:fs';
import { setup } from './setup.js';
import { command, run, runQuietly } from './spawn.js';

const CLI = 'apps/cli/dist/main.js';

await command(async () => {
  const env = await setup();
  if (!existsSync(CLI)) console.error('sema: building');
  runQuietly('turbo', ['run', 'build', '--filter=@sema/cli...', '--output-logs=errors-only'], env);
  return run(process.execPath, [CLI, 'demo', ...process.argv.slice(2)], env);
});
