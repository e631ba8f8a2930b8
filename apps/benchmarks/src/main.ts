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

new Command('bench')
  .description('measure every target beside its peer or bound')
  .addArgument(
    new Argument('[suites...]', 'suites to run; all of them when none is named').choices(
      SUITES.map(({ name }) => name),
    ),
  )
  .option('--list', 'list the suites and end')
  .option('--quick', 'few rounds: shows that it works, not how fast it is')
  .option('--json <file>', 'write the rows to a file as well')
  .addHelpText('after', ABOUT)
  .action(bench)
  .parse();

function bench(names: readonly string[], flags: BenchFlags): void {
  if (flags.list === true) {
    for (const { name, title } of SUITES) say(`${name}  ${title}`);
    return;
  }
  const chosen = SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const machine = thisMachine();
  say(machineText(machine));
  const quick = flags.quick === true;
  if (quick) say('quick: the figures say nothing about speed');
  const suites = chosen.map(({ name, title, run }) => {
    const rows = run({ clock: systemClock(), quick });
    say(`\n${name}: ${title}`);
    for (const line of resultTable(rows)) say(line);
    return { name, rows };
  });
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
