import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { regimeMemberships, RegimeTracker } from '../src/index.ts';
import { codeOf } from './expert-games.ts';

const memberships = fc
  .tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 3, noNaN: true }),
  )
  .map(([volatility, trendClarity, normalizedVolume]) =>
    regimeMemberships({ volatility, trendClarity, normalizedVolume }),
  );

function countSwitches(names: readonly string[]): number {
  return names.filter((name, i) => i > 0 && name !== names[i - 1]).length;
}

describe('a RegimeTracker', () => {
  test('takes the largest membership first and has none before', () => {
    const tracker = new RegimeTracker();
    expect(tracker.regime).toBeUndefined();
    expect(tracker.update([0.2, 0.2, 0.31, 0.29])).toBe('volatile');
    expect(tracker.regime).toBe('volatile');
  });

  test('takes the milder of two equal regimes', () => {
    expect(new RegimeTracker().update([0, 0.5, 0, 0.5])).toBe('trending');
  });

  test('switches only by the margin and only after the dwell', () => {
    const tracker = new RegimeTracker({ margin: 0.25, minimumDwell: 3 });
    const stable = [1, 0, 0, 0];
    const crisis = [0, 0, 0, 1];
    const nearly = [0.375, 0.5, 0.125, 0];
    const enough = [0.25, 0.5, 0.25, 0];
    const seen = [stable, crisis, crisis, crisis, nearly, nearly, nearly].map((m) =>
      tracker.update(m),
    );
    expect(seen).toEqual([
      'stable',
      'stable',
      'stable',
      'crisis',
      'crisis',
      'crisis',
      'trending', // 0.5 against a membership of 0
    ]);
    const later = [nearly, nearly, nearly, stable, nearly, nearly, nearly, enough].map((m) =>
      tracker.update(m),
    );
    expect(later).toEqual([
      'trending',
      'trending',
      'trending',
      'stable',
      'stable',
      'stable',
      'stable', // a lead of 0.125 is less than the margin
      'trending', // a lead of 0.25 is the margin
    ]);
  });

  test('does not flap when the features oscillate at a boundary', () => {
    for (const [centre, swing] of [
      [0.3, 0.009],
      [0.7, 0.019],
    ]) {
      const tracker = new RegimeTracker({ margin: 0.1, minimumDwell: 1 });
      const names: string[] = [];
      for (let step = 0; step < 1000; step += 1) {
        const volatility = centre + (step % 2 === 0 ? swing : -swing);
        names.push(
          tracker.update(regimeMemberships({ volatility, trendClarity: 0.1, normalizedVolume: 1 })),
        );
      }
      // The memberships lead each other by up to 0.095 in turn: below the margin.
      expect(countSwitches(names), `around ${centre}`).toBe(0);
    }
  });

  test('switches when the market really moves on', () => {
    const tracker = new RegimeTracker();
    const at = (volatility: number) =>
      tracker.update(regimeMemberships({ volatility, trendClarity: 0.1, normalizedVolume: 1 }));
    const names: string[] = [];
    for (let step = 0; step <= 100; step += 1) names.push(at(step / 100));
    for (let step = 100; step >= 0; step -= 1) names.push(at(step / 100));
    expect(names.filter((name, i) => i === 0 || name !== names[i - 1])).toEqual([
      'stable',
      'volatile',
      'crisis',
      'volatile',
      'stable',
    ]);
  });

  test('switches at most (T − 1)/minimumDwell times, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(memberships, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        (steps, minimumDwell, margin) => {
          const tracker = new RegimeTracker({ margin, minimumDwell });
          const names = steps.map((step) => tracker.update(step));
          expect(countSwitches(names)).toBeLessThanOrEqual((steps.length - 1) / minimumDwell);
        },
      ),
    );
  });

  test('refuses bad memberships by code and keeps its state', () => {
    const tracker = new RegimeTracker();
    tracker.update([0, 1, 0, 0]);
    const before = tracker.snapshot();
    for (const bad of [
      [NaN, 0, 0, 1],
      [0, 0, 0, 0],
      [1, 1, 0, 0],
      [2, -1, 0, 0],
      [0, 0, Infinity, 0],
    ]) {
      expect(codeOf(() => tracker.update(bad))).toBe('INVALID_MEMBERSHIPS');
    }
    expect(codeOf(() => tracker.update([]))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => tracker.update([1, 0, 0, 0, 0]))).toBe('LENGTH_MISMATCH');
    expect(tracker.snapshot()).toEqual(before);
  });

  test('refuses impossible options', () => {
    for (const options of [
      { margin: 0 },
      { margin: -0.1 },
      { margin: 1.1 },
      { margin: NaN },
      { minimumDwell: 0 },
      { minimumDwell: 1.5 },
      { minimumDwell: Infinity },
    ]) {
      expect(codeOf(() => new RegimeTracker(options))).toBe('INVALID_OPTION');
    }
  });

  test('restored from a snapshot continues as the original, before its first update too', () => {
    const histories = fc.array(memberships, { maxLength: 30 });
    fc.assert(
      fc.property(histories, histories, (before, after) => {
        const tracker = new RegimeTracker({ margin: 0.05, minimumDwell: 3 });
        for (const step of before) tracker.update(step);
        const twin = RegimeTracker.restore(tracker.snapshot());
        expect(twin.snapshot()).toStrictEqual(tracker.snapshot());
        for (const step of after) expect(twin.update(step)).toBe(tracker.update(step));
        expect(twin.snapshot()).toStrictEqual(tracker.snapshot());
      }),
    );
  });

  test('is refused when the snapshot could not be one', () => {
    const tracker = new RegimeTracker();
    const fresh = tracker.snapshot();
    tracker.update([0, 1, 0, 0]);
    const good = tracker.snapshot();
    const broken: unknown[] = [
      undefined,
      [],
      { ...good, regime: 'panic' },
      { ...good, regime: undefined },
      { ...good, regime: null },
      { ...good, held: 0 },
      { ...good, held: 6 },
      { ...good, held: 1.5 },
      { ...fresh, held: 1 },
      { ...good, margin: '0.1' },
      { ...good, margin: NaN },
      { ...good, minimumDwell: -1 },
    ];
    broken.forEach((snapshot, i) => {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => RegimeTracker.restore(snapshot as typeof good));
      expect(code, `broken snapshot ${i}`).toBe('INVALID_SNAPSHOT');
    });
  });
});
