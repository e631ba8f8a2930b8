import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OverwritingRing } from '../src/index.ts';
import type { RingCursor } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

function rest(cursor: RingCursor): number[] {
  const sequences = [];
  while (cursor.next()) sequences.push(cursor.sequence);
  return sequences;
}

test('a cursor shows each entry where it lies', () => {
  const ring = new OverwritingRing(8);
  ring.insert(10, [0.25, 0.5], 0.75, 100);
  ring.insert(20, [1], 0.5, 200);
  const cursor = ring.cursor();
  expectCode('ENTRY_UNREADABLE', () => cursor.timestampNs);
  expect(cursor.next()).toBe(true);
  const { sequence, timestampNs, coherence, executionNs, measurementCount } = cursor;
  expect([sequence, timestampNs, coherence, executionNs, measurementCount]).toEqual([
    0, 10, 0.75, 100, 2,
  ]);
  expect(ring.measurements[cursor.measurementOffset + 1]).toBe(0.5);
  expect(rest(cursor)).toEqual([1]);
  expect(cursor.next()).toBe(false);
  ring.insert(30, [], 1, 1);
  expect(rest(cursor)).toEqual([2]);
  expect(cursor.lost).toBe(0);
});

test('a lapped cursor goes on with the oldest entry and counts what it lost', () => {
  const ring = new OverwritingRing(4);
  const cursor = ring.cursor();
  ring.insert(0, [], 1, 1);
  cursor.next();
  for (let time = 1; time < 10; time += 1) ring.insert(time, [], 1, 1);
  expectCode('ENTRY_UNREADABLE', () => cursor.coherence);
  expect(rest(cursor)).toEqual([7, 8, 9]);
  expect(cursor.lost).toBe(6);
});

test('a range holds the entries from its first time up to before its last', () => {
  const ring = new OverwritingRing(8);
  for (const time of [10, 20, 20, 30, 40]) ring.insert(time, [], 1, 1);
  expect(rest(ring.cursorBetween(20, 40))).toEqual([1, 2, 3]);
  expect(rest(ring.cursorBetween(0, 10))).toEqual([]);
  expect(rest(ring.cursorBetween(41, Infinity))).toEqual([]);
  expect(rest(ring.cursorBetween(40, 20))).toEqual([]);
  expect(ring.firstSequenceAt(20)).toBe(1);
  expect(ring.firstSequenceAt(41)).toBe(5);
});

test('a range that is overwritten while it is read ends where it would have, and counts', () => {
  const ring = new OverwritingRing(4);
  for (const time of [10, 20, 30]) ring.insert(time, [], 1, 1);
  const cursor = ring.cursorBetween(10, 30);
  expect(cursor.next()).toBe(true);
  for (let time = 31; time < 40; time += 1) ring.insert(time, [], 1, 1);
  expect(rest(cursor)).toEqual([]);
  expect(cursor.lost).toBe(1);
});

test('any range is what filtering all entries gives', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(2, 4, 16),
      fc.array(fc.nat(5), { maxLength: 40 }),
      fc.nat(80),
      fc.nat(80),
      (capacity, gaps, from, to) => {
        const ring = new OverwritingRing(capacity);
        const times: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          times.push(now);
          ring.insert(now, [], 1, 1);
        }
        const expected = times
          .map((time, sequence) => ({ time, sequence }))
          .slice(ring.overwritten)
          .filter(({ time }) => time >= from && time < to)
          .map(({ sequence }) => sequence);
        expect(rest(ring.cursorBetween(from, to))).toEqual(expected);
      },
    ),
  );
});
