import { verifyJournal, type JournalFault } from '@sema/qar';
import { Command } from 'commander';
import { EXIT } from '../cli-error.ts';
import { count } from '../figures.ts';
import { output, type OutputOptions } from '../output.ts';
import { journalLines } from '../journal-lines.ts';
import { alignFacts } from '../table.ts';

interface VerifyFlags extends OutputOptions {
  readonly publicKey?: string;
}

const MEANINGS: Readonly<Record<JournalFault, string>> = {
  EMPTY: 'there is no line',
  NOT_JSON: 'the line is not JSON',
  LINE_TOO_LONG: 'the line is longer than any receipt',
  BAD_SHAPE: 'the line is no header, receipt or seal',
  BAD_HEADER: 'the header is not one of a Sema journal',
  UNKNOWN_SIGNER: 'it was signed by another key than --public-key',
  CHAIN_BROKEN: 'its content or its predecessor was changed: the hash does not fit',
  BAD_SIGNATURE: 'the signature does not fit the hash',
  OUT_OF_SEQUENCE: 'a receipt is missing, doubled or moved',
  WRONG_COUNT: 'the seal counts another number of receipts',
  AFTER_SEAL: 'something stands after the seal',
};

const ABOUT = `
Every line carries the SHA-256 of itself and the line before it, signed with Ed25519. Without
--public-key this shows that one signer wrote all of it, not who that was.

Examples:
  $ sema verify .sema/demo/journal.jsonl
  $ sema verify journal.jsonl --public-key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo

Exit codes: 0 valid · 1 a line is broken · 2 wrong usage · 3 the file cannot be read`;

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check every hash and signature of a journal')
    .argument('<journal>', 'journal.jsonl of a run, or the folder of a paper session')
    .option('--public-key <text>', 'the signer it must be from, base64url as printed by backtest')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing; the exit code says it')
    .addHelpText('after', ABOUT)
    .action(verify);
}

function verify(path: string, flags: VerifyFlags): void {
  const out = output(flags);
  const { publicKey } = flags;
  const verdict = verifyJournal(journalLines(path), publicKey === undefined ? {} : { publicKey });
  out.json(verdict);
  if (!verdict.valid) {
    const { line, sequence, reason } = verdict;
    const which = sequence === undefined ? '' : `, receipt ${String(sequence)}`;
    out.say(`BROKEN  ${path}:${String(line)}${which}: ${reason}, ${MEANINGS[reason]}`);
    process.exitCode = EXIT.checkFailed;
    return;
  }
  out.say(`VALID  ${path}`);
  const facts: [string, string][] = [
    ['receipts', count(verdict.receipts)],
    [
      'signer',
      publicKey === undefined
        ? `${verdict.publicKey} (NOT PINNED: anyone could have written it; give --public-key)`
        : `${verdict.publicKey} (as given)`,
    ],
    [
      'sealed',
      verdict.sealed ? 'yes' : 'NO: the run was not finished, or lines were cut from the end',
    ],
    ['last hash', verdict.lastHash],
  ];
  for (const line of alignFacts(facts)) out.say(line);
}
