import { describe, expect, test } from 'vitest';
import { BoardRecord } from '../src/board-record.ts';
import { EXPERTS } from '../src/experts/board.ts';
import type { SeatReceipt } from '../src/receipt.ts';

/** Seats where only the first expert may vote. */
function seatsWith(probabilityUp: number | undefined): SeatReceipt[] {
  return EXPERTS.map(({ name }, index) =>
    index === 0 && probabilityUp !== undefined
      ? { expert: name, direction: probabilityUp > 0.5 ? 1 : -1, probabilityUp }
      : { expert: name, abstained: 'NO_SIGNAL' },
  );
}

function figuresOf(stated: readonly (number | undefined)[], opens: readonly number[]) {
  const record = new BoardRecord(stated.length);
  stated.forEach((probability, row) => {
    record.add(seatsWith(probability), opens[row]);
  });
  return record.figures();
}

describe('what experts stated of the next move', () => {
  test('is held against the move from the next open to the one after', () => {
    // Moves from the second open on: +1, −1, 0, +1. The last two decisions have no outcome yet.
    const opens = [100, 100, 101, 100, 100, 101];
    const [first, second] = figuresOf([0.75, 0.75, 0.75, 0.25, 0.75, undefined], opens);
    expect(first).toMatchObject({ expert: EXPERTS[0].name, votes: 5 });
    // Right, wrong, no outcome, wrong.
    expect(first.accuracy).toBeCloseTo(1 / 3, 14);
    expect(first.gainFrequency).toBeCloseTo(2 / 3, 14);
    expect(first.reliability?.count).toBe(3);
    expect(first.reliability?.brierScore).toBeCloseTo((0.0625 + 2 * 0.5625) / 3, 14);
    const nothing = { votes: 0, accuracy: null, gainFrequency: null, reliability: null };
    expect(second).toEqual({ expert: EXPERTS[1].name, ...nothing });
  });

  test('a probability that is what happens has no miscalibration', () => {
    // Up three times in four, and 0.75 said of each.
    const opens = Array.from({ length: 42 }, (_, i) => 100 + Math.floor(i / 4) * 2 + (i % 4));
    const [{ reliability, accuracy }] = figuresOf(
      opens.map(() => 0.75),
      opens,
    );
    expect(accuracy).toBe(0.75);
    expect(reliability).toMatchObject({ count: 40, calibrationError: 0, miscalibration: 0 });
  });
});
