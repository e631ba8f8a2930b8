import { replayJournal, type ReplayDifference } from '@sema/qar';
import { Command, Option } from 'commander';
import { EXIT } from '../cli-error.ts';
import { count } from '../figures.ts';
import { printWhatIf } from '../print-what-if.ts';
import { readHeader } from '../journal-header.ts';
import { journalLines } from '../journal-lines.ts';
import { output, type OutputOptions } from '../output.ts';
import { readCandles } from '../read-candles.ts';
import { readFrozenModel } from '../read-frozen-model.ts';
import { systemClock } from '../system-clock.ts';

/** Differences that are printed; the count is always whole. */
const SHOWN = 10;
/** Characters shown of a value, and how many of them stand before the first that differs. */
const EXCERPT = 80;
const BEFORE = 24;

const ABOUT = `
Every decision is made anew from the candles and compared with its receipt, field by field, bit
for bit. Whether the journal is genuine is for \`sema verify\` to say.

With --what-if the decisions are made under other settings instead: those of the file, and the
journal's for what it leaves out. Shown is what would have been otherwise.

Examples:
  $ sema replay .sema/runs/candles/journal.jsonl candles.csv
  $ sema replay .sema/runs/candles/journal.jsonl candles.csv --what-if bolder.yaml
  $ sema replay run/journal.jsonl later.csv --model model.bin    # it was frozen

Exit codes: 0 no difference · 1 a difference, or other candles · 2 wrong usage · 3 bad input data`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('make every decision of a journal anew and compare')
    .argument('<journal>', 'journal.jsonl of a run, or the folder of a paper session')
    .argument('<candles.csv>', 'the candles of that run')
    .option('--what-if <file>', 'decide under these settings, in YAML or JSON')
    .addOption(
      new Option('--model <file>', 'the snapshot that decided, where it was frozen').conflicts(
        'whatIf',
      ),
    )
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing; the exit code says it')
    .addHelpText('after', ABOUT)
    .action(replay);
}

interface ReplayFlags extends OutputOptions {
  readonly whatIf?: string;
  readonly model?: string;
}

async function replay(journal: string, path: string, flags: ReplayFlags): Promise<void> {
  const out = output(flags);
  const header = readHeader(journal);
  const { hash, name } = header.data;
  // Candles that arrived one by one have no hash of a file, and may have gaps.
  const file = await readCandles(path, {
    pair: header.configuration.pair,
    ...(hash === null && { maximumGapMs: Infinity }),
  });
  if (hash !== null && hash !== file.hash) {
    out.json({ error: 'OTHER_DATA', recorded: hash, given: file.hash });
    out.say(`OTHER DATA  the journal was not written over ${path}`);
    out.say(`  journal  ${name}  SHA-256 ${hash}`);
    out.say(`  given    ${file.name}  SHA-256 ${file.hash}`);
    process.exitCode = EXIT.checkFailed;
    return;
  }
  if (flags.whatIf !== undefined) {
    printWhatIf({ journal, candles: file.candles, settings: flags.whatIf, out });
    return;
  }
  const result = replayJournal(journalLines(journal), file.candles, {
    clock: systemClock(),
    ...(flags.model !== undefined && { frozen: readFrozenModel(flags.model).snapshot }),
  });
  out.json(result);
  if (result.differenceCount === 0 && result.decisions > 0) {
    out.say(`SAME  ${count(result.decisions)} decisions made anew, zero differences`);
    return;
  }
  process.exitCode = EXIT.checkFailed;
  if (result.decisions === 0) {
    out.say('NOTHING TO REPLAY  the journal holds no decision');
    return;
  }
  const { differences, differenceCount, decisions } = result;
  out.say(`DIFFERENT  ${count(differenceCount)} differences in ${count(decisions)} decisions`);
  for (const difference of differences.slice(0, SHOWN)) {
    for (const line of differenceLines(journal, difference)) out.say(line);
  }
  if (differenceCount > SHOWN) out.say(`and ${count(differenceCount - SHOWN)} more`);
}

function differenceLines(journal: string, difference: ReplayDifference): string[] {
  const { line, sequence, field, recorded, replayed } = difference;
  const from = Math.max(0, firstDifference(recorded, replayed) - BEFORE);
  return [
    `${journal}:${String(line)}, receipt ${String(sequence)}, ${field}`,
    `  recorded  ${excerpt(recorded, from)}`,
    `  replayed  ${excerpt(replayed, from)}`,
  ];
}

/** Index of the first character that is not the same in both. */
function firstDifference(left: string, right: string): number {
  let index = 0;
  while (index < left.length && left[index] === right[index]) index++;
  return index;
}

function excerpt(text: string, from: number): string {
  const to = from + EXCERPT;
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}
