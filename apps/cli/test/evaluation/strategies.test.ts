import { engineConfiguration, EXPERTS, type Candles } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { hitRates } from '../../src/evaluation/hit-rates.ts';
import { benchmarks, marketOf, semaStrategy } from '../../src/evaluation/strategies.ts';
import type { Study } from '../../src/evaluation/study.ts';
import { ablations, changed, neighbours } from '../../src/evaluation/variants.ts';

const base = engineConfiguration(
  { pair: 'X', intervalMs: 86_400_000, periodsPerYear: 252, path: 'quantum' },
  { feeRate: 0.01, slippageRate: 0 },
);

/** Opens 100, 110, 121 … after one candle that nobody can trade. */
const opens = [1, 100, 110, 121, 108.9];
const candles: Candles = {
  time: Float64Array.from(opens, (_, i) => i),
  open: Float64Array.from(opens),
  high: Float64Array.from(opens),
  low: Float64Array.from(opens),
  close: Float64Array.from(opens),
  volume: Float64Array.from(opens),
  length: opens.length,
};

function study(signals: readonly number[], shorting = false): Study {
  return {
    configuration: changed(base, { risk: { shorting } }),
    first: 0,
    decisions: 5,
    equity: new Float64Array(5).fill(1),
    signals: Int8Array.from(signals),
    preferences: Float64Array.from([0.1, 0.2, 0.7, 0.1, 0.2, 0.7, 0.6, 0.3, 0.1, 0, 0, 0, 0, 0, 0]),
    regimes: new Uint8Array(5),
    directions: EXPERTS.map((_, expert) => new Int8Array(5).fill(expert === 0 ? 1 : 0)),
    trades: [0.1, -0.1],
    tradedNotional: 0,
    fallbacks: 0,
  };
}

describe('a strategy', () => {
  test('trades at the open after the decision and pays for every change', () => {
    const one = study([1, 1, 0, 0, 0]);
    const { changes } = marketOf(candles, one);
    [0.1, 0.1, -0.1].forEach((change, i) => expect(changes[i]).toBeCloseTo(change, 12));
    const { net } = semaStrategy('s', 's', one, marketOf(candles, one));
    [0.09, 0.1, -0.01].forEach((value, i) => expect(net[i]).toBeCloseTo(value, 12));
  });

  test('is short only where that is allowed', () => {
    const signals = [-1, -1, -1, 0, 0];
    const [may, mayNot] = [study(signals, true), study(signals)];
    expect([...semaStrategy('s', 's', may, marketOf(candles, may)).positions]).toEqual([
      -1, -1, -1,
    ]);
    expect([...semaStrategy('s', 's', mayNot, marketOf(candles, mayNot)).positions]).toEqual([
      0, 0, 0,
    ]);
  });

  test('of holding pays once, of cash never, of the only expert follows it', () => {
    const one = study([0, 0, 0, 0, 0]);
    const byId = new Map(
      benchmarks(one, marketOf(candles, one)).map((each) => [each.id, each] as const),
    );
    expect(byId.get('cash')?.net).toEqual(new Float64Array(3));
    const held = byId.get('buy-and-hold')?.net;
    for (const id of ['plain-hedge', 'majority', `expert-${EXPERTS[0].name}`]) {
      expect(byId.get(id)?.net).toEqual(held);
    }
  });
});

describe('hit rates', () => {
  test('count decisions with a position and trades that were closed', () => {
    const one = study([1, 1, 1, 0, 0]);
    const market = marketOf(candles, one);
    const rates = hitRates(semaStrategy('s', 's', one, market), one, market);
    expect(rates.map(({ right, count }) => [right, count])).toEqual([
      [2, 3],
      [2, 3],
      [1, 2],
    ]);
    // Wilson's interval of 1 in 2, from his formula.
    expect(rates[2].low).toBeCloseTo(0.0945, 4);
    expect(rates[2].high).toBeCloseTo(0.9055, 4);
  });
});

describe('variants', () => {
  test('differ from the settings and from each other', () => {
    const variants = [...neighbours(base), ...ablations(base)];
    const all = variants
      .filter(({ machine }) => machine === undefined)
      .map(({ configuration }) => JSON.stringify(configuration));
    expect(new Set(all).size).toBe(all.length);
    expect(all).not.toContain(JSON.stringify(changed(base, { path: 'twin' })));
    expect(new Set(variants.map(({ id }) => id)).size).toBe(variants.length);
  });

  test('take every algorithm of the fusion and its feedback out once', () => {
    const titles = ablations(base)
      .filter(({ machine, configuration: { path } }) => machine !== undefined && path === 'quantum')
      .map(({ title }) => title);
    expect(titles).toEqual([
      'LMSR without a say',
      'prospects without a say',
      'the Hedge mixture without a say',
      'feedback that turns nothing',
    ]);
  });
});
