import { mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import { EntanglementRecord } from '../../src/resources/entanglement-record.ts';

/** Outcomes of a fair coin, told by one forecast that is too sure and one that is less so. */
function coin(record: EntanglementRecord, rounds: number, plain: number, entangled: number): void {
  const random = mulberry32(5);
  for (let k = 0; k < rounds; k++) {
    const sign = random.next() < 0.5 ? 1 : -1;
    const wentUp = random.next() < 0.5;
    record.record('stable', 0.5 + sign * plain, 0.5 + sign * entangled, wentUp);
  }
}

test('a pattern that lowers the loss is engaged in its regime, and dropped when not', () => {
  const record = new EntanglementRecord();
  coin(record, 31, 0.4, 0.2);
  expect(record.engaged('stable')).toBe(false);
  coin(record, 400, 0.4, 0.2);
  // E[(0.2)² − (0.4)²] on a coin.
  const { mean, error } = record.difference('stable');
  expect(Math.abs(mean + 0.12)).toBeLessThan(5 * error);
  expect(record.engaged('stable')).toBe(true);
  expect(record.engaged('trending')).toBe(false);
  coin(record, 1000, 0.2, 0.4);
  expect(record.engaged('stable')).toBe(false);
});

test('equal forecasts, as in a crisis, engage nothing', () => {
  const record = new EntanglementRecord();
  coin(record, 500, 0.3, 0.3);
  expect(record.difference('stable')).toMatchObject({ mean: 0, error: 0 });
  expect(record.engaged('stable')).toBe(false);
});

test('goes on from a snapshot bit for bit; what is none is refused', () => {
  const record = new EntanglementRecord();
  coin(record, 300, 0.4, 0.2);
  const restored = EntanglementRecord.restore(record.snapshot());
  coin(record, 50, 0.1, 0.3);
  coin(restored, 50, 0.1, 0.3);
  const snapshot = record.snapshot();
  expect(restored.snapshot()).toEqual(snapshot);
  const { statistics } = snapshot;
  for (const broken of [
    null,
    {},
    { ...snapshot, engaged: [true] },
    { ...snapshot, engaged: [1, 0, 0, 0] },
    { ...snapshot, statistics: statistics.slice(1) },
    { ...snapshot, statistics: Array.from(statistics) },
    { ...snapshot, statistics: statistics.map((x, k) => (k === 0 ? NaN : x)) },
    { ...snapshot, statistics: statistics.map((x, k) => (k === 0 ? -1 : x)) },
  ]) {
    expect(() => EntanglementRecord.restore(broken)).toThrow(
      expect.objectContaining({ code: 'INVALID_SNAPSHOT' }),
    );
  }
});
