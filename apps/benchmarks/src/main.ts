import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { Argument, Command } from 'commander';
import type { Row } from './harness.ts';
import { machineText, thisMachine } from './machine.ts';
import { resultTable } from './result-table.ts';
import { SUITES } from './suites.ts';
import { systemClock } from './system-clock.ts';

interface BenchFlags {
  readonly list?: true;
  readonly quick?: true;
  readonly json?: string;
  readonly plots?: string;
}

/** What `--json` writes. */
interface BenchDocument {
  readonly format: 'sema-benchmarks';
  readonly version: 1;
  readonly machine: ReturnType<typeof thisMachine>;
  readonly quick: boolean;
  readonly suites: readonly { readonly name: string; readonly rows: readonly Row[] }[];
}

const ABOUT = `
A missed target is shown as missed and does not fail the command. Measure on a quiet machine.

Examples:
  $ npm run bench -- --list
  $ npm run bench -- engine
  $ npm run bench -- engine --quick --json engine.json`;

await new Command('bench')
  .description('measure every target beside its peer or bound')
  .addArgument(
    new Argument('[suites...]', 'suites to run; all of them when none is named').choices(
      SUITES.map(({ name }) => name),
    ),
  )
  .option('--list', 'list the suites and end')
  .option('--quick', 'few rounds: shows that it works, not how fast it is')
  .option('--json <file>', 'write the rows to a file as well')
  .option('--plots <folder>', 'write the curves that a suite draws as SVG')
  .addHelpText('after', ABOUT)
  .action(bench)
  .parseAsync();

async function bench(names: readonly string[], flags: BenchFlags): Promise<void> {
  if (flags.list === true) {
    for (const { name, title } of SUITES) say(`${name}  ${title}`);
    return;
  }
  const chosen = SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const machine = thisMachine();
  say(machineText(machine));
  const quick = flags.quick === true;
  if (quick) say('quick: the figures say nothing about speed');
  const suites: { readonly name: string; readonly rows: readonly Row[] }[] = [];
  // One after another: two suites at once would time each other.
  for (const { name, title, run } of chosen) {
    const rows = await run({ clock: systemClock(), quick, plots: flags.plots });
    say(`\n${name}: ${title}`);
    for (const line of resultTable(rows)) say(line);
    suites.push({ name, rows });
  }
  if (flags.json === undefined) return;
  const document: BenchDocument = {
    format: 'sema-benchmarks',
    version: 1,
    machine,
    quick,
    suites,
  };
  writeFileSync(flags.json, `${JSON.stringify(document, null, 2)}\n`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
