import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { defaultLedger } from '../data-directory.ts';
import { LEAST_DECISIONS } from '../evaluation/evaluate-candles.ts';
import { shareText } from '../evaluation/evaluation-verdict.ts';
import { parseAxis, type Axis } from '../evaluation/search-space.ts';
import { search, type Judged, type SearchResult } from '../evaluation/search.ts';
import { studyEngine } from '../evaluation/study.ts';
import { TrialLedger } from '../evaluation/trial-ledger.ts';
import { count, ratio } from '../figures.ts';
import { Interruption } from '../interruption.ts';
import { configurationOf } from '../market-configuration.ts';
import { parseCount, parseShare } from '../option-values.ts';
import { heading, output, type Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { readCandles } from '../read-candles.ts';
import { SP500_SETTINGS, sp500File } from '../sp500-file.ts';
import { alignFacts, alignTable } from '../table.ts';

interface OptimiseFlags extends OptionFlags {
  readonly try: readonly Axis[];
  readonly trials: number;
  readonly seed: number;
  readonly judge: Judged;
  readonly holdOut: number;
  readonly open?: true;
  readonly config?: string;
  readonly ledger?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
It draws combinations in a seeded order, runs the engine in closed form over the first part of the
file, and writes every trial into the ledger as soon as it is through: Ctrl-C loses the one under
way, and the same command goes on with the rest. The best is deflated by every trial that the ledger
has on this file, in this search or before. The last part is the hold-out: it stays closed until
--open, which is written down too.

Examples:
  $ sema optimise candles.csv --try choiceSensitivity=1,2,3,5 --try liquidity=0.5,1,2
  $ sema optimise candles.csv --try risk.minimumConfidence=0.6:0.9:0.05 --judge trades

Exit codes: 0 done · 2 wrong usage · 3 bad input data · 5 interrupted, the ledger is kept`;

const SHOWN = 10;

export function optimiseCommand(): Command {
  return new Command('optimise')
    .description('search among settings, with a ledger of every trial ever made')
    .argument('[candles]', 'file of candles, oldest first (default: the S&P 500)')
    .addOption(
      new Option(
        '--try <setting=values>',
        'a setting and values, a,b,c or from:to:step; repeatable',
      )
        .argParser(parseAxis)
        .makeOptionMandatory(),
    )
    .option('--trials <count>', 'combinations to try', parseCount, 20)
    .option('--seed <number>', 'seed of their order', parseCount, 1)
    .addOption(
      new Option('--judge <what>', 'decisions at the whole of equity, or trades by the engine')
        .choices(['decisions', 'trades'])
        .default('decisions'),
    )
    .option('--hold-out <share>', 'part at the end that is not searched', parseShare, 0.2)
    .option('--open', 'judge the best on the hold-out, and write that down')
    .option('--config <file>', 'settings in YAML or JSON to begin from')
    .option('--pair <name>', 'name of the market (default: in or of the file)')
    .option('--shorting', 'allow short positions')
    .option('--ledger <file>', 'the trial ledger (default: .sema/trials.jsonl)')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(optimise);
}

async function optimise(path: string | undefined, flags: OptimiseFlags): Promise<void> {
  const given = merged(configuredOverrides(flags.config), optionSettings(flags));
  const settings = path === undefined ? merged(SP500_SETTINGS, given) : given;
  const named = settings.pair === undefined || path === undefined ? {} : { pair: settings.pair };
  const file = await readCandles(path ?? sp500File(), named);
  const configuration = configurationOf(file, settings);
  const decisions = file.candles.length - configuration.windowCandles + 1;
  if (decisions * (1 - flags.holdOut) < LEAST_DECISIONS) {
    const what = `${file.path} leaves too few decisions to search on`;
    throw new CliError('TOO_FEW_CANDLES', what, 'give a longer file');
  }
  const ledgerPath = resolve(flags.ledger ?? defaultLedger());
  const ledger = new TrialLedger(ledgerPath);
  using stop = new Interruption('run the same command again; it goes on from the ledger');
  using bar = progressBar(flags.quiet === true, 'trials');
  const result = await search(
    {
      candles: file.candles,
      data: file.hash,
      configuration,
      axes: flags.try,
      trials: flags.trials,
      seed: flags.seed,
      judged: flags.judge,
      holdOut: flags.holdOut,
      ledger,
      study: (candles, variant) => studyEngine(candles, variant, { breathe: () => stop.breathe() }),
      now: () => new Date(),
      onTrial: (done, total) => bar.show(done, total),
    },
    flags.open === true,
  );
  bar[Symbol.dispose]();
  const out = output(flags);
  printSearch(result, ledgerPath, out);
  out.json({ ...result, ledger: ledgerPath });
}

function printSearch(result: SearchResult, ledger: string, out: Output): void {
  const { trials, periods, ledgerTrials, holdOut } = result;
  const rows = trials
    .slice(0, SHOWN)
    .map(({ title, sharpe, known }) => [
      title,
      ratio(sharpe ?? undefined),
      known ? 'ledger' : 'now',
    ]);
  const [header = '', ...lines] = alignTable([['', 'Sharpe a year', 'run'], ...rows]);
  out.say(heading(header));
  for (const line of lines) out.say(line);
  if (trials.length > SHOWN) out.say(`and ${count(trials.length - SHOWN)} more`);
  out.say();
  const facts: [string, string][] = [
    ['searched', `the first ${count(periods)} decisions, ${count(trials.length)} combinations`],
    ['ledger', `${ledger}, ${count(ledgerTrials)} trials on this file`],
    ['deflated', `${shareText(result.deflatedSharpe)}: ${deflatedWords(result.deflatedSharpe)}`],
    [
      'hold-out',
      holdOut === undefined
        ? 'closed; --open judges the best on it, once'
        : `Sharpe ratio ${ratio(holdOut.sharpe ?? undefined)} a year over ` +
          `${count(holdOut.periods)} periods`,
    ],
  ];
  for (const line of alignFacts(facts)) out.say(line);
}

function deflatedWords(deflated: number | null): string {
  if (deflated === null) return 'the best took no position';
  return deflated >= 0.95
    ? 'the best is better than luck among so many trials would be'
    : 'luck among so many trials could explain the best';
}
