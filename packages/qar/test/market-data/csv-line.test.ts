import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitCsvLine } from '../../src/market-data/csv-line.ts';

test.each([
  ['a,b,c', ['a', 'b', 'c']],
  ['', ['']],
  [',', ['', '']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a ""b""",', ['a "b"', '']],
  ['"",""', ['', '']],
  ['""""', ['"']],
])('%j has the cells %j', (line, cells) => {
  expect(splitCsvLine(line)).toEqual(cells);
});

test.each(['"a', 'a"b', '"a"b,c', '"a" ,b', '"', '"""', 'a,"b'])('%j is misquoted', (line) => {
  expect(splitCsvLine(line)).toBeUndefined();
});

test('cells that are quoted as RFC 4180 says come back', () => {
  const cells = fc.array(
    fc.string().filter((cell) => !/[\r\n]/.test(cell)),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(cells, (written) => {
      const line = written.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
      expect(splitCsvLine(line)).toEqual(written);
    }),
  );
});

test('any text is split or refused, and never hangs', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ') }), (line) => {
      const cells = splitCsvLine(line);
      if (!line.includes('"')) expect(cells).toEqual(line.split(','));
      else if (cells !== undefined) expect(cells.join('').length).toBeLessThan(line.length);
    }),
  );
});
