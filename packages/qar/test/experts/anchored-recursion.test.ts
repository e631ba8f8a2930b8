import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnchoredRecursion } from '../../src/experts/indicators/anchored-recursion.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { windowOf } from './windows.ts';

const REGION = { lookback: 40, first: 5, choices: 16 };
const DAY_MS = 86_400_000;

/** Lists the times that the recursion has seen since its start, and counts every step. */
function listing() {
  const seen: number[] = [];
  const work = { steps: 0 };
  const note = (time: number): void => {
    seen.push(time);
    work.steps++;
  };
  const anchored = new AnchoredRecursion(
    {
      start: ({ time }, index) => {
        seen.length = 0;
        note(time[index]);
      },
      step: ({ time }, index) => {
        note(time[index]);
      },
    },
    REGION,
  );
  return { anchored, seen, work };
}

function windowFrom(gaps: readonly number[]) {
  const time = [Date.UTC(2020, 0, 1)];
  for (const gap of gaps) time.push(time[time.length - 1] + gap);
  return windowOf({ close: time.map(() => 1), time });
}

test('it has run over the end of the window, from an anchor that the window alone fixes', () => {
  const gaps = fc.array(fc.constantFrom(DAY_MS, 3 * DAY_MS, 60_000), {
    minLength: 60,
    maxLength: 90,
  });
  fc.assert(
    fc.property(gaps, (values) => {
      const candles = windowFrom(values);
      const long = listing();
      for (let end = 0; end < candles.length; end++) {
        long.anchored.take(candles, end);
        if (end + 1 < REGION.lookback) {
          expect(long.seen).toEqual([]);
          continue;
        }
        const window = windowAt(candles, end, REGION.lookback);
        const fresh = listing();
        for (let i = 0; i < window.length; i++) fresh.anchored.take(window, i);
        expect(long.seen).toEqual(fresh.seen);
        const anchor = window.length - long.seen.length;
        expect(anchor).toBeGreaterThanOrEqual(REGION.first);
        expect(anchor).toBeLessThan(REGION.first + REGION.choices);
        expect(long.seen).toEqual([...window.time.subarray(anchor)]);
      }
    }),
    { numRuns: 30 },
  );
});

test.each([60_000, 3_600_000, DAY_MS, 7 * DAY_MS])(
  'at candles of %d ms it starts over twice in seventeen candles',
  (interval) => {
    const candles = windowFrom(new Array<number>(4000).fill(interval));
    const { anchored, work } = listing();
    for (let end = 0; end < candles.length; end++) anchored.take(candles, end);
    // The smallest of 16 hashes leaves or is beaten with chance 2/17, and a run is at most 35 long:
    // 5.1 steps a candle at most, one for the candle itself.
    expect(work.steps / candles.length).toBeLessThan(5.5);
  },
);
