import { Engine, verifyJournal, type DecisionReceipt, type EngineConfiguration } from '@sema/qar';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.ts';
import { readHeader } from '../journal-header.ts';
import { journalLines } from '../journal-lines.ts';
import { parseIsoDate } from '../option-values.ts';
import { output, type OutputOptions } from '../output.ts';
import { printReceipt } from '../print-receipt.ts';
import { readCandles } from '../read-candles.ts';
import { receiptWords } from '../receipt-words.ts';
import { systemClock } from '../system-clock.ts';

interface ExplainFlags extends OutputOptions {
  readonly candles?: string;
}

/** Which decision: by its number, by the time of its candle, or the last. */
type Which = { readonly sequence: number } | { readonly time: number } | 'last';

const ABOUT = `
The decision is named by its number, by the date of its candle, or as last. The journal is verified
first. With --candles the engine decides anew up to there, and the experts' weights are shown too.

Examples:
  $ sema explain .sema/demo/journal.jsonl last
  $ sema explain journal.jsonl 2008-09-15 --candles candles.csv

Exit codes: 0 done · 2 wrong usage · 3 the journal does not hold, or has no such decision`;

export function explainCommand(): Command {
  return new Command('explain')
    .description('say in words why a decision of a journal came out as it did')
    .argument('<journal>', 'journal.jsonl of a run, or the folder of a paper session')
    .argument('[decision]', 'number, date of the candle, or last', parseWhich, 'last')
    .option('--candles <file>', 'the candles of the run, to show the experts’ weights')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(explain);
}

async function explain(journal: string, which: Which, flags: ExplainFlags): Promise<void> {
  const { configuration } = readHeader(journal);
  const verdict = verifyJournal(journalLines(journal));
  if (!verdict.valid) {
    const what = `${journal}:${String(verdict.line)}: ${verdict.reason}`;
    throw new CliError('JOURNAL_NOT_VALID', what, 'run `sema verify` on it');
  }
  const receipt = findReceipt(journal, which);
  const weights =
    flags.candles === undefined
      ? undefined
      : await weightsAt(flags.candles, configuration, receipt.time);
  const words = receiptWords(receipt, configuration, weights);
  const out = output(flags);
  printReceipt(words, out);
  out.json({ ...words, receipt, weights: weights === undefined ? null : Array.from(weights) });
}

function findReceipt(journal: string, which: Which): DecisionReceipt {
  let last: DecisionReceipt | undefined;
  for (const line of journalLines(journal)) {
    // The journal was just verified: every line is one of its kinds.
    const { body } = JSON.parse(line) as { body: DecisionReceipt | { kind: 'header' | 'seal' } };
    if (body.kind !== 'decision') continue;
    if (which !== 'last' && isMeant(body, which)) return body;
    last = body;
  }
  if (which === 'last' && last !== undefined) return last;
  const count = last === undefined ? 'no decision' : `decisions 0 to ${String(last.sequence)}`;
  const next = 'name one of them, or its candle’s date as it is in the file';
  throw new CliError('NO_SUCH_RECEIPT', `${journal} has ${count}, not that one`, next);
}

function isMeant({ sequence, time }: DecisionReceipt, which: Exclude<Which, 'last'>): boolean {
  return 'sequence' in which ? sequence === which.sequence : time === which.time;
}

/** The engine is a function of its candles, so its weights then are found by deciding again. */
async function weightsAt(
  path: string,
  configuration: EngineConfiguration,
  time: number,
): Promise<Float64Array> {
  const { candles } = await readCandles(path, { pair: configuration.pair });
  const end = candles.time.indexOf(time);
  if (end < configuration.windowCandles - 1) {
    const what = `${path} has no window of candles up to that decision`;
    throw new CliError('OTHER_DATA', what, 'give the very file the run began with');
  }
  using engine = new Engine(configuration, { clock: systemClock() });
  for (let index = configuration.windowCandles - 1; index <= end; index++) {
    engine.step(candles, index, { now: candles.time[index] + configuration.intervalMs });
  }
  return engine.weights;
}

function parseWhich(text: string): Which {
  if (text === 'last') return 'last';
  if (/^\d{1,15}$/.test(text)) return { sequence: Number(text) };
  try {
    return { time: parseIsoDate(text) };
  } catch (error) {
    const rule = 'It must be a number, a date such as 2015-06-30, or last.';
    throw error instanceof InvalidArgumentError ? new InvalidArgumentError(rule) : error;
  }
}
