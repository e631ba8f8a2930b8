import { expect, test } from 'vitest';
import { parseTradeLine } from '../src/paper/trade-line.ts';

const TRADE = { time: 1_700_000_000_000, price: 42.5, quantity: 0.25, id: '17' };

test.each([
  ['a row with an id', '[1700000000000, 42.5, 0.25, "17"]'],
  ['a row with a numeric id', '[1700000000000, 42.5, 0.25, 17]'],
  ['an object', '{"time":1700000000000,"price":42.5,"quantity":0.25,"id":"17"}'],
  ['ccxt’s trade', '{"timestamp":1700000000000,"price":42.5,"amount":0.25,"id":"17","side":"buy"}'],
])('%s is a trade', (_, line) => {
  expect(parseTradeLine(line)).toEqual(TRADE);
});

test.each(['[1700000000000, 42.5, 0.25]', '[1700000000000, 42.5, 0.25, null]'])(
  'a trade need not have an id: %s',
  (line) => {
    const { id: _, ...anonymous } = TRADE;
    expect(parseTradeLine(line)).toEqual(anonymous);
  },
);

test.each([
  '',
  'null',
  '17',
  '[]',
  '[1700000000000, 42.5]',
  '[1700000000000, 42.5, 0.25, "17", 1]',
  '[1700000000000, "42.5", 0.25]',
  '[1700000000000, 42.5, 0.25, {}]',
  '{"time":1700000000000,"price":42.5}',
  '{"time":"2024-01-01","price":42.5,"quantity":1}',
  '[1700000000000, 42.5, 0.25',
])('%s is none', (line) => {
  expect(parseTradeLine(line)).toBeUndefined();
});
