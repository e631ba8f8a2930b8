import { setup } from './setup.js';
import { command, run } from './spawn.js';

const MAIN = 'apps/freqtrade/src/demo/main.ts';

await command(async () => {
  const env = await setup();
  const loader = ['--import', 'tsx', '--conditions=@sema/source'];
  return run(process.execPath, [...loader, MAIN, ...process.argv.slice(2)], env);
});
