import process from 'node:process';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { bench } from './bench.ts';
import { SUITES } from './suites.ts';

const ABOUT = `
A missed target is shown as missed and does not fail the command; a suite that fails does, and so
does a regression that --compare, --compare-with or --against proves. Measure on a quiet machine.

Examples:
  $ npm run bench -- --list
  $ npm run bench -- engine --quick --json engine.json
  $ npm run bench -- engine --repeat 7 --json new.json --compare old.json
  $ npm run bench -- engine --against main~5
  $ npm run bench -- --report docs/benchmarks.md`;

await new Command('bench')
  .description('measure every target beside its peer or bound')
  .addArgument(
    new Argument('[suites...]', 'suites to run; all of them when none is named').choices(
      SUITES.map(({ name }) => name),
    ),
  )
  .option('--list', 'list the suites and end')
  .option('--quick', 'fewer rounds of the same measurements')
  .option('--json <file>', 'write the rows to a file as well')
  .option('--plots <folder>', 'write the curves that a suite draws as SVG')
  .option('--report <file.md>', 'write a page, its chart (.svg) and its source (.json)')
  .option('--from <file>', 'measure nothing: take what --json or --report wrote')
  .option('--repeat <times>', 'measure in so many processes, one after another', count)
  .option('--compare <file>', 'judge each row against what --json wrote earlier')
  .option('--compare-with <folder>', 'measure another checkout in turns, and judge against it')
  .option('--against <commit>', 'the same against a commit, checked out for the while')
  .option('--tolerance <percent>', 'how much worse is still no regression', percent, 5)
  .addHelpText('after', ABOUT)
  .action(async (suites: readonly string[], flags: Parameters<typeof bench>[1]) => {
    try {
      process.exitCode = await bench(suites, flags);
    } catch (error) {
      process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  })
  .parseAsync();

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
}

function percent(text: string): number {
  const number = Number(text);
  if (number >= 0 && number <= 1000) return number;
  throw new InvalidArgumentError('It is a number of percent, 0 or more.');
}
