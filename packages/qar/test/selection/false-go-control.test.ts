import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEAST_EVIDENCE, MOST_EVIDENCE } from '../../src/selection/evidence.ts';
import { FalseGoControl } from '../../src/selection/false-go-control.ts';

const OPTIONS = { target: 0.25, memory: 250, overlap: 1 };

function decide(control: FalseGoControl, evidence: number): boolean {
  return control.wrongShare(evidence) <= control.level;
}

describe('the control of false goes', () => {
  test('lets nothing go before three wrong decisions are known for one in four', () => {
    const control = new FalseGoControl(OPTIONS);
    expect(control.wrongShare(MOST_EVIDENCE)).toBe(1);
    for (let i = 0; i < 3; i++) {
      expect(decide(control, MOST_EVIDENCE)).toBe(false);
      control.learn(0, false);
    }
    // One more than three fading: (0 + 1)/(2.99 + 1) is just above one in four.
    control.learn(0, false);
    expect(decide(control, MOST_EVIDENCE)).toBe(true);
    expect(decide(control, 0)).toBe(false);
  });

  test('says what share of the wrong had no less evidence, itself counted in', () => {
    const control = new FalseGoControl({ ...OPTIONS, memory: 1e6 });
    for (let i = 0; i < 9; i++) control.learn(i < 4 ? 0 : 3, false);
    expect(control.wrongShare(1)).toBeCloseTo((5 + 1) / 10, 4);
    expect(control.wrongShare(4)).toBeCloseTo(1 / 10, 4);
    expect(control.wrongShare(LEAST_EVIDENCE)).toBe(1);
  });

  test('more evidence never has the larger share', () => {
    const random = mulberry32(1);
    const control = new FalseGoControl(OPTIONS);
    for (let i = 0; i < 500; i++) control.learn(3 * random.next(), false);
    let last = 1;
    for (let e = LEAST_EVIDENCE; e <= MOST_EVIDENCE; e += 0.01) {
      expect(control.wrongShare(e)).toBeLessThanOrEqual(last);
      last = control.wrongShare(e);
    }
  });

  test.each([0.1, 0.25, 0.5])('of wrong decisions alike the share %f goes', (target) => {
    const random = mulberry32(17);
    const control = new FalseGoControl({ ...OPTIONS, target });
    let went = 0;
    const wrong = 4000;
    for (let i = 0; i < wrong; i++) {
      const evidence = 4 * random.next() * random.next();
      const goes = decide(control, evidence);
      if (goes) went++;
      control.learn(evidence, goes);
    }
    // Four standard deviations of independent draws, though the level makes them steadier: a false
    // alarm in 15 000.
    expect(Math.abs(went / wrong - target)).toBeLessThan(4 * Math.sqrt(0.25 / wrong));
  });

  test('over any sequence of markets the share is within the stated bound of the target', () => {
    const step = 0.05;
    const stretch = fc.record({
      length: fc.integer({ min: 1, max: 300 }),
      from: fc.double({ min: LEAST_EVIDENCE, max: MOST_EVIDENCE, noNaN: true }),
      slope: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      contrary: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0.1, 0.25, 0.5),
        (stretches, overlap, target) => {
          const control = new FalseGoControl({ target, memory: 50, overlap });
          // Known before, so that every decision counts.
          for (let i = 0; i < 10 * overlap; i++) control.learn(0, false);
          const first = control.level;
          const open: { evidence: number; went: boolean }[] = [];
          let went = 0;
          let wrong = 0;
          const settle = (): void => {
            const decision = open.shift();
            if (decision === undefined) return;
            control.learn(decision.evidence, decision.went);
            wrong++;
            if (decision.went) went++;
          };
          for (const { length, from, slope, contrary } of stretches) {
            for (let i = 0; i < length; i++) {
              // The contrary market gives the most evidence whenever that goes, else the least.
              const most = contrary && decide(control, MOST_EVIDENCE);
              const drifting = Math.min(MOST_EVIDENCE, Math.max(LEAST_EVIDENCE, from + slope * i));
              const evidence = contrary ? (most ? MOST_EVIDENCE : LEAST_EVIDENCE) : drifting;
              open.push({ evidence, went: decide(control, evidence) });
              if (open.length > overlap) settle();
            }
          }
          while (open.length > 0) settle();
          // The level starts off its target by what was learned beforehand.
          const started = Math.abs(first - target) * (overlap / step);
          const bound = (overlap / step) * (1 + (step / overlap) * (overlap + 1)) + started;
          expect(Math.abs(went - target * wrong)).toBeLessThanOrEqual(bound + 1e-9);
        },
      ),
    );
  });

  test('goes on bit for bit where it was restored, and refuses what no run leaves', () => {
    const random = mulberry32(2);
    const control = new FalseGoControl(OPTIONS);
    for (let i = 0; i < 300; i++) control.learn(4 * random.next(), random.next() < 0.3);
    const restored = FalseGoControl.restore(OPTIONS, control.snapshot());
    control.learn(1, true);
    restored.learn(1, true);
    expect(restored.snapshot()).toEqual(control.snapshot());
    const negative = control.snapshot();
    negative[5] = -1;
    const heavy = control.snapshot().fill(100, 1);
    const adrift = control.snapshot().fill(3, 0, 1);
    for (const state of [undefined, {}, new Float64Array(3), negative, heavy, adrift]) {
      expect(() => FalseGoControl.restore(OPTIONS, state)).toThrow(/false goes/);
    }
  });
});
