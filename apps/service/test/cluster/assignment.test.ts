import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignPartitions, partitionOf } from '../../src/cluster/assignment.ts';
import { candleId, marketNames, timeOfId } from '../../src/cluster/cluster-market.ts';

const names = (prefix: string) => (count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);
const partitions = fc.integer({ min: 0, max: 60 }).map(names('paper.C'));
const nodes = fc.integer({ min: 1, max: 8 }).map(names('node-'));

test('every partition has one owner, and no node two more than another', () => {
  fc.assert(
    fc.property(partitions, nodes, (all, there) => {
      const assigned = assignPartitions(all, there);
      expect([...assigned.keys()].sort()).toEqual([...all].sort());
      const loads = there.map((n) => [...assigned.values()].filter((owner) => owner === n).length);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    }),
  );
});

test('nodes that list each other and the partitions in another order agree', () => {
  fc.assert(
    fc.property(partitions, nodes, (all, there) => {
      const other = assignPartitions(all.toReversed(), there.toReversed());
      expect([...other].sort()).toEqual([...assignPartitions(all, there)].sort());
    }),
  );
});

test('without nodes nobody owns anything', () => {
  expect(assignPartitions(['a.B'], [])).toEqual(new Map());
});

test('a node that comes back has the partitions again that it had', () => {
  const all = names('paper.C')(30);
  const before = assignPartitions(all, ['a', 'b', 'c']);
  expect(assignPartitions(all, ['a', 'b', 'c'])).toEqual(before);
  const without = assignPartitions(all, ['a', 'c']);
  const moved = all.filter((m) => before.get(m) !== 'b' && before.get(m) !== without.get(m));
  // What the lost node had must move; of the others' 20 few do.
  expect(moved.length).toBeLessThanOrEqual(7);
});

test('a market has one name of each kind, and no two markets have the same', () => {
  expect(marketNames('binance', 'BTC/USDT')).toEqual({
    market: 'binance.BTC/USDT',
    candles: 'candles.binance.BTC/USDT',
    decisions: 'decisions.binance.BTC/USDT',
    journal: 'journal.binance.BTC/USDT',
    snapshot: 'snapshots/binance.BTC/USDT',
  });
  const venue = fc.stringMatching(/^[\w-]{1,24}$/);
  const pair = fc.stringMatching(/^[\w:/-]{1,64}$/);
  fc.assert(
    fc.property(venue, pair, venue, pair, (v1, p1, v2, p2) => {
      const same = v1 === v2 && p1 === p2;
      expect(marketNames(v1, p1).market === marketNames(v2, p2).market).toBe(same);
    }),
  );
});

test('a venue or pair that would be two tokens of a subject, or a wildcard, is refused', () => {
  for (const [venue, pair] of [
    ['', 'A'],
    ['a.b', 'A'],
    ['a', 'A.B'],
    ['*', 'A'],
    ['a', '>'],
    ['a', 'A B'],
    ['a', 'A\n'],
    ['a', 'Ä'],
    ['a'.repeat(25), 'A'],
    ['a', 'A'.repeat(65)],
  ] as const) {
    const bad = expect.objectContaining({ code: 'BAD_MARKET' }) as unknown;
    expect(() => marketNames(venue, pair)).toThrow(bad as Error);
  }
});

test("a candle's time is found in its id, and in no other market's", () => {
  expect(timeOfId('a.B', candleId('a.B', 1_700_000_000_000))).toBe(1_700_000_000_000);
  expect(timeOfId('a.B', candleId('a.B', -5))).toBe(-5);
  expect(timeOfId('a.B', candleId('a.BC', 5))).toBeUndefined();
  expect(timeOfId('a.B', 'a.B/change/00/5')).toBeUndefined();
});

test('a market is in one partition, whatever other markets there are, and partitions fill evenly', () => {
  const count = 64;
  const filled = new Map<string, number>();
  for (const market of names('paper.C')(64 * 100)) {
    const partition = partitionOf(market, count);
    filled.set(partition, (filled.get(partition) ?? 0) + 1);
  }
  expect(filled.size).toBe(count);
  // 100 expected in each; five standard deviations of 10 are exceeded once in 20 000 such tests.
  for (const size of filled.values()) expect(Math.abs(size - 100)).toBeLessThan(50);
  expect(partitionOf('paper.C0', 1)).toBe('partition.0');
});
