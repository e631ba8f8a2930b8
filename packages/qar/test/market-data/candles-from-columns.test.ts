import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CandleFileOptions } from '../../src/market-data/candle-collector.ts';
import { CandleCsvReader } from '../../src/market-data/candle-csv.ts';
import {
  candlesFromColumns,
  type ColumnCandles,
  type MarketColumn,
} from '../../src/market-data/candles-from-columns.ts';
import { MarketDataError } from '../../src/market-data/market-data-error.ts';

const MINUTE = 60_000;
const START = Date.UTC(2022, 0, 1);
const NAMES = ['open', 'high', 'low', 'close', 'volume'];

function table(times: ArrayLike<unknown>, cells: Record<string, unknown> = {}): MarketColumn[] {
  const good: Record<string, number> = { open: 10, high: 12, low: 9, close: 11, volume: 100 };
  return [
    { name: 'Open_Time', values: times },
    ...NAMES.map((name) => ({
      name,
      // The last row holds what is under test.
      values: Array.from({ length: times.length }, (_, row) =>
        row === times.length - 1 && name in cells ? cells[name] : good[name],
      ),
    })),
  ];
}

function read(columns: readonly MarketColumn[], more: Partial<CandleFileOptions> = {}) {
  return candlesFromColumns(columns, { file: 'test.parquet', maximumRows: 100, ...more });
}

function faultOf(attempt: () => ColumnCandles): MarketDataError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof MarketDataError) return error;
    throw error;
  }
  throw new Error('expected a MarketDataError');
}

const TIMES = [START, START + MINUTE, START + 2 * MINUTE];

test.each([
  ['ms', TIMES],
  ['ms', Float64Array.from(TIMES)],
  ['s', Uint32Array.from(TIMES, (time) => time / 1000)],
  ['us', TIMES.map((time) => time * 1000)],
  ['us', BigInt64Array.from(TIMES, (time) => BigInt(time) * 1000n)],
  ['ns', BigInt64Array.from(TIMES, (time) => BigInt(time) * 1_000_000n)],
  // Whole minutes in nanoseconds are doubles, though not every millisecond is.
  ['ns', TIMES.map((time) => time * 1e6)],
  ['date', TIMES.map((time) => new Date(time))],
  ['text', TIMES.map((time) => new Date(time).toISOString())],
])('times as $0, case %#, are known by what they are', (form, times) => {
  const { candles, timeForm, pair } = read(table(times));
  expect(timeForm).toBe(form);
  expect(pair).toBeUndefined();
  expect(Array.from(candles.time)).toEqual(TIMES);
});

test('a unit that the file states is believed, before 1973 too', () => {
  const times = [0, 1, 2].map((minute) => BigInt(minute) * 60n);
  const columns = table(times).map((column, index) =>
    index === 0 ? { ...column, timeUnit: 's' as const } : column,
  );
  expect(Array.from(read(columns).candles.time)).toEqual([0, MINUTE, 2 * MINUTE]);
});

test.each([
  ['a compact date', [20_220_101], 1],
  ['a fraction', [START + 0.5], 1],
  ['no time', [START, null], 2],
  ['no Date', [new Date(NaN)], 1],
  ['less than a millisecond', [BigInt(START) * 1_000_000n + 1n], 1],
  ['seconds among milliseconds', [START, (START + MINUTE) / 1000], 2],
  ['a text among Dates', [new Date(START), '2022-01-01T00:01'], 2],
  ['NaN', [NaN], 1],
  ['an object', [{}], 1],
])('$0 is a bad time in its row', (_, times, line) => {
  const fault = faultOf(() => read(table(times)));
  expect(fault).toMatchObject({ code: 'BAD_TIME', file: 'test.parquet', line });
  expect(fault.message).toMatch(new RegExp(`^test\\.parquet, row ${line}: `));
});

test.each([
  ['BAD_NUMBER', { open: null }],
  ['BAD_NUMBER', { high: undefined }],
  ['BAD_NUMBER', { low: NaN }],
  ['BAD_NUMBER', { close: Infinity }],
  ['BAD_NUMBER', { close: 'eleven' }],
  ['BAD_NUMBER', { volume: true }],
  ['BAD_NUMBER', { volume: 2n ** 53n }],
  ['BAD_NUMBER', { volume: new Date(START) }],
  ['NON_POSITIVE_PRICE', { low: 0 }],
  ['NEGATIVE_VOLUME', { volume: -1n }],
  ['HIGH_BELOW_LOW', { high: 10.5 }],
])('%s, case %# in the third row', (code, cells) => {
  expect(faultOf(() => read(table(TIMES, cells)))).toMatchObject({ code, line: 3 });
});

test.each([
  ['DUPLICATE_TIME', [0, 1, 1], 3],
  ['OUT_OF_ORDER', [0, 2, 1], 3],
  ['GAP', [0, 1, 3], 3],
  ['GAP', [0, 5, 6], 2],
])('%s: minutes %j, in row %d', (code, minutes, line) => {
  const times = minutes.map((minute) => START + minute * MINUTE);
  expect(faultOf(() => read(table(times)))).toMatchObject({ code, line });
});

test('what is wrong with the table is said of the file as a whole', () => {
  const [first, ...rest] = table(TIMES);
  expect(faultOf(() => read(rest))).toMatchObject({ code: 'MISSING_COLUMN', line: 0 });
  const twice = [first, { name: 'DATE', values: TIMES }, ...rest];
  expect(faultOf(() => read(twice))).toMatchObject({ code: 'DUPLICATE_COLUMN', line: 0 });
  const short = [{ name: 'time', values: TIMES.slice(1) }, ...rest];
  expect(faultOf(() => read(short))).toMatchObject({ code: 'WRONG_COLUMN_COUNT', line: 0 });
  expect(faultOf(() => read(table([])))).toMatchObject({ code: 'EMPTY_FILE', line: 0 });
  const fault = faultOf(() => read(table(TIMES), { maximumRows: 2 }));
  expect(fault).toMatchObject({ code: 'TOO_MANY_ROWS', line: 3 });
  expect(faultOf(() => read(rest)).message).toMatch(/^test\.parquet: none of the columns/);
});

test('of two pairs one is chosen by its letters and digits', () => {
  const times = [START, START, START + MINUTE, START + MINUTE];
  const pairs = { name: 'Symbol', values: ['BTC/USDT', 'ETH/USDT', 'BTC/USDT', 'ETH/USDT'] };
  const columns = [...table(times), pairs];
  const { candles, pair } = read(columns, { pair: 'btcusdt' });
  expect({ pair, length: candles.length }).toEqual({ pair: 'btcusdt', length: 2 });
  const several = faultOf(() => read(columns));
  expect(several).toMatchObject({ code: 'SEVERAL_PAIRS', line: 0 });
  expect(several.message).toContain('"BTC/USDT", "ETH/USDT"');
  expect(faultOf(() => read(columns, { pair: 'XRP/USDT' }))).toMatchObject({
    code: 'UNKNOWN_PAIR',
  });
});

test('the CSV of two pairs is read alike, with the line of a gap in the chosen one', () => {
  const rows = [0, 1, 2, 4].flatMap((minute) =>
    ['BTC', 'ETH'].map((pair) => `${new Date(START + minute * MINUTE).toISOString()},${pair},1`),
  );
  const text = ['time,symbol,open,high,low,close,volume', ...rows.map((row) => `${row},1,1,1,1`)];
  const reader = (pair?: string): CandleCsvReader => {
    const options = { file: 'two.csv', maximumRows: 100, ...(pair !== undefined && { pair }) };
    const made = new CandleCsvReader(options);
    made.push(text.join('\n'));
    return made;
  };
  expect(() => reader().end()).toThrow(/choose one of "BTC", "ETH"/);
  expect(() => reader('XRP').end()).toThrow(/no pair "XRP", only "BTC", "ETH"/);
  expect(() => reader('ETH').end()).toThrow(expect.objectContaining({ code: 'GAP', line: 9 }));
});

test('a thousand pairs are not all listed', () => {
  const times = Array.from({ length: 100 }, () => START);
  const values = times.map((_, index) => `P${index}`);
  const fault = faultOf(() => read([...table(times), { name: 'pair', values }]));
  expect(fault.message.length).toBeLessThan(300);
  expect(fault.message).toMatch(/ and more$/);
});

test('any columns end in candles or a coded error', () => {
  const cell = fc.oneof(
    fc.constantFrom<unknown>(null, undefined, '1', 10, 12, 9, 10n, new Date(START), START, {}),
    fc.double(),
    fc.bigInt(),
  );
  const column = fc.record({
    name: fc.constantFrom('time', 'open', 'high', 'low', 'close', 'volume', 'pair', ''),
    values: fc.array(cell, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(column, { maxLength: 9 }), (columns) => {
      try {
        expect(read(columns).candles.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MarketDataError);
      }
    }),
  );
});
