import { expect, test } from 'vitest';
import { CircuitRecorder } from '../src/circuit-recorder.ts';
import { countingClock } from './counting-clock.ts';

const read = (...measurements: number[]) => ({
  trace: { measurements: Float64Array.from(measurements), coherence: 1, successProbability: 0.9 },
});

test('a window says how far the strangest run was from how its circuit usually looks', () => {
  const recorder = new CircuitRecorder(countingClock());
  for (let run = 0; run < 20; run++) recorder.time('lmsr', () => read(0.7, 0.3, 0, 0));
  const usual = recorder.close().lmsr;
  expect(usual?.count).toBe(20);
  expect(usual?.leastResemblance).toBeCloseTo(1, 12);
  recorder.time('lmsr', () => read(0, 0, 0.5, 0.5));
  recorder.time('lmsr', () => read(0.7, 0.3, 0, 0));
  expect(recorder.close().lmsr?.leastResemblance).toBe(0);
  expect(recorder.close().lmsr).toBeUndefined();
  expect(recorder.close().hedge).toBeUndefined();
});
