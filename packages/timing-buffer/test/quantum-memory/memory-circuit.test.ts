import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { demErrors, extractErrors, parseStimCircuit, simulateStim } from '@sema/simulator/stim';
import {
  type CheckLayout,
  cycleNoise,
  memoryCircuit,
  NOISELESS,
  perCycleError,
  repetitionLayout,
  rotatedSurfaceLayout,
  sampleMemory,
  shortestCycleNs,
  TRANSMON,
} from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';

const NOISY = {
  ...NOISELESS,
  oneQubitGate: 0.001,
  twoQubitGate: 0.001,
  measurement: 0.001,
  reset: 0.001,
  idle: { ...NOISELESS.idle, between: { x: 0.001, y: 0.001, z: 0.001 } },
};

describe.each([3, 5, 7])('the rotated surface code of distance %i', (distance) => {
  const layout = rotatedSurfaceLayout(distance);

  test('has d² data qubits and d² − 1 checks, half of each kind', () => {
    expect(layout.data).toBe(distance * distance);
    const ofX = layout.checks.filter(({ basis }) => basis === 'X');
    expect(layout.checks).toHaveLength(distance * distance - 1);
    expect(ofX).toHaveLength((distance * distance - 1) / 2);
  });

  test.each(['X', 'Z'] as const)('keeps %s: without noise nothing fires', (basis) => {
    const circuit = parseStimCircuit(memoryCircuit(layout, NOISELESS, { basis, cycles: 3 }));
    for (let seed = 0; seed < 5; seed++) {
      const { detectors, observables } = simulateStim(circuit, {
        noise: false,
        random: mulberry32(seed),
      });
      expect(detectors.some((bit) => bit === 1)).toBe(false);
      expect(observables[0]).toBe(0);
    }
  });

  test.each(['X', 'Z'] as const)('needs d faults of gates to flip %s unseen', (basis) => {
    expect(fewestFaults(layout, basis)).toBe(distance);
  });
});

test('no two checks touch a qubit at once', () => {
  for (const { checks } of [rotatedSurfaceLayout(5), repetitionLayout('bit-flip', 5)]) {
    for (let step = 0; step < checks[0].touches.length; step++) {
      const touched = checks.map(({ touches }) => touches[step]).filter((q) => q !== undefined);
      expect(new Set(touched).size).toBe(touched.length);
    }
  }
});

/** Errors on a path from boundary to boundary that flips the observable an odd number of times. */
function fewestFaults(layout: CheckLayout, basis: 'X' | 'Z'): number {
  const model = extractErrors(parseStimCircuit(memoryCircuit(layout, NOISY, { basis, cycles: 4 })));
  const boundary = model.detectors;
  const next: { to: number; flips: number }[][] = Array.from({ length: boundary + 1 }, () => []);
  for (const { components } of demErrors(model)) {
    const [{ detectors, observables }] = components;
    expect(detectors.length).toBeLessThanOrEqual(2);
    const [a, b = boundary] = detectors;
    next[a].push({ to: b, flips: observables.length });
    next[b].push({ to: a, flips: observables.length });
  }
  const faults = new Map([[2 * boundary, 0]]);
  const queue = [2 * boundary];
  for (const at of queue) {
    for (const { to, flips } of next[at >> 1]) {
      const place = 2 * to + ((at & 1) ^ flips);
      if (faults.has(place)) continue;
      faults.set(place, (faults.get(at) ?? 0) + 1);
      queue.push(place);
    }
  }
  return faults.get(2 * boundary + 1) ?? Infinity;
}

describe('a repetition code under bit flips alone fails at the binomial rate', () => {
  const p = 0.1;
  const noise = { ...NOISELESS, idle: { ...NOISELESS.idle, between: { x: p, y: 0, z: 0 } } };

  test.each([3, 5, 7, 9])('of %i qubits, within its 95 % interval', (distance) => {
    const layout = repetitionLayout('bit-flip', distance);
    const counts = [4, 8, 16].map((cycles) =>
      sampleMemory(layout, noise, { basis: 'Z', cycles, shots: 2000, random: mulberry32(cycles) }),
    );
    let theory = 0;
    for (let k = (distance + 1) / 2; k <= distance; k++) {
      theory += choose(distance, k) * p ** k * (1 - p) ** (distance - k);
    }
    const { low, high } = perCycleError(counts);
    // Four intervals of 95 %: one misses in 19 % of seeds, and not with these.
    expect(low).toBeLessThanOrEqual(theory);
    expect(high).toBeGreaterThanOrEqual(theory);
  });

  test('and does nothing against phase flips: n times as many', () => {
    const phases = { ...noise, idle: { ...noise.idle, between: { x: 0, y: 0, z: 0.01 } } };
    const [shots, random] = [20_000, mulberry32(2)];
    const layout = repetitionLayout('bit-flip', 5);
    const { failures } = sampleMemory(layout, phases, { basis: 'X', cycles: 1, shots, random });
    const rate = (1 - (1 - 2 * 0.01) ** 5) / 2;
    // Five standard deviations: a false alarm once in 1.7 million seeds.
    expect(Math.abs(failures - shots * rate)).toBeLessThan(5 * Math.sqrt(shots * rate));
  });
});

test('the noise of a cycle is that of the machine, and waiting fills what is left of it', () => {
  const layout = rotatedSurfaceLayout(3);
  const shortest = shortestCycleNs(TRANSMON, layout);
  expect(shortest).toBe(160 + 2 * 25 + 4 * 42 + 500);
  expect(cycleNoise(TRANSMON, layout, shortest).idle.between).toEqual({ x: 0, y: 0, z: 0 });
  const { idle, twoQubitGate } = cycleNoise(TRANSMON, layout, 1100);
  expect(twoQubitGate).toBe(3.3e-3);
  expect(idle.between.x).toBeCloseTo((1100 - shortest) / 68e3 / 4, 5);
  for (const bad of [shortest - 1, NaN, Infinity]) {
    expectCode('DURATION_OUT_OF_RANGE', () => cycleNoise(TRANSMON, layout, bad));
  }
  const broken = { ...TRANSMON, measurement: { timeNs: 500, error: 1.5 } };
  expectCode('PROBABILITY_OUT_OF_RANGE', () => cycleNoise(broken, layout, 1100));
});

test('numbers of cycles and distances that cannot be are refused', () => {
  const layout = repetitionLayout('phase-flip', 3);
  for (const cycles of [0, -1, 1.5, 1_000_001, NaN, Infinity]) {
    expectCode('CYCLES_OUT_OF_RANGE', () => memoryCircuit(layout, NOISY, { basis: 'Z', cycles }));
  }
  for (const distance of [1, 4, 51, NaN]) {
    expectCode('DISTANCE_OUT_OF_RANGE', () => rotatedSurfaceLayout(distance));
  }
});

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
