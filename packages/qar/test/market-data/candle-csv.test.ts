import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CandleFileOptions } from '../../src/market-data/candle-collector.ts';
import { CandleCsvReader } from '../../src/market-data/candle-csv.ts';
import type { Candles } from '../../src/market-data/candles.ts';
import { MarketDataError } from '../../src/market-data/market-data-error.ts';
import { BTC_ABSENT, BTC_FILE, readCandles, SP500_FILE } from './real-files.ts';

const DAY_MS = 86_400_000;

function parse(text: string, options?: Partial<CandleFileOptions>): Candles {
  const reader = new CandleCsvReader({ file: 'test.csv', maximumRows: 1000, ...options });
  reader.push(text);
  return reader.end();
}

function faultOf(read: () => unknown): MarketDataError {
  try {
    read();
  } catch (error) {
    if (error instanceof MarketDataError) return error;
    throw error;
  }
  throw new Error('expected a MarketDataError');
}

const HEADER = 'date,open,high,low,close,volume';
const ROW = '2020-01-02,10,12,9,11,100';

test('columns are found by name, in any order, and what is not known is ignored', () => {
  const candles = parse(
    'Symbol,Adj Close,CLOSE,Volume,"Open_Time",low,High,open,adjclose\n' +
      'ABC,x,11,100,2020-01-02,9,12,10,\n' +
      'ABC,,12.5,1e3,2020-01-03,10,13,11,nan\n',
  );
  expect(candles).toEqual({
    time: Float64Array.of(Date.UTC(2020, 0, 2), Date.UTC(2020, 0, 3)),
    open: Float64Array.of(10, 11),
    high: Float64Array.of(12, 13),
    low: Float64Array.of(9, 10),
    close: Float64Array.of(11, 12.5),
    volume: Float64Array.of(100, 1000),
    length: 2,
  });
});

test.each(['time', 'date', 'Datetime', 'DATE TIME', 'timestamp', 'open time', 'openTime'])(
  'the open time may be headed %j',
  (name) => {
    expect(parse(`${name},open,high,low,close,volume\n${ROW}`).length).toBe(1);
  },
);

test.each([
  ['CRLF', `${HEADER}\r\n${ROW}\r\n`],
  ['a byte order mark', `\uFEFF${HEADER}\n${ROW}\n`],
  ['no newline at the end', `${HEADER}\n${ROW}`],
  ['blank lines at the end', `${HEADER}\n${ROW}\n\r\n\n  \n`],
  ['quoted cells', `"date",open,high,low,close,volume\n"2020-01-02","10",12,9,"11",100\n`],
  ['spaces around cells', `date, open , high,low,close,volume\n 2020-01-02 , 10,12 ,9,11,100\n`],
])('%s changes nothing', (_, text) => {
  expect(parse(text)).toEqual(parse(`${HEADER}\n${ROW}\n`));
});

/** Candles as a generator of rows makes them: prices k/64, times a fixed interval apart. */
const candleRows = fc
  .record({
    start: fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }),
    interval: fc.constantFrom(1, 60, 3600, 86_400),
    rows: fc.array(
      fc.record({
        prices: fc.tuple(
          fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
          fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
          fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
          fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        ),
        volume: fc.double({ min: 0, max: 1e12, noNaN: true }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  })
  .map(({ start, interval, rows }): Candles => {
    const sorted = rows.map(({ prices }) => prices.toSorted((a, b) => a - b));
    return {
      time: Float64Array.from(rows, (_, index) => (start + index * interval) * 1000),
      low: Float64Array.from(sorted, ([first]) => first),
      open: Float64Array.from(sorted, ([, second]) => second),
      close: Float64Array.from(sorted, ([, , third]) => third),
      high: Float64Array.from(sorted, ([, , , fourth]) => fourth),
      volume: Float64Array.from(rows, ({ volume }) => volume + 0),
      length: rows.length,
    };
  });

const TIME_FORMS: readonly ((time: number) => string)[] = [
  (time) => new Date(time).toISOString(),
  (time) => new Date(time).toISOString().replace('T', ' ').replace('Z', '000'),
  (time) => String(time),
  (time) => String(time / 1000),
];

function serialise(candles: Candles, form: (time: number) => string, newline: string): string {
  const lines = Array.from({ length: candles.length }, (_, row) =>
    [
      candles.volume[row],
      candles.high[row],
      `"${form(candles.time[row])}"`,
      candles.low[row],
      candles.close[row],
      candles.open[row],
    ].join(','),
  );
  return ['volume,high,time,low,close,open', ...lines].join(newline);
}

test('what is written is what is read, wherever the pieces end', () => {
  fc.assert(
    fc.property(
      candleRows,
      fc.constantFrom(...TIME_FORMS),
      fc.constantFrom('\n', '\r\n'),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (candles, form, newline, sizes) => {
        const text = serialise(candles, form, newline);
        expect(parse(text)).toEqual(candles);
        const reader = new CandleCsvReader({ file: 'test.csv', maximumRows: 1000 });
        for (let at = 0; at < text.length;) {
          const size: number = sizes.next().value;
          reader.push(text.slice(at, at + size));
          at += size;
        }
        expect(reader.end()).toEqual(candles);
      },
    ),
    { numRuns: 200 },
  );
});

test('the daily S&P 500 passes, with the week that exchanges were closed in September 2001', () => {
  const candles = readCandles(SP500_FILE);
  expect(candles.length).toBe(5105);
  expect(candles.time[0]).toBe(Date.UTC(2000, 0, 3));
  expect(candles.close[0]).toBe(1455.219971);
  expect(candles.time[5104]).toBe(Date.UTC(2020, 3, 17));
  expect(candles.volume[5104]).toBe(5_792_140_000);
  const spacings = candles.time.slice(1).map((time, index) => time - candles.time[index]);
  expect(Math.min(...spacings)).toBe(DAY_MS);
  expect(Math.max(...spacings)).toBe(7 * DAY_MS);
});

test('the S&P 500 has a gap where only long week-ends are allowed', () => {
  const fault = faultOf(() => readCandles(SP500_FILE, { maximumGapMs: 5 * DAY_MS }));
  expect(fault).toMatchObject({ code: 'GAP', file: SP500_FILE });
  const line = readFileSync(SP500_FILE, 'utf8').split('\n')[fault.line - 1];
  expect(line).toMatch(/^2001-09-17,/);
});

test.skipIf(BTC_ABSENT !== '')(`a month of BTC minutes passes, none missing${BTC_ABSENT}`, () => {
  const candles = readCandles(BTC_FILE);
  expect(candles.length).toBe(45_031);
  expect(candles.time[0]).toBe(Date.UTC(2021, 11, 31, 23, 1));
  expect(candles.time[45_030] - candles.time[0]).toBe(45_030 * 60_000);
});

test.each([
  ['EMPTY_FILE', 1, ''],
  ['EMPTY_FILE', 1, '\n\n'],
  ['EMPTY_FILE', 1, '\uFEFF'],
  ['EMPTY_FILE', 2, HEADER],
  ['EMPTY_FILE', 2, `${HEADER}\n`],
  ['MISSING_COLUMN', 1, `${ROW}\n`],
  ['MISSING_COLUMN', 1, `date,open,high,low,adj close,volume\n${ROW}`],
  ['MISSING_COLUMN', 1, `date;open;high;low;close;volume\n${ROW}`],
  ['DUPLICATE_COLUMN', 1, `date,open,high,low,close,volume,Close\n${ROW},11`],
  ['DUPLICATE_COLUMN', 1, `date,time,open,high,low,close,volume\n${ROW},11`],
  ['WRONG_COLUMN_COUNT', 3, `${HEADER}\n${ROW}\n2020-01-03,10,12,9,11`],
  ['WRONG_COLUMN_COUNT', 2, `${HEADER}\n2020-01-02,10,12,9,11,1,234`],
  ['WRONG_COLUMN_COUNT', 2, `${HEADER}\n\n${ROW}`],
  ['BAD_QUOTING', 2, `${HEADER}\n"2020-01-02,10,12,9,11,100`],
  ['BAD_TIME', 2, `${HEADER}\n2020-02-30,10,12,9,11,100`],
  ['BAD_TIME', 2, `${HEADER}\n,10,12,9,11,100`],
  ['DUPLICATE_TIME', 3, `${HEADER}\n${ROW}\n2020-01-02T00:00Z,10,12,9,11,100`],
  ['OUT_OF_ORDER', 3, `${HEADER}\n${ROW}\n2020-01-01,10,12,9,11,100`],
])('%s on line %d of %j', (code, line, text) => {
  const fault = faultOf(() => parse(text));
  expect(fault).toMatchObject({ name: 'MarketDataError', code, file: 'test.csv', line });
  expect(fault.message).toMatch(new RegExp(`^test\\.csv:${line}: `));
});

test.each(['', 'NaN', 'Infinity', '-Infinity', '1e999', '0x10', '1_000', '1,5', 'ten', '1 2', '.'])(
  'the number %j is refused in each column',
  (text) => {
    for (let column = 1; column <= 5; column++) {
      const cells = ROW.split(',');
      cells[column] = `"${text}"`;
      const fault = faultOf(() => parse(`${HEADER}\n${cells.join(',')}`));
      expect(fault).toMatchObject({ code: 'BAD_NUMBER', line: 2 });
    }
  },
);

test.each([
  ['NON_POSITIVE_PRICE', '0,12,0,11,100'],
  ['NON_POSITIVE_PRICE', '10,12,-9,11,100'],
  ['NON_POSITIVE_PRICE', '10,12,1e-400,11,100'],
  ['NEGATIVE_VOLUME', '10,12,9,11,-1'],
  ['HIGH_BELOW_LOW', '10,9,12,11,100'],
  ['HIGH_BELOW_LOW', '8,12,9,11,100'],
  ['HIGH_BELOW_LOW', '13,12,9,11,100'],
  ['HIGH_BELOW_LOW', '10,12,9,8.999999,100'],
  ['HIGH_BELOW_LOW', '10,12,9,12.000001,100'],
])('%s: open, high, low, close, volume of %s', (code, values) => {
  expect(faultOf(() => parse(`${HEADER}\n2020-01-02,${values}`))).toMatchObject({ code, line: 2 });
});

test('a volume of −0 is 0', () => {
  expect(Object.is(parse(`${HEADER}\n2020-01-02,10,12,9,11,-0`).volume[0], 0)).toBe(true);
});

function file(times: readonly string[]): string {
  return [HEADER, ...times.map((time) => `${time},10,12,9,11,100`)].join('\n');
}

test('one minute missing among minutes is a gap, unless it is allowed', () => {
  const text = file(['2020-01-02T10:00', '2020-01-02T10:01', '2020-01-02T10:03']);
  expect(faultOf(() => parse(text))).toMatchObject({ code: 'GAP', line: 4 });
  expect(parse(text, { maximumGapMs: 120_000 }).length).toBe(3);
  expect(parse(text, { maximumGapMs: Infinity }).length).toBe(3);
  expect(faultOf(() => parse(text, { maximumGapMs: 119_999 })).line).toBe(4);
});

test('the gap is found before the interval is known to be so short', () => {
  const text = file(['2020-01-02T10:00', '2020-01-02T10:05', '2020-01-02T10:06']);
  expect(faultOf(() => parse(text))).toMatchObject({ code: 'GAP', line: 3 });
});

test.each([
  [['2020-01-01', '2020-01-02', '2020-01-10'], undefined],
  [['2020-01-01', '2020-01-02', '2020-01-11'], 4],
  [['2020-01-03', '2020-01-10', '2020-01-18'], undefined],
  [['2020-01-03', '2020-01-10', '2020-01-24'], 4],
  [['2020-01-31', '2020-02-29', '2020-03-31', '2020-04-30'], undefined],
  [['2020-01-31', '2020-02-29', '2020-04-30'], 4],
  // Midnight in New York, before and after clocks go forward.
  [['2020-03-07T05:00', '2020-03-08T05:00', '2020-03-09T04:00', '2020-03-13T04:00'], undefined],
])('days, weeks and months %j: the first gap is on line %s', (times, line) => {
  const text = file(times);
  if (line === undefined) expect(parse(text).length).toBe(times.length);
  else expect(faultOf(() => parse(text))).toMatchObject({ code: 'GAP', line });
});

test('a file may have as many rows as it is allowed, and not one more', () => {
  const days = ['2020-01-01', '2020-01-02', '2020-01-03'];
  expect(parse(file(days), { maximumRows: 3 }).length).toBe(3);
  const fault = faultOf(() => parse(file(days), { maximumRows: 2 }));
  expect(fault).toMatchObject({ code: 'TOO_MANY_ROWS', line: 4 });
});

test('ten million rows are refused at the limit, and nothing after it is read', () => {
  const reader = new CandleCsvReader({ file: 'big.csv', maximumRows: 20_000 });
  let pushed = 0;
  const fault = faultOf(() => {
    reader.push(`${HEADER}\n`);
    for (; pushed < 10_000_000; pushed++) reader.push(`${1e9 + pushed * 60},10,12,9,11,100\n`);
  });
  expect(fault).toMatchObject({ code: 'TOO_MANY_ROWS', line: 20_002 });
  expect(pushed).toBe(20_000);
});

test('a line that never ends is refused while it is still short', () => {
  const reader = new CandleCsvReader({ file: 'test.csv', maximumRows: 10 });
  reader.push(`${HEADER}\n`);
  let pieces = 0;
  const fault = faultOf(() => {
    for (; pieces < 1e6; pieces++) reader.push('1234567890');
  });
  expect(fault).toMatchObject({ code: 'LINE_TOO_LONG', line: 2 });
  expect(pieces).toBe(409);
  expect(faultOf(() => parse('x'.repeat(4097) + '\n'))).toMatchObject({ code: 'LINE_TOO_LONG' });
  expect(faultOf(() => parse('x'.repeat(4096)))).toMatchObject({ code: 'MISSING_COLUMN' });
});

test('after a fault every call gives the same fault again', () => {
  const reader = new CandleCsvReader({ file: 'test.csv', maximumRows: 10 });
  const fault = faultOf(() => reader.push('nonsense\n'));
  expect(faultOf(() => reader.push(`${HEADER}\n`))).toBe(fault);
  expect(faultOf(() => reader.end())).toBe(fault);
});

test('after its end a reader takes no more', () => {
  const reader = new CandleCsvReader({ file: 'test.csv', maximumRows: 10 });
  reader.push(`${HEADER}\n${ROW}`);
  reader.end();
  expect(faultOf(() => reader.push(ROW)).code).toBe('READER_ENDED');
  expect(faultOf(() => reader.end()).code).toBe('READER_ENDED');
});

test('a message never carries more than a little of the file', () => {
  const fault = faultOf(() => parse(`${HEADER}\n${'9'.repeat(4000)}x,1,1,1,1,1`));
  expect(fault.message.length).toBeLessThan(200);
});

test.each([
  { maximumRows: 0 },
  { maximumRows: 1.5 },
  { maximumRows: NaN },
  { maximumRows: Infinity },
  { maximumRows: 10, maximumGapMs: 0 },
  { maximumRows: 10, maximumGapMs: -1 },
  { maximumRows: 10, maximumGapMs: NaN },
])('the options %j are refused', (options) => {
  expect(() => new CandleCsvReader({ file: 'test.csv', ...options })).toThrow(
    expect.objectContaining({ name: 'QarError', code: 'BAD_CONFIGURATION' }),
  );
});

test('any text ends in candles or a coded error', () => {
  const cell = fc.constantFrom('date', 'open', '1', '-1', '', '"', '2020-01-02', 'é', '\u0000');
  const line = fc.array(cell, { maxLength: 8 }).map((cells) => cells.join(','));
  const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), fc.boolean(), (content, withHeader) => {
      const whole = withHeader ? `${HEADER}\n${content}` : content;
      try {
        expect(parse(whole).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MarketDataError);
      }
    }),
  );
});
