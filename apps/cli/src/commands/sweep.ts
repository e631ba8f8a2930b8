import { resolve } from 'node:path';
import process from 'node:process';
import type { Ports } from '@sema/qar/ports';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { defaultLedger } from '../data-directory.ts';
import { parseAxis, type Axis } from '../evaluation/search-space.ts';
import type { Judged } from '../evaluation/search.ts';
import { TrialLedger } from '../evaluation/trial-ledger.ts';
import { Interruption } from '../interruption.ts';
import { configurationOf } from '../market-configuration.ts';
import { parseCount, parseShare } from '../option-values.ts';
import { output, warn } from '../output.ts';
import { progressBar } from '../progress.ts';
import { readCandles, type CandleFile } from '../read-candles.ts';
import { SP500_SETTINGS, sp500File } from '../sp500-file.ts';
import { SweepTooLarge } from '../sweep/coordinator.ts';
import { readGrid } from '../sweep/grid-file.ts';
import type { SweepOutcome } from '../sweep/outcome.ts';
import { printSweep, sweepCsv, type SweepReport } from '../sweep/print-sweep.ts';
import { programId } from '../sweep/program-id.ts';
import { runSweep } from '../sweep/run-sweep.ts';
import { planSweep, type SweepPlan } from '../sweep/sweep-plan.ts';
import { openSweepPorts } from '../sweep/sweep-ports.ts';
import { deflatedBest, sweepTable, trialsOf } from '../sweep/sweep-table.ts';
import { MOST_ATTEMPTS, MOST_TASKS, outcomeName } from '../sweep/sweep-task.ts';
import { cores, parseThreads, sweepWorkerCommand } from './sweep-worker.ts';

interface SweepFlags extends OptionFlags {
  readonly set: readonly Axis[];
  readonly grid?: string;
  readonly walkForward?: number;
  readonly judge: Judged;
  readonly holdOut: number;
  readonly workers: number;
  readonly attempts: number;
  readonly maxTasks: number;
  readonly maxMegabytes: number;
  readonly discard?: true;
  readonly config?: string;
  readonly ledger?: string;
  readonly csv?: true;
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
Each combination of the values is a task: a new engine, in closed form, over one span of the file.
Tasks run in threads of this process; with SEMA_NATS_URL also on every machine that runs
sema sweep worker. The table is the same, byte for byte, whoever did the work. What is done is kept
under .sema/sweeps or with the broker, so after Ctrl-C or a crash the same command goes on with the
rest. Every task that came to a result is a trial in the ledger, once.

With --walk-forward the file is cut into windows, one after another: in each a combination is chosen
by what came before and judged by what followed, beside the settings as they were.

Examples:
  $ sema sweep candles.csv --set liquidity=0.5,1,2 --set risk.minimumConfidence=0.6:0.9:0.05
  $ sema sweep candles.csv --grid grid.yaml --walk-forward 8 --csv > windows.csv
  $ SEMA_NATS_URL=nats://broker:4222 sema sweep candles.csv --grid grid.yaml --workers 0

Exit codes: 0 done · 1 some tasks failed, and the table says which · 2 wrong usage ·
  3 bad input data · 5 interrupted, what was done is kept`;

const IN_FLIGHT = 256;
const LOOK_MS = 5000;
const MEGABYTE = 1e6;

export function sweepCommand(): Command {
  return new Command('sweep')
    .enablePositionalOptions()
    .description('run a grid of settings or a walk-forward evaluation, on one machine or many')
    .argument('[candles]', 'file of candles, oldest first (default: the S&P 500)')
    .addOption(
      new Option(
        '--set <setting=values>',
        'a setting and values, a,b,c or from:to:step; repeatable',
      )
        .argParser(parseAxis)
        .default([], 'none'),
    )
    .option('--grid <file>', 'settings with lists of values, in YAML or JSON')
    .option('--walk-forward <windows>', 'choose before and judge in each of so many', parseCount)
    .addOption(
      new Option('--judge <what>', 'decisions at the whole of equity, or trades by the engine')
        .choices(['decisions', 'trades'])
        .default('decisions'),
    )
    .option('--hold-out <share>', 'part at the end that is not looked at', parseShare, 0.2)
    .option('--workers <count>', 'threads here; 0 leaves it to others', parseWorkers, cores())
    .option('--attempts <count>', 'workers that may fail on a task', parseAttempts, 3)
    .option('--max-tasks <count>', 'refuse more tasks than this', parseTasks, 10_000)
    .option('--max-megabytes <count>', 'candles and results to keep at most', parseCount, 1000)
    .option('--discard', 'keep no results once the table is there')
    .option('--config <file>', 'settings in YAML or JSON to begin from')
    .option('--pair <name>', 'name of the market (default: in or of the file)')
    .option('--shorting', 'allow short positions')
    .option('--ledger <file>', 'the trial ledger (default: .sema/trials.jsonl)')
    .addOption(new Option('--csv', 'print comma-separated rows and nothing else').conflicts('json'))
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(sweep)
    .addCommand(sweepWorkerCommand());
}

async function sweep(path: string | undefined, flags: SweepFlags): Promise<void> {
  const axes = axesOf(flags);
  const given = merged(configuredOverrides(flags.config), optionSettings(flags));
  const settings = path === undefined ? merged(SP500_SETTINGS, given) : given;
  const named = settings.pair === undefined || path === undefined ? {} : { pair: settings.pair };
  const file = await readCandles(path ?? sp500File(), named);
  const configuration = configurationOf(file, settings);
  const ledger = new TrialLedger(resolve(flags.ledger ?? defaultLedger()));
  const program = await programId();
  const { windowCandles, periodsPerYear, pair } = configuration;
  const plan = planSweep({
    candles: file.candles,
    configuration,
    axes,
    judged: flags.judge,
    holdOut: flags.holdOut,
    windows: flags.walkForward,
    maximumTasks: flags.maxTasks,
    program,
  });
  const outcomes = await runAndKeep(plan, file, ledger, program, flags);
  const context = { plan, outcomes, candles: file.candles, windowCandles, periodsPerYear };
  const table = sweepTable(context);
  const report: SweepReport = {
    format: 'sema-sweep',
    version: 1,
    sweep: plan.id,
    pair,
    data: file.hash,
    judged: flags.judge,
    axes,
    tasks: plan.tasks.size,
    ledgerTrials: ledger.on(file.hash).length,
    deflatedSharpe: table.joined === null ? deflatedBest(context, ledger.on(file.hash)) : null,
    ...table,
  };
  const out = output({ ...flags, ...(flags.csv === true && { quiet: true }) });
  printSweep(report, out);
  if (flags.csv === true) process.stdout.write(`${sweepCsv(report).join('\n')}\n`);
  out.json(report);
  if (table.failed.length > 0) process.exitCode = EXIT.checkFailed;
}

/** The outcomes of all tasks. What is through is in the ledger, also when it ends before. */
async function runAndKeep(
  plan: SweepPlan,
  { hash: data }: CandleFile,
  ledger: TrialLedger,
  program: string,
  flags: SweepFlags,
): Promise<ReadonlyMap<string, SweepOutcome>> {
  const outcomes = new Map<string, SweepOutcome>();
  const ports = await openSweepPorts();
  if (ports.isLocal && flags.workers === 0) {
    const what = '--workers 0 leaves nobody to do the work';
    throw new CliError('BAD_OPTION', what, 'name a broker in SEMA_NATS_URL, or leave it out');
  }
  using stop = new Interruption('run the same command again; it goes on with the rest');
  using bar = progressBar(flags.quiet === true, 'tasks');
  try {
    await runSweep(
      { sweep: plan.id, candles: plan.candles, tasks: plan.tasks },
      {
        ports,
        program,
        workers: flags.workers,
        waitMs: ports.waitMs,
        attempts: flags.attempts,
        inFlight: IN_FLIGHT,
        lookMs: LOOK_MS,
        maximumBytes: flags.maxMegabytes * MEGABYTE,
        onOutcome: (id, outcome) => outcomes.set(id, outcome),
        onProgress: (done, total) => {
          bar.show(done, total);
        },
        onSilence: (message) => {
          warn(`the broker does not answer (${message}); waiting for it`);
        },
        breathe: () => stop.breathe(),
      },
    );
    if (flags.discard === true) await discard(plan, ports);
    return outcomes;
  } catch (error) {
    if (!(error instanceof SweepTooLarge)) throw error;
    const next = 'raise --max-megabytes, or sweep fewer tasks';
    throw new CliError('SWEEP_TOO_LARGE', error.message, next, { cause: error });
  } finally {
    const at = new Date().toISOString();
    for (const trial of trialsOf({ plan, outcomes }, { data, judged: flags.judge, at })) {
      ledger.add(trial);
    }
    await ports.close();
  }
}

async function discard({ id: sweep, tasks }: SweepPlan, { blobs }: Ports): Promise<void> {
  for (const id of tasks.keys()) await blobs.delete(outcomeName({ sweep, id }));
}

function axesOf({ set, grid, walkForward }: SweepFlags): readonly Axis[] {
  const axes = [...(grid === undefined ? [] : readGrid(grid)), ...set];
  const paths = axes.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new CliError('BAD_OPTION', `${twice} is there twice`, 'give each setting once');
  }
  if (axes.length > 0 || walkForward !== undefined) return axes;
  const next = 'give --set liquidity=0.5,1,2 or a file with --grid';
  throw new CliError('BAD_OPTION', 'there is nothing to sweep', next);
}

function parseWorkers(text: string): number {
  return text === '0' ? 0 : parseThreads(text);
}

function parseAttempts(text: string): number {
  return atMost(text, MOST_ATTEMPTS);
}

function parseTasks(text: string): number {
  return atMost(text, MOST_TASKS);
}

function atMost(text: string, most: number): number {
  const value = parseCount(text);
  if (value > most) throw new InvalidArgumentError(`It must be at most ${String(most)}.`);
  return value;
}
