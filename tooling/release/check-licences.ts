import { output, script } from './command.ts';
import { refusedLicences, type Licensed } from './licences.ts';

// npm run licences: whether all that runs beside Sema may be used by anybody for anything. Reads
// what is installed, so a binary for another platform is judged there.

await script(async () => {
  const printed = await output('pnpm', ['licenses', 'list', '--prod', '--json'], { cwd: '.' });
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
