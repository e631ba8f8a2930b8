import { setup } from './setup.js';
import { command, run } from './spawn.js';

// `node tooling/run/tool.js eslint .` runs the workspace's own eslint, as every script does that
// needs no more than the right program in the right version.
await command(async () => {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) throw new Error('name a program, such as eslint or pnpm');
  const env = await setup({ withDependencies: program !== 'pnpm' });
  return run(program, args, env);
});
