import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { output, script } from './command.ts';
import { refusedLicences, type Licensed } from './licences.ts';

// npm run licences: whether all that runs beside Sema may be used by anybody for anything. Reads
// what is installed, so a binary for another platform is judged there.

await script(async () => {
  // pnpm looks into the store, which is another for each home; this is what it installed from.
  const { storeDir } = JSON.parse(readFileSync('node_modules/.modules.yaml', 'utf8')) as {
    readonly storeDir: string;
  };
  const list = ['licenses', 'list', '--prod', '--json', `--config.store-dir=${dirname(storeDir)}`];
  const printed = await output('pnpm', list, { cwd: '.' });
  // What pnpm documents of this command.
  const report = JSON.parse(printed) as Record<string, Licensed[]>;
  const refused = refusedLicences(report);
  const count = Object.values(report).flat().length;
  // An empty list would allow everything.
  if (count === 0) throw new Error('pnpm names no dependency at all');
  for (const line of refused) console.log(`refused: ${line}`);
  console.log(`${count} dependencies at run time, ${refused.length} refused`);
  return refused.length === 0;
});
