import { STIM_LIMITS } from './limits.ts';
import { excerpt, type Place, StimError } from './refusal.ts';

/** A word of a line. */
export interface Word extends Place {
  readonly text: string;
}

/**
 * One line of a circuit or of a detector error model: `NAME[tag](arguments) targets`, with `{` at
 * its end when it opens a block, or `}` alone, which closes one.
 */
export interface Statement {
  /** Upper case; `}` when the line closes a block. */
  readonly name: string;
  readonly place: Place;
  readonly arguments: readonly number[];
  readonly targets: readonly Word[];
  readonly opens: boolean;
}

const HEAD = /[ \t]*([A-Za-z]\w*)(\[[^\]\r\n]*\])?(\([^()]*\))?(?=[\s{#]|$)/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORD = /[^\s#{}]+|[{}]/g;

/**
 * The statements of a text in order, comments and empty lines left out. Linear in its length.
 *
 * @throws {StimError} `STIM_SYNTAX`, `STIM_LIMIT`
 */
export function* statements(text: string, file: string): Generator<Statement> {
  const { characters, lineLength } = STIM_LIMITS;
  if (text.length > characters) {
    const place = { file, line: 1, column: 1 };
    throw new StimError('STIM_LIMIT', place, `at most ${characters} characters`, `${text.length}`);
  }
  let line = 1;
  for (let start = 0; start < text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const origin = { file, line, column: 1 };
    if (end - start > lineLength) {
      const expected = `at most ${lineLength} characters in a line`;
      throw new StimError('STIM_LIMIT', origin, expected, `${end - start}`);
    }
    const found = statementOf(text.slice(start, end), origin);
    if (found !== undefined) yield found;
    start = end + 1;
  }
}

function statementOf(line: string, origin: Place): Statement | undefined {
  const column = line.search(/\S/);
  if (column === -1 || line[column] === '#') return undefined;
  const place = { ...origin, column: column + 1 };
  if (line[column] === '}') {
    const rest = wordsOf(line, column + 1, origin);
    if (rest.length > 0) throw unexpected(rest[0], "the end of the line after '}'");
    return { name: '}', place, arguments: [], targets: [], opens: false };
  }
  HEAD.lastIndex = 0;
  const head = HEAD.exec(line);
  if (head === null) {
    const found = excerpt(line.slice(column));
    throw new StimError('STIM_SYNTAX', place, 'an instruction NAME(arguments) targets', found);
  }
  const [whole, name, , list] = head;
  const words = wordsOf(line, whole.length, origin);
  const opens = words.at(-1)?.text === '{';
  const targets = opens ? words.slice(0, -1) : words;
  const brace = targets.find((word) => word.text === '{' || word.text === '}');
  if (brace !== undefined) throw unexpected(brace, 'a block to open at the end of its line');
  const parentheses = { ...origin, column: whole.length - (list?.length ?? 0) + 2 };
  const numbers = list === undefined ? [] : numbersOf(list.slice(1, -1), parentheses);
  return { name: name.toUpperCase(), place, arguments: numbers, targets, opens };
}

function wordsOf(line: string, from: number, origin: Place): Word[] {
  const hash = line.indexOf('#', from);
  const rest = line.slice(from, hash === -1 ? undefined : hash);
  const words: Word[] = [];
  for (const match of rest.matchAll(WORD)) {
    words.push({ ...origin, column: from + match.index + 1, text: match[0] });
  }
  return words;
}

function numbersOf(list: string, start: Place): number[] {
  if (list.trim() === '') return [];
  let { column } = start;
  return list.split(',').map((piece) => {
    const text = piece.trim();
    const place = { ...start, column: column + Math.max(0, piece.search(/\S/)) };
    column += piece.length + 1;
    const value = Number(text);
    if (!NUMBER.test(text) || !Number.isFinite(value)) {
      throw new StimError('STIM_SYNTAX', place, 'a finite decimal number', excerpt(text));
    }
    return value;
  });
}

export function unexpected(word: Word, expected: string): StimError {
  return new StimError('STIM_SYNTAX', word, expected, excerpt(word.text));
}

/** The repetitions of a `REPEAT count {` line. */
export function repetitions(statement: Statement): number {
  const [count, more] = statement.targets;
  const form = 'a block written REPEAT count {';
  const found = excerpt(statement.name);
  if (statement.targets.length === 0 || !statement.opens || statement.arguments.length > 0) {
    throw new StimError('STIM_SYNTAX', statement.place, form, found);
  }
  if (statement.targets.length > 1) throw unexpected(more, form);
  return wholeNumber(count, count.text, {
    least: 1,
    most: 4_503_599_627_370_496,
    what: 'a repeat count',
  });
}

/** Reads decimal digits as a number in [least, most]. */
export function wholeNumber(
  word: Word,
  digits: string,
  {
    least = 0,
    most,
    what,
  }: { readonly least?: number; readonly most: number; readonly what: string },
): number {
  if (!/^\d+$/.test(digits)) throw unexpected(word, what);
  const value = Number(digits);
  if (value > most) {
    throw new StimError('STIM_LIMIT', word, `${what} of at most ${most}`, excerpt(digits));
  }
  if (value < least) {
    throw new StimError('STIM_MEANING', word, `${what} of at least ${least}`, excerpt(digits));
  }
  return value;
}
