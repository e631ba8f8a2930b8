import { inProcessPorts } from '@sema/qar/ports';
import { SigningKey } from '@sema/synthesis-crypto';
import { beforeAll, expect, test } from 'vitest';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { decodeRecord, encodeRecord } from '../../src/cluster/journal-record.ts';
import type { JournalRecord } from '../../src/cluster/journal-record.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import { Replica } from '../../src/cluster/replica.ts';
import { CLUSTER_KEY, configurationFor, recordedMarkets } from './cluster-world.ts';

const CANDLES = 256 + 5;
const [MARKET] = recordedMarkets(1, CANDLES);
const NAMES = marketNames(MARKET.venue, MARKET.pair);
const PUBLIC_KEY = CLUSTER_KEY.verifyingKey.toText();

let records: JournalRecord[] = [];
beforeAll(() => {
  const options = { market: NAMES.market, key: CLUSTER_KEY, clock: { nowNs: () => 0 } };
  using replica = new Replica(MARKET.configuration, options);
  const change = { configuration: configurationFor(MARKET.pair, 0.7), learned: undefined };
  records = MARKET.candles.map((candle, index) => {
    const { lines } = replica.take(candle, index === CANDLES - 2 ? change : undefined);
    const place = { time: candle.time, after: index + 1, seen: index + 1, changed: 0 };
    return { candle, place, change: undefined, lines };
  });
});

async function audited(kept: readonly JournalRecord[], publicKey = PUBLIC_KEY) {
  const clock = { nowNs: () => 0 };
  const times = { clock, sleep: () => Promise.resolve(), leaseMs: 1000, silenceMs: 1000 };
  const { journal } = inProcessPorts(times);
  let after = 0;
  for (const [index, record] of kept.entries()) {
    const bytes = encodeRecord(record);
    after = (await journal.append(NAMES.journal, String(index), bytes, after)).position;
  }
  return auditMarket(journal, NAMES, publicKey);
}

test('a history with a change of the model holds, and says how much is in it', async () => {
  const audit = await audited(records);
  expect(audit).toMatchObject({ candles: CANDLES, decisions: 6, fault: undefined });
  expect(audit.journals.map((lines) => lines.length)).toEqual([6, 3]);
});

test('an empty history holds', async () => {
  expect(await audited([])).toMatchObject({ candles: 0, decisions: 0, fault: undefined });
});

test('whatever is changed, left out, repeated or signed by another is found', async () => {
  const last = records[CANDLES - 1];
  const decided = records[CANDLES - 4];
  const otherLine = decided.lines[0].replace(/"equity":\d+/, '"equity":200000');
  expect(otherLine).not.toBe(decided.lines[0]);
  const histories: [JournalRecord[], RegExp][] = [
    [records.toSpliced(CANDLES - 4, 1, { ...decided, lines: [otherLine] }), /CHAIN_BROKEN/],
    [records.toSpliced(CANDLES - 4, 1, { ...decided, lines: [] }), /CHAIN_BROKEN/],
    [records.toSpliced(CANDLES - 4, 1), /CHAIN_BROKEN/],
    [[...records, last], /follows a later one/],
    [records.toSpliced(10, 0, records[5]), /follows a later one/],
    [
      records.toSpliced(CANDLES - 4, 1, { ...decided, candle: records[CANDLES - 5].candle }),
      /follows a later one/,
    ],
    // Without the seal and header of the change.
    [records.toSpliced(CANDLES - 2, 1), /CHAIN_BROKEN/],
    [records.slice(1), /BAD_HEADER|does not follow|CHAIN_BROKEN/],
  ];
  for (const [history, fault] of histories) {
    expect((await audited(history)).fault).toMatch(fault);
  }
  using stranger = SigningKey.generate();
  const audit = await audited(records, stranger.verifyingKey.toText());
  expect(audit.fault).toMatch(/UNKNOWN_SIGNER/);
});

test('a journal that names another as the one before it is found', async () => {
  const changed = records[CANDLES - 2];
  const header = changed.lines[1].replace(/ after [0-9a-f]{4}/, ' after 0000');
  expect(header).not.toBe(changed.lines[1]);
  const lines = [changed.lines[0], header, changed.lines[2]];
  const { fault } = await audited(records.toSpliced(CANDLES - 2, 1, { ...changed, lines }));
  expect(fault).toMatch(/CHAIN_BROKEN/);
  // Nor can the journal before the change be left out.
  const only = { ...changed, lines: changed.lines.slice(1) };
  expect((await audited([only, records[CANDLES - 1]])).fault).toMatch(/does not follow/);
});

test('a record is read as it was written, and nothing else is a record', () => {
  for (const record of [records[0], records[300 % CANDLES], records[CANDLES - 2]]) {
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
  }
  const refused = expect.objectContaining({ code: 'BAD_RECORD' }) as Error;
  const head = { version: 1, candle: [0, 1, 1, 1, 1, 1], after: 1, seen: 1, changed: 0 };
  for (const value of [
    '',
    'x',
    '{}',
    JSON.stringify({ ...head, version: 2 }),
    JSON.stringify({ ...head, candle: [0, 1, 1, 1, 1] }),
    JSON.stringify({ ...head, candle: [0, null, 1, 1, 1, 1] }),
    JSON.stringify({ ...head, after: 2 }),
    JSON.stringify({ ...head, seen: -1 }),
    JSON.stringify({ ...head, changed: 0.5 }),
    JSON.stringify({ ...head, change: 7 }),
  ]) {
    expect(() => decodeRecord(new TextEncoder().encode(value)), value).toThrow(refused);
  }
});
