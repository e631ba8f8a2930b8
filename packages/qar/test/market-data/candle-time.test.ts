import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTime } from '../../src/market-data/candle-time.ts';

test.each([
  ['2000-01-03', 946_857_600_000],
  ['1970-01-01', 0],
  ['1957-03-04', -404_870_400_000],
  ['2020-02-29T12:30', 1_582_979_400_000],
  ['2021-12-31 23:01:00.000000', 1_640_991_660_000],
  ['2021-12-31T23:01:00.25Z', 1_640_991_660_250],
  ['2021-12-31 23:01:00+00:00', 1_640_991_660_000],
  ['2022-01-01T01:31:00+02:30', 1_640_991_660_000],
  ['2021-12-31T18:01:00-0500', 1_640_991_660_000],
  ['1640991660', 1_640_991_660_000],
  ['1640991660000', 1_640_991_660_000],
  ['1640991660000000', 1_640_991_660_000],
  ['100000000', 100_000_000_000],
  ['100000000000', 100_000_000_000],
  ['100000000000000', 100_000_000_000],
  ['100000000000000000', 100_000_000_000],
  ['1640991660001000000', 1_640_991_660_001],
])('%s is %d ms since the epoch', (text, milliseconds) => {
  expect(parseTime(text)).toBe(milliseconds);
});

test.each([
  '',
  'yesterday',
  '20200103',
  '-1640991660',
  '1640991660.5',
  '1640991660000001',
  '100000000000000000000',
  '1640991660000000001',
  '1e12',
  'NaN',
  '2021-02-29',
  '2021-04-31',
  '2021-13-01',
  '2021-00-10',
  '2021-1-2',
  '0099-01-01',
  '12021-01-01',
  '01/02/2021',
  '2021-01-02T24:00',
  '2021-01-02T12:60',
  '2021-01-02T12:00:60',
  '2021-01-02T12',
  '2021-01-02T12:00:00.0001',
  '2021-01-02T12:00:00.',
  '2021-01-02T12:00:00+24:00',
  '2021-01-02T12:00:00+01',
  '2021-01-02Z',
  ' 2021-01-02',
])('%j is not a time', (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test('every millisecond of the years 100 to 9999 survives being written as ISO 8601', () => {
  const first = Date.UTC(100, 0, 1);
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (milliseconds) => {
      expect(parseTime(new Date(milliseconds).toISOString())).toBe(milliseconds);
    }),
  );
});

test('the zone of the machine does not matter', () => {
  const zone = process.env['TZ'];
  try {
    for (const [name, minutesBehind] of [
      ['America/New_York', 300],
      ['Pacific/Apia', 660],
      ['Asia/Kolkata', -330],
    ] as const) {
      process.env['TZ'] = name;
      expect(new Date(0).getTimezoneOffset()).toBe(minutesBehind);
      expect(parseTime('2021-03-14 02:30:00')).toBe(1_615_689_000_000);
      expect(parseTime('2011-12-30')).toBe(1_325_203_200_000);
    }
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});
