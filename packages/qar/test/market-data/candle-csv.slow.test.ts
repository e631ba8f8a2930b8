import { expect, test } from 'vitest';
import { CandleCsvReader } from '../../src/market-data/candle-csv.ts';

const ROWS = 1_000_000;
const PIECE_ROWS = 1000;

test('of a stream of ten million rows memory holds the columns of the million allowed', () => {
  const reader = new CandleCsvReader({ file: 'big.csv', maximumRows: ROWS });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let piece = 0;
  reader.push('time,open,high,low,close,volume\n');
  expect(() => {
    for (; piece < 10_000; piece++) {
      let text = '';
      for (let row = 0; row < PIECE_ROWS; row++) {
        text += `${1e9 + (piece * PIECE_ROWS + row) * 60},10,12,9,11,100\n`;
      }
      reader.push(text);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
  }).toThrow(expect.objectContaining({ code: 'TOO_MANY_ROWS', line: ROWS + 2 }));
  expect(piece).toBe(ROWS / PIECE_ROWS);
  // Seven columns of 8 bytes, and as much again for the outgrown ones if none is collected yet.
  expect(most).toBeLessThan(2.1 * 56 * ROWS);
});
