import { SigningKey } from '@sema/synthesis-crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { runBacktest } from '../src/backtest.ts';
import { engineConfiguration } from '../src/configuration.ts';
import type { JournalLine } from '../src/journal.ts';
import { LONGEST_LINE, verifyJournal } from '../src/journal.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const key = SigningKey.generate();
const publicKey = key.verifyingKey.toText();
let lines: string[] = [];

beforeAll(() => {
  lines = journalOf(300);
});

function journalOf(length: number, signer = key, stopBefore?: number): string[] {
  const written: string[] = [];
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252 };
  runBacktest(syntheticCandles(length, 7), engineConfiguration({ ...required, path: 'twin' }), {
    clock: countingClock(),
    key: signer,
    dataName: 'synthetic',
    dataHash: '00',
    writeLine: (line) => written.push(line),
    ...(stopBefore === undefined ? {} : { stopBefore }),
  });
  return written;
}

/** The journal with one line's body changed. */
function tampered(index: number, change: (body: Record<string, unknown>) => void): string[] {
  const line = JSON.parse(lines[index]) as JournalLine;
  change(line.body as unknown as Record<string, unknown>);
  return lines.with(index, JSON.stringify(line));
}

describe('an untouched journal', () => {
  test('is valid, sealed, and says who signed how many receipts', () => {
    const last = JSON.parse(lines[lines.length - 1]) as JournalLine;
    expect(verifyJournal(lines, { publicKey })).toEqual({
      valid: true,
      receipts: 45,
      sealed: true,
      publicKey,
      lastHash: last.hash,
    });
  });

  test('is valid but not sealed when lines are cut from its end', () => {
    expect(verifyJournal(lines.slice(0, -5))).toMatchObject({ valid: true, sealed: false });
  });
});

describe('a forged journal is refused at the first wrong line', () => {
  test('when a receipt is changed', () => {
    const forged = tampered(20, (body) => {
      body.equity = 1e9;
    });
    const verdict = { valid: false, line: 21, sequence: 19, reason: 'CHAIN_BROKEN' };
    expect(verifyJournal(forged)).toEqual(verdict);
  });

  test.each([
    ['removed', () => lines.toSpliced(10, 1), 11],
    ['repeated', () => lines.toSpliced(10, 0, lines[10]), 12],
    ['swapped', () => lines.with(10, lines[11]).with(11, lines[10]), 11],
  ])('when a line is %s', (_, forge, line) => {
    expect(verifyJournal(forge())).toMatchObject({ valid: false, line, reason: 'CHAIN_BROKEN' });
  });

  test('when a signature is another', () => {
    const line = JSON.parse(lines[5]) as JournalLine;
    const other = JSON.parse(lines[6]) as JournalLine;
    const forged = lines.with(5, JSON.stringify({ ...line, signature: other.signature }));
    expect(verifyJournal(forged)).toMatchObject({ line: 6, reason: 'BAD_SIGNATURE' });
  });

  test('when somebody else signed all of it and the signer is pinned', () => {
    const others = journalOf(300, SigningKey.generate());
    expect(verifyJournal(others)).toMatchObject({ valid: true });
    expect(verifyJournal(others, { publicKey })).toMatchObject({ reason: 'UNKNOWN_SIGNER' });
  });

  test('when lines follow the seal', () => {
    expect(verifyJournal([...lines, lines[3]])).toMatchObject({ reason: 'AFTER_SEAL' });
  });

  test.each([
    ['NOT_JSON', 'rubbish'],
    ['NOT_JSON', ''],
    ['BAD_SHAPE', '[]'],
    ['BAD_SHAPE', '{"body":{"kind":"decision"}}'],
    ['BAD_SHAPE', '{"body":{"kind":"other"},"hash":"","signature":""}'],
    ['BAD_SHAPE', '{"body":{"kind":"decision","equity":1e999},"hash":"","signature":""}'],
    ['LINE_TOO_LONG', ' '.repeat(LONGEST_LINE + 1)],
  ])('as %s when a line reads %j', (reason, line) => {
    expect(verifyJournal(lines.with(8, line))).toMatchObject({ valid: false, line: 9, reason });
  });

  test('when it has no header, or nothing at all', () => {
    expect(verifyJournal(lines.slice(1))).toMatchObject({ line: 1, reason: 'BAD_HEADER' });
    expect(verifyJournal([])).toMatchObject({ valid: false, line: 0, reason: 'EMPTY' });
  });
});

test('no change of one character anywhere goes unnoticed', () => {
  const position = fc.record({
    line: fc.nat({ max: 30 }),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    character: fc.constantFrom(...'0123456789abcdefXYZ-_"{}[],:. '),
  });
  fc.assert(
    fc.property(position, ({ line, at, character }) => {
      const text = lines[line];
      const index = Math.floor(at * text.length);
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      fc.pre(!sameJson(changed, text));
      expect(verifyJournal(lines.with(line, changed), { publicKey })).toMatchObject({
        valid: false,
        line: line + 1,
      });
    }),
    { numRuns: 300 },
  );
});

/** Whether two texts are the same JSON value, as 1.0 and 1 or a blank more are. */
function sameJson(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return false;
  }
}
