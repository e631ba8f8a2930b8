import { REGIMES } from '@sema/learning';
import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { BasalGanglia, FALSE_GO_TARGETS } from '../../src/selection/basal-ganglia.ts';
import type { SelectionOptions } from '../../src/selection/basal-ganglia.ts';

const OPTIONS: SelectionOptions = {
  selectionMode: 'balanced',
  positionCandles: 1,
  recordMemory: 250,
  feeRate: 0,
  slippageRate: 0,
};
const LONG = Float64Array.of(0.1, 0.2, 0.7);
const FLAT = Float64Array.of(0.3, 0.4, 0.3);

/** Selects long again and again in a market that rises or falls, each candle by one part in ten. */
function taught(ganglia: BasalGanglia, candles: number, rises: (i: number) => boolean): void {
  let price = 100;
  for (let i = 0; i < candles; i++) {
    ganglia.advance(price);
    ganglia.select(LONG, 'stable');
    price *= rises(i) ? 1.1 : 0.9;
  }
}

describe('selection', () => {
  test('knows nothing at first: a candidate, no confidence, and no go', () => {
    const { action, confidence, go, wrongShare } = new BasalGanglia(OPTIONS).select(LONG, 'stable');
    expect([action, confidence, go, wrongShare]).toEqual(['long', undefined, false, 1]);
  });

  test('flat goes whenever it is the likeliest, and has no confidence', () => {
    const { action, confidence, go } = new BasalGanglia(OPTIONS).select(FLAT, 'crisis');
    expect([action, confidence, go]).toEqual(['flat', undefined, true]);
  });

  test('confidence comes to how often the direction pays, and is of that direction alone', () => {
    const ganglia = new BasalGanglia(OPTIONS);
    taught(ganglia, 400, (i) => i % 10 < 7);
    // Seven in ten, seen 200 times: a standard error of 0.03.
    expect(ganglia.select(LONG, 'stable').confidence).toBeCloseTo(0.7, 1);
    const short = Float64Array.of(0.7, 0.2, 0.1);
    expect(ganglia.select(short, 'stable').confidence).toBeUndefined();
  });

  test('what never goes is learned too, and each regime has its own threshold', () => {
    const ganglia = new BasalGanglia(OPTIONS);
    taught(ganglia, 50, () => false);
    const strong = Float64Array.of(0.02, 0.03, 0.95);
    expect(ganglia.select(strong, 'stable').go).toBe(true);
    expect(ganglia.select(LONG, 'stable').go).toBe(false);
    expect(ganglia.select(strong, 'volatile').go).toBe(false);
  });

  test('goes on bit for bit where it was restored', () => {
    const one = new BasalGanglia({ ...OPTIONS, positionCandles: 5 });
    taught(one, 73, (i) => i % 3 > 0);
    const other = BasalGanglia.restore({ ...OPTIONS, positionCandles: 5 }, one.snapshot());
    for (const ganglia of [one, other]) taught(ganglia, 40, (i) => i % 2 > 0);
    expect(other.snapshot()).toEqual(one.snapshot());
    expect(other.select(LONG, 'stable')).toEqual(one.select(LONG, 'stable'));
  });

  test.each([undefined, null, 1, {}, { calibrators: {}, controls: {}, positions: {} }])(
    'does not go on from %j',
    (snapshot) => {
      const refused = expect.objectContaining({ code: 'BAD_SNAPSHOT' }) as Error;
      expect(() => BasalGanglia.restore(OPTIONS, snapshot)).toThrow(refused);
    },
  );
});

/**
 * A detection task with known labels: evidence is drawn higher where there is an edge, the position
 * then pays 97 times in a hundred, otherwise every other time. The scale of evidence is another in
 * each regime, and blocks of regimes take turns.
 */
function detect(mode: SelectionOptions['selectionMode'], seed: number) {
  const random = mulberry32(seed);
  const ganglia = new BasalGanglia({ ...OPTIONS, selectionMode: mode });
  const counts = REGIMES.map(() => ({ none: 0, falseGo: 0, edge: 0, hit: 0 }));
  let price = 100;
  let hadEdge = false;
  for (let i = 0; i < 24_000; i++) {
    ganglia.advance(price);
    const index = Math.floor(i / 200) % REGIMES.length;
    const hasEdge = random.next() < 0.3;
    const strength = random.next() + random.next() + (hasEdge ? 1 : 0);
    const preference = 1 / (1 + Math.exp(-0.5 * (index + 1) * strength));
    const { go } = ganglia.select(Float64Array.of(0, 1 - preference, preference), REGIMES[index]);
    const count = counts[index];
    if (hasEdge) {
      count.edge++;
      if (go) count.hit++;
    } else {
      count.none++;
      if (go) count.falseGo++;
    }
    // The position of the last trial was entered at this candle's open.
    price *= random.next() < (hadEdge ? 0.97 : 0.5) ? 1.01 : 0.99;
    hadEdge = hasEdge;
  }
  return counts;
}

describe('on labelled trials', () => {
  test.each(['conservative', 'balanced', 'aggressive'] as const)(
    '%s: the false-go rate of each regime is near its target, and hits are more',
    (mode) => {
      const target = FALSE_GO_TARGETS[mode];
      for (const { none, falseGo, edge, hit } of detect(mode, 99)) {
        const rate = falseGo / none;
        // Of the wrong trials that set the threshold 2.5 % have an edge, which may take up as much
        // of the target; about 4200 trials, four standard deviations.
        const deviation = Math.sqrt((target * (1 - target)) / none);
        expect(rate).toBeLessThan(target + 4 * deviation);
        expect(rate).toBeGreaterThan((target - 0.025) / 0.975 - 4 * deviation);
        expect(hit / edge).toBeGreaterThan(2 * rate);
      }
    },
  );

  test('the bolder the mode the more hits', () => {
    const hits = (['conservative', 'balanced', 'aggressive'] as const).map((mode) =>
      detect(mode, 7).reduce((sum, { hit }) => sum + hit, 0),
    );
    expect(hits[1]).toBeGreaterThan(hits[0]);
    expect(hits[2]).toBeGreaterThan(hits[1]);
  });
});
