import { mkdirSync, writeFileSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import type { EngineConfiguration } from '@sema/qar';
import { Command, Option } from 'commander';
import { CliError, notWritable } from '../cli-error.ts';
import { configuredOverrides, merged, optionSettings } from '../configuration-file.ts';
import type { OptionFlags } from '../configuration-file.ts';
import { coarserCandles } from '../coarser-candles.ts';
import { dataDirectory, defaultLedger } from '../data-directory.ts';
import {
  configurationId,
  evaluateCandles,
  LEAST_DECISIONS,
  studiesOf,
  type Evaluation,
} from '../evaluation/evaluate-candles.ts';
import { evaluationDocument, type EvaluationSubject } from '../evaluation/evaluation-document.ts';
import { evaluationVerdict } from '../evaluation/evaluation-verdict.ts';
import { horizonOf, type JudgementOptions } from '../evaluation/judgement.ts';
import { htmlDocument, markdownDocument, printDocument } from '../evaluation/render-document.ts';
import { studyEngine } from '../evaluation/study.ts';
import { TrialLedger } from '../evaluation/trial-ledger.ts';
import { Interruption } from '../interruption.ts';
import { configurationOf } from '../market-configuration.ts';
import { parseInterval } from '../interval-text.ts';
import { parseAmount, parseCount } from '../option-values.ts';
import { output } from '../output.ts';
import { readPriceRelatives, RELATIVES_PER_YEAR } from '../price-relatives.ts';
import { progressBar } from '../progress.ts';
import { readCandles, type CandleFile } from '../read-candles.ts';
import { SP500_SETTINGS, sp500File } from '../sp500-file.ts';

interface EvaluateFlags extends OptionFlags {
  readonly out?: string;
  readonly config?: string;
  readonly ledger?: string;
  readonly interval?: number;
  readonly relatives?: true | string;
  readonly resamples: number;
  readonly seed: number;
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
Without a file it takes the S&P 500, 2000 to 2020. It runs the engine, its closed form, neighbouring
settings and the engine with parts taken out, and judges them beside cash, holding, every expert
alone and plain Hedge: intervals by bootstrap, probabilistic and deflated Sharpe ratios,
walk-forward, purged combinatorial cross-validation, overfitting, superiority, random entries,
regimes, costs, and the engine on machines that err. Every setting it tries is written into the
trial ledger, and what is found is deflated by all that are in it.

Examples:
  $ sema evaluate
  $ sema evaluate btc-1m.csv --pair BTC/USDT --fee-bps 7.5 --shorting --out evaluation
  $ sema evaluate btc-1m.csv --interval 15m   # a fifteenth of the decisions and of the time
  $ sema evaluate nyse_o.csv --relatives      # equal weights; --relatives A for one asset

A table of price relatives has a column for each asset and a row for each day: the price over that
of the day before. It has neither dates nor volume, so experts that need them abstain, and the risk
gate, which cannot know what the market carries, opens nothing; decisions are judged all the same.

It leaves evaluation.html, evaluation.md and evaluation.json.

Exit codes: 0 done · 2 wrong usage · 3 bad input data · 4 internal error · 5 interrupted`;

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('say honestly what the decisions on a file are worth, and what cannot be told')
    .argument('[candles]', 'file of candles, oldest first')
    .option('--out <dir>', 'folder for the reports (default: .sema/evaluations/<name of the file>)')
    .option('--config <file>', 'settings in YAML or JSON')
    .option('--pair <name>', 'name of the market (default: in or of the file)')
    .addOption(new Option('--fee-bps <number>', 'fee per traded notional').argParser(parseAmount))
    .addOption(new Option('--slippage-bps <number>', 'price lost on a fill').argParser(parseAmount))
    .addOption(new Option('--equity <amount>', 'equity at the start').argParser(parseAmount))
    .option('--interval <text>', 'join the candles to longer ones: 15m, 4h …', parseInterval)
    .option('--relatives [asset]', 'the file is a table of price relatives; all assets or one')
    .option('--shorting', 'allow short positions')
    .option('--ledger <file>', 'the trial ledger (default: .sema/trials.jsonl)')
    .option('--resamples <count>', 'resamples of every test', parseCount, 2000)
    .option('--seed <number>', 'seed of the resamples', parseCount, 1)
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(evaluate);
}

async function evaluate(path: string | undefined, flags: EvaluateFlags): Promise<void> {
  const out = output(flags);
  const given = merged(configuredOverrides(flags.config), optionSettings(flags));
  const settings = path === undefined ? merged(SP500_SETTINGS, given) : given;
  const file = await readFile(path, flags, settings.pair);
  const configuration = configurationOf(
    file,
    flags.relatives === undefined
      ? settings
      : merged({ periodsPerYear: RELATIVES_PER_YEAR }, settings),
  );
  const judgement: JudgementOptions = {
    periodsPerYear: configuration.periodsPerYear,
    horizon: horizonOf(
      file.candles.length - configuration.windowCandles - 1,
      configuration.periodsPerYear,
    ),
    confidence: 0.95,
    replications: flags.resamples,
    seed: flags.seed,
  };
  const evaluation = await evaluateFile(file, configuration, judgement, flags);
  const verdict = evaluationVerdict(evaluation, judgement.horizon);
  const subject = subjectOf(file, configuration, flags);
  const report = evaluationDocument(subject, evaluation, verdict, judgement);
  const result = {
    format: 'sema-evaluation',
    version: 2,
    subject,
    configuration,
    judgement,
    verdict,
    ...evaluation,
  };
  const folder = resolve(flags.out ?? join(dataDirectory(), 'evaluations', parse(file.name).name));
  const files = {
    'evaluation.html': htmlDocument(report),
    'evaluation.md': markdownDocument(report),
    'evaluation.json': `${JSON.stringify(result, null, 2)}\n`,
  };
  writeReports(folder, files);
  printDocument(report, out);
  out.say();
  for (const name of Object.keys(files)) out.say(join(folder, name));
  out.json(result);
}

async function readFile(
  path: string | undefined,
  { relatives, interval }: EvaluateFlags,
  pair: string | undefined,
): Promise<CandleFile> {
  if (relatives !== undefined) {
    if (path === undefined || interval !== undefined) {
      const next = 'give the file of the table, and no interval';
      throw new CliError('BAD_OPTION', '--relatives reads a table whose rows are days', next);
    }
    return readPriceRelatives(path, relatives === true ? undefined : relatives);
  }
  const named = pair === undefined || path === undefined ? {} : { pair };
  const file = await readCandles(path ?? sp500File(), named);
  if (interval === undefined) return file;
  return { ...file, candles: coarserCandles(file.candles, interval) };
}

/** Runs it all with a bar, and every trial into the ledger. */
async function evaluateFile(
  file: CandleFile,
  configuration: EngineConfiguration,
  judgement: JudgementOptions,
  flags: EvaluateFlags,
): Promise<Evaluation> {
  const { candles, hash: data } = file;
  const decisions = candles.length - configuration.windowCandles + 1;
  if (decisions < LEAST_DECISIONS) throw tooShort(file, decisions, LEAST_DECISIONS);
  const ledger = new TrialLedger(resolve(flags.ledger ?? defaultLedger()));
  using stop = new Interruption('run it again; what was tried is in the trial ledger');
  using bar = progressBar(flags.quiet === true, 'decisions');
  const total = decisions * studiesOf(configuration);
  let done = 0;
  const breathe = async (steps: number): Promise<void> => {
    done += steps;
    bar.show(done, total);
    await stop.breathe();
  };
  return await evaluateCandles({
    candles,
    configuration,
    judgement,
    study: (variant, machine) =>
      studyEngine(candles, variant, { breathe, ...(machine !== undefined && { machine }) }),
    tried: ({ configuration: settings, title }, sharpe) =>
      ledger.add({
        data,
        from: 0,
        to: decisions,
        configuration: configurationId(settings),
        title,
        sharpe,
        at: new Date().toISOString(),
      }),
    countTrials: () => ledger.count(data),
  });
}

function subjectOf(
  { candles, name, hash }: CandleFile,
  { pair, windowCandles, feeRate, slippageRate, intervalMs }: EngineConfiguration,
  { relatives }: EvaluateFlags,
): EvaluationSubject {
  return {
    pair,
    file: name,
    sha256: hash,
    firstDecision: candles.time[windowCandles - 1],
    lastDecision: candles.time[candles.length - 1],
    decisions: candles.length - windowCandles + 1,
    costRate: feeRate + slippageRate,
    intervalMs,
    dated: relatives === undefined,
  };
}

function tooShort({ path, candles }: CandleFile, decisions: number, least: number): CliError {
  return new CliError(
    'TOO_FEW_CANDLES',
    `${path} has ${String(candles.length)} candles, enough for ${String(Math.max(0, decisions))} ` +
      `decisions; an evaluation needs ${String(least)}`,
    'give a longer file',
  );
}

function writeReports(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw notWritable(folder, error);
  }
}
