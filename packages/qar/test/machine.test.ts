import type { RandomSource } from '@sema/simulator';
import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import type { ConfigurationOverrides } from '../src/configuration.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import { fuseAmplitudes } from '../src/fusion.ts';
import { machineWithout, PerfectMachine } from '../src/machine.ts';
import type { MachineMaker } from '../src/machine.ts';
import { noisyMachine } from '../src/noisy-machine.ts';
import type { MachineNoise } from '../src/noisy-machine.ts';
import type { DecisionReceipt } from '../src/receipt.ts';
import { DEFAULT_QUBITS } from '../src/resources/qubit-shares.ts';
import { FeedbackOperator } from '@sema/learning';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const candles = syntheticCandles(320, 11);
const CORE = { qubits: [0, 1, 2, 3, 4] };
const FILTERS = [
  Float64Array.of(0.4, 0.49, 0.6),
  Float64Array.of(0.2, 0.3, 0.5),
  Float64Array.of(0.45, 0.5, 0.55),
];

function decisions(machine?: MachineMaker, qubits: ConfigurationOverrides['qubits'] = {}) {
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252 };
  const configuration = engineConfiguration({ ...required, path: 'quantum' }, { qubits });
  using engine = new Engine(configuration, {
    clock: countingClock(),
    ...(machine !== undefined && { machine }),
  });
  const receipts: DecisionReceipt[] = [];
  for (let end = 255; end < candles.length; end++) {
    receipts.push(engine.step(candles, end, { now: candles.time[end] + DAY_MS }).receipt);
  }
  return receipts;
}

function noisy(noise: Partial<MachineNoise>, random: RandomSource = mulberry32(5)): MachineMaker {
  return noisyMachine({ gateError: 0, readoutError: 0, shots: null, ...noise }, random);
}

/** With outcomes behind it, so that it turns something. */
function experienced(): FeedbackOperator {
  const feedback = new FeedbackOperator({ regime: 'stable', actions: 3 });
  for (let k = 0; k < 20; k++) feedback.record(2, true);
  for (let k = 0; k < 20; k++) feedback.record(0, false);
  return feedback;
}

function fused(maker: MachineMaker, feedback = experienced()): Float64Array {
  using machine = maker(DEFAULT_QUBITS);
  return machine.fuse(FILTERS, 'none', feedback, CORE).preferences;
}

function farthest(left: ArrayLike<number>, right: ArrayLike<number>): number {
  return Math.max(...Array.from(left, (value, k) => Math.abs(value - right[k])));
}

const perfect: MachineMaker = (settings) => new PerfectMachine(settings);

describe('a machine that errs', () => {
  test.each(['none', 'always'] as const)(
    'decides as one without errors does where it makes none and is read exactly (marks: %s)',
    (entanglement) => {
      const ideal = decisions(undefined, { entanglement });
      decisions(noisy({}), { entanglement }).forEach((receipt, k) => {
        expect(receipt.fallback).toBeNull();
        expect(receipt.verdict?.action).toBe(ideal[k].verdict?.action);
        const { preferences } = receipt.verdict ?? { preferences: [] };
        // Circuits of some ten gates, each right to 1e-16; the square roots of what is read.
        expect(farthest(preferences, ideal[k].verdict?.preferences ?? [])).toBeLessThan(1e-9);
      });
    },
  );

  test('is off by no more than shots explain when it is read so many times', () => {
    // Standard error 0.5/√100 000; five of them fail once in a million draws, and six are drawn.
    const exact = fused(perfect);
    const shots = fused(noisy({ shots: 100_000 }));
    expect(farthest(shots, exact)).toBeLessThan((5 * 0.5) / Math.sqrt(100_000 * 0.2));
    expect(farthest(shots, exact)).toBeGreaterThan(0);
  });

  test('loses more the more its gates and its read-out err, down to nothing known', () => {
    const exact = fused(perfect);
    const off = (noise: Partial<MachineNoise>) => farthest(fused(noisy(noise)), exact);
    const byGates = [0, 0.001, 0.01, 0.1].map((gateError) => off({ gateError }));
    const byReadout = [0, 0.001, 0.01, 0.1].map((readoutError) => off({ readoutError }));
    for (const losses of [byGates, byReadout]) {
      expect(losses).toEqual([...losses].sort((left, right) => left - right));
      expect(losses[0]).toBeLessThan(1e-12);
      expect(losses[3]).toBeGreaterThan(1e-3);
    }
    // Read at random, every state is as likely.
    for (const share of fused(noisy({ readoutError: 0.5 }))) expect(share).toBeCloseTo(1 / 3, 12);
  });

  test('errs the same way again from the same seed, and another way from another', () => {
    const run = (seed: number) =>
      decisions(noisy({ gateError: 0.01, shots: 100 }, mulberry32(seed))).map(
        ({ verdict }) => verdict?.preferences,
      );
    const [first, again, other] = [run(7), run(7), run(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('leaves the decision to the twin when nothing was selected', () => {
    // One reading of a fusion whose marks are seldom at 0.
    const receipts = decisions(noisy({ shots: 1 }, mulberry32(3)));
    const fallen = receipts.filter(({ fallback }) => fallback !== null);
    expect(fallen.length).toBeGreaterThan(0);
    for (const { path, verdict } of fallen) {
      expect(path).toBe('twin');
      expect(verdict?.preferences.every(Number.isFinite)).toBe(true);
    }
  });

  test.each([0, -1, 1.5, NaN, 1_000_001])('is refused with %s shots', (shots) => {
    expect(() => noisy({ shots })).toThrow(expect.objectContaining({ code: 'BAD_SAMPLE' }));
  });

  test.each([-0.1, 1.1, NaN])('is refused with gates that err with probability %s', (gateError) => {
    expect(() => noisy({ gateError })).toThrow(
      expect.objectContaining({ code: 'INVALID_PROBABILITY' }),
    );
  });
});

describe('a machine without a part', () => {
  test('fuses the other filters as their logarithmic pool does', () => {
    const fresh = new FeedbackOperator({ regime: 'stable', actions: 3 });
    for (const [index, part] of (['lmsr', 'prospect', 'hedge'] as const).entries()) {
      const pool = fuseAmplitudes(FILTERS.filter((_, k) => k !== index));
      const expected = [0, 1, 2].map((action) => pool[action] * pool[action]);
      expect(farthest(fused(machineWithout(part), fresh), expected)).toBeLessThan(1e-14);
    }
  });

  test('turns nothing where it has no feedback, and something where it has', () => {
    const pool = fuseAmplitudes(FILTERS);
    const expected = [0, 1, 2].map((action) => pool[action] * pool[action]);
    expect(farthest(fused(machineWithout('feedback')), expected)).toBeLessThan(1e-14);
    expect(farthest(fused(perfect), expected)).toBeGreaterThan(0.01);
  });
});
