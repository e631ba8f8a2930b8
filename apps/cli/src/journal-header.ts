import { engineConfiguration, QarError, type JournalHeader } from '@sema/qar';
import { CliError } from './cli-error.ts';
import { journalLines } from './journal-lines.ts';

/**
 * The header a journal begins with. Whether it is genuine is for `verifyJournal` to say.
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `NOT_A_JOURNAL`
 */
export function readHeader(path: string): JournalHeader {
  for (const line of journalLines(path)) {
    const header = parseHeader(line);
    if (header === undefined) break;
    checkConfiguration(path, header);
    return header;
  }
  throw notAJournal(path, 'the first line is not the header of a Sema journal');
}

function checkConfiguration(path: string, { configuration }: JournalHeader): void {
  try {
    engineConfiguration(configuration, configuration);
  } catch (error) {
    throw error instanceof QarError ? notAJournal(path, error.message, error) : error;
  }
}

function notAJournal(path: string, reason: string, cause?: unknown): CliError {
  const next = 'give the journal.jsonl of a run, as it was written';
  return new CliError('NOT_A_JOURNAL', `${path}:1: ${reason}`, next, { cause });
}

function parseHeader(line: string): JournalHeader | undefined {
  const body = member(parseJson(line), 'body');
  const data = member(body, 'data');
  const known =
    member(body, 'kind') === 'header' &&
    typeof member(member(body, 'configuration'), 'pair') === 'string' &&
    typeof member(body, 'publicKey') === 'string' &&
    typeof member(data, 'name') === 'string' &&
    (typeof member(data, 'hash') === 'string' || member(data, 'hash') === null);
  // Every field that is used before the journal is verified was just checked.
  return known ? (body as JournalHeader) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
