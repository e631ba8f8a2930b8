import { expect, test } from 'vitest';
import { SlidingWindow } from '../src/index.ts';
import type { EntryArguments } from './invalid-entries.ts';
import { expectClose } from './naive-summary.ts';

const GRID = 2 ** 31;
const OPERATIONS = 1_000_000;
const CHECKS = 200;

test('10⁶ random operations leave a window equal to a recompute, with no drift', () => {
  // A fixed linear congruential generator (Knuth's MMIX constants), high bits.
  let state = 20_260_229n;
  const random = (): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 11n) / 2 ** 53;
  };
  const spanNs = 1_000_000;
  const window = new SlidingWindow({ spanNs, capacityEntries: 5000 });
  let entries: EntryArguments[] = [];
  let now = 0;
  for (let operation = 1; operation <= OPERATIONS; operation += 1) {
    // Bursts and gaps, so that the window fills up, empties and wraps.
    now += Math.floor(random() * (operation % 40_000 < 20_000 ? 150 : 6000));
    if (random() < 0.3) window.advance(now);
    else {
      // A large mean with a small spread is what sums of squares would lose, and a huge time that
      // comes and goes is what subtraction would leave a trace of.
      const execution = random() < 1e-4 ? 9e15 * random() : 1e12 + random();
      const values = Array.from({ length: Math.floor(random() * 17) }, random);
      const coherence = 0.9 + random() / 10;
      window.add(now, values, coherence, execution);
      const rounded = values.map((value) => Math.round(value * GRID) / GRID);
      entries.push([now, rounded, coherence, execution]);
    }
    if (entries.length > 50_000) entries = entries.slice(-5000);
    if (operation % (OPERATIONS / CHECKS) !== 0) continue;
    const within = entries.filter(([time]) => time > now - spanNs).slice(-5000);
    const summary = window.summary();
    if (within.length === 0) expect(summary).toBeUndefined();
    else if (summary === undefined) expect.fail('a window with entries has a summary');
    else expectClose(summary, within);
  }
  expect(window.displaced).toBeGreaterThan(0);
});
