import { engineConfiguration } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { agreement } from '../src/agreement/agreement.ts';
import type { AgreementInput, FreqtradeTrade, RunReceipt } from '../src/agreement/agreement.ts';
import { agreementTable } from '../src/agreement/agreement-table.ts';

const MINUTE_MS = 60_000;
const ROWS = 12;
/** Rows whose decisions ask to enter and to leave; what they ask is done in the candles after. */
const [ENTRY, EXIT] = [2, 6];
const FEE = 0.001;

const configuration = engineConfiguration(
  { pair: 'A/B', intervalMs: MINUTE_MS, periodsPerYear: 525_600, path: 'twin' },
  { startingEquity: 10_000, slippageRate: 0, feeRate: FEE },
);

const column = (value: (row: number) => number) =>
  Float64Array.from({ length: ROWS }, (_, row) => value(row));
const openAt = (row: number): number => 100 + row;
const timeOf = (row: number): number => row * MINUTE_MS;
const candles = {
  time: column(timeOf),
  open: column(openAt),
  high: column((row) => openAt(row) + 2),
  low: column((row) => openAt(row) - 1),
  close: column((row) => openAt(row) + 0.5),
  volume: column(() => 1000),
  length: ROWS,
};

const share = 0.01;
const asked = (share * 10_000) / (openAt(ENTRY) + 0.5);
const bought = Math.min(asked, (share * 10_000) / (openAt(ENTRY + 1) * (1 + share * FEE)));
const paid = bought * openAt(ENTRY + 1) * (1 + FEE);
const got = bought * openAt(EXIT + 1) * (1 - FEE);

function receiptAt(row: number): RunReceipt {
  const quiet = { time: timeOf(row), trading: 'ACTIVE', equity: 10_000, fills: [] } as const;
  const price = openAt(row);
  const fill = { cause: 'order', units: bought, price, fee: bought * price * FEE } as const;
  if (row === ENTRY) return { ...quiet, verdict: LONG, outcome: order(asked) };
  if (row === ENTRY + 1) {
    return {
      ...quiet,
      verdict: HOLD,
      outcome: NO_GO,
      fills: [{ ...fill, position: bought, realized: 0 }],
    };
  }
  if (row === EXIT) return { ...quiet, verdict: FLAT, outcome: order(0) };
  if (row === EXIT + 1) {
    const sold = { ...fill, units: -bought, position: 0, realized: got - paid };
    return { ...quiet, verdict: HOLD, outcome: NO_GO, fills: [sold] };
  }
  return { ...quiet, verdict: HOLD, outcome: NO_GO };
}

const LONG = { action: 'long', go: true } as const;
const FLAT = { action: 'flat', go: true } as const;
const HOLD = { action: 'long', go: false } as const;
const NO_GO = { kind: 'no-go' } as const;
const order = (targetUnits: number) =>
  ({ kind: 'order', targetUnits, limitFraction: share, denied: null }) as const;

const receipts = Array.from({ length: ROWS }, (_, row) => receiptAt(row));
const trade: FreqtradeTrade = {
  open_timestamp: timeOf(ENTRY + 1),
  close_timestamp: timeOf(EXIT + 1),
  open_rate: openAt(ENTRY + 1),
  close_rate: openAt(EXIT + 1),
  amount: 0.96116,
  fee_open: FEE,
  fee_close: FEE,
  profit_ratio: got / paid - 1,
  profit_abs: 3.6,
  enter_tag: 'd2',
  exit_reason: 'd6',
};
const freqtrade = {
  trades: [trade],
  from: timeOf(1),
  until: timeOf(ROWS - 1),
  wallet: 10_000,
  tradableRatio: 0.99,
  positionFraction: 0.01,
  amountStep: 0.00001,
};
const rows = <Value>(value: (row: number) => Value): Value[] =>
  Array.from({ length: ROWS }, (_, row) => value(row));
const signals = {
  action: rows((row) => (row === ENTRY ? 'long' : row === EXIT ? 'flat' : null)),
  stake: rows((row) => (row === ENTRY ? 0.01 : 0)),
  id: rows((row) => `d${String(row)}`),
};
const base: AgreementInput = {
  candles,
  signals,
  freqtrade,
  sema: { configuration, frozenModel: 'model', receipts },
};

function changed(row: number, change: Partial<RunReceipt>): AgreementInput['sema'] {
  return { ...base.sema, receipts: receipts.with(row, { ...receipts[row], ...change }) };
}

/** Receipts of a run that never traded. */
const idle = receipts.map((receipt) => ({ ...receipt, fills: [] }));

function causesOf(input: Partial<AgreementInput>): string[] {
  return agreement({ ...base, ...input }).differences.map(({ cause }) => cause);
}

test('a trade of both is the same but for its size', () => {
  const found = agreement(base);
  expect(found).toMatchObject({ freqtradeTrades: 1, semaTrades: 1, sameTrades: 1 });
  expect(found.differences).toEqual([
    { cause: 'size', time: timeOf(ENTRY + 1), what: 'Sema 0.97086408, freqtrade 0.96116000' },
  ]);
  expect(agreementTable('here', found).split('\n')).toEqual([
    "here: freqtrade's trades 1, Sema's 1, in the same candles 1",
    expect.stringMatching(/^ {5}1 {2}size {9}of equity/),
    '     0  unexplained  none of these',
  ]);
});

describe('a difference has its cause', () => {
  const refused = { kind: 'denied', reason: 'HOURLY_RATE_LIMIT' } as const;
  const silent = { ...base.sema, receipts: idle };
  const alone = { ...freqtrade, trades: [] };
  test.each<[string, string[], Partial<AgreementInput>]>([
    [
      'refused by the account',
      ['gate', 'position'],
      {
        sema: { ...silent, receipts: idle.with(ENTRY, { ...idle[ENTRY], outcome: refused }) },
      },
    ],
    [
      'decided otherwise by a market that learned',
      ['learning', 'position'],
      {
        sema: {
          ...silent,
          frozenModel: undefined,
          receipts: idle.with(ENTRY, { ...idle[ENTRY], verdict: HOLD }),
        },
      },
    ],
    [
      'decided otherwise by the same model',
      ['unexplained', 'position'],
      {
        sema: { ...silent, receipts: idle.with(ENTRY, { ...idle[ENTRY], verdict: HOLD }) },
      },
    ],
    ['ordered, and not filled', ['unexplained', 'position'], { sema: silent }],
    [
      'too much for the candle',
      ['volume', 'position'],
      {
        sema: silent,
        candles: { ...candles, volume: column(() => 1) },
      },
    ],
    [
      'refused by the service alone',
      ['limits', 'position'],
      {
        freqtrade: alone,
        signals: { ...signals, stake: rows(() => 0) },
      },
    ],
    ['left out by freqtrade', ['unexplained', 'position'], { freqtrade: alone }],
    [
      "before freqtrade's first candle",
      ['range', 'position'],
      {
        freqtrade: { ...alone, from: timeOf(ENTRY + 2) },
      },
    ],
    [
      'closed by freqtrade at the end',
      ['range'],
      {
        freqtrade: { ...freqtrade, until: timeOf(EXIT + 1) },
        sema: { ...base.sema, receipts: receipts.slice(0, EXIT + 1).concat({ ...idle[EXIT + 1] }) },
      },
    ],
    [
      'stopped',
      ['stop', 'position'],
      {
        freqtrade: {
          ...freqtrade,
          trades: [{ ...trade, close_timestamp: timeOf(5), exit_reason: 'stop_loss' }],
        },
      },
    ],
    [
      'left without a reason',
      ['unexplained', 'position'],
      {
        freqtrade: { ...freqtrade, trades: [{ ...trade, close_timestamp: timeOf(5) }] },
      },
    ],
  ])('%s', (_name, causes, input) => {
    expect(causesOf(input)).toEqual(causes);
  });

  test('halted by a limit', () => {
    const sold = receipts[EXIT + 1].fills;
    const early = changed(5, { fills: sold }).receipts;
    const halted = { ...early[4], trading: 'HALTED', verdict: HOLD } as const;
    const sema = { ...base.sema, receipts: early.with(4, halted).with(EXIT + 1, idle[EXIT + 1]) };
    expect(causesOf({ sema })).toEqual(['halted', 'position']);
  });
});

describe('in a trade of both', () => {
  const told = (change: Partial<FreqtradeTrade>) => ({
    freqtrade: { ...freqtrade, trades: [{ ...trade, ...change }] },
  });
  test.each<[string, Partial<AgreementInput>]>([
    ['a price', told({ open_rate: openAt(ENTRY + 1) * 1.0001 })],
    ['a profit', told({ profit_ratio: trade.profit_ratio + 1e-6 })],
    ['a tag', told({ enter_tag: 'd3' })],
    ['an amount', told({ amount: 0.97 })],
    ['units', { sema: changed(ENTRY, { outcome: order(asked / 2) }) }],
  ])('%s that no rule gives is unexplained', (_name, input) => {
    expect(causesOf(input)).toContain('unexplained');
  });

  test('another fee is named', () => {
    const kept = (openAt(EXIT + 1) * (1 - FEE)) / (openAt(ENTRY + 1) * (1 + FEE)) - 1;
    const fees = told({ fee_open: 0, fee_close: 0, profit_ratio: kept + 0.002 });
    expect(causesOf(fees)).toEqual(['fee', 'fee', 'size']);
  });

  test('slippage is named, at the very price it makes', () => {
    const slippageRate = 0.01;
    const slipped = { ...configuration, slippageRate };
    const cost = slippageRate + FEE * (1 + slippageRate);
    const units = Math.min(asked, (share * 10_000) / (openAt(ENTRY + 1) * (1 + share * cost)));
    const prices = [openAt(ENTRY + 1) * 1.01, openAt(EXIT + 1) * 0.99];
    const [before, after] = [1 + FEE, 1 - FEE].map((factor, side) => units * prices[side] * factor);
    const fill = (side: number, position: number, realized: number) => ({
      cause: 'order' as const,
      units: side === 0 ? units : -units,
      price: prices[side],
      fee: units * prices[side] * FEE,
      position,
      realized,
    });
    const filled = receipts
      .with(ENTRY + 1, { ...receipts[ENTRY + 1], fills: [fill(0, units, 0)] })
      .with(EXIT + 1, { ...receipts[EXIT + 1], fills: [fill(1, 0, after - before)] });
    const sema = { configuration: slipped, frozenModel: 'model', receipts: filled };
    expect(causesOf({ sema })).toEqual(['slippage', 'slippage', 'size']);
  });
});
