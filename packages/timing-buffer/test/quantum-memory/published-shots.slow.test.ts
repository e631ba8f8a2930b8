import { beforeAll, describe, expect, test } from 'vitest';
import { decodeShots, parseDetectorErrorModel } from '@sema/simulator/stim';
import { type Decoding, MatchingDecoder } from '@sema/timing-buffer/quantum-memory';
import { QEC_ABSENT, QEC_NOTE, qecBytes, qecText } from './qec-data.ts';

/** A rotated surface code of distance 13, 13 rounds, 1 % noise, from PyMatching's repository. */
const NAME = 'surface_code_rotated_memory_x_13_0.01';
const EXACT = 'no_buckets';

describe.skipIf(QEC_ABSENT)(`the published shots of PyMatching${QEC_NOTE}`, () => {
  const found: Decoding[] = [];
  let flipped: number[] = [];

  beforeAll(() => {
    const model = parseDetectorErrorModel(qecText(`${NAME}.dem`));
    const decoder = new MatchingDecoder(model);
    const { detectors, observables } = model;
    const shots = decodeShots(qecBytes(`${NAME}_1000_shots.b8`), detectors + observables);
    for (let shot = 0; shot < shots.shots; shot++) {
      found.push(decoder.decode(shots.ones(shot).filter((bit) => bit < detectors)));
    }
    flipped = Array.from(found, (_, shot) => shots.get(shot, detectors));
  });

  test('all 1000 solution weights are those of its exact matching', () => {
    const weights = numbersOf('weights');
    expect(weights).toHaveLength(1000);
    expect(found).toHaveLength(1000);
    // Weights are sums of some 200 numbers near 5: rounding is far below this.
    found.forEach(({ weight }, shot) =>
      expect(Math.abs(weight - weights[shot])).toBeLessThan(1e-9),
    );
  });

  test('all 1000 predictions are its own, 477 of them flips', () => {
    const predictions = numbersOf('predictions');
    expect(predictions.filter((bit) => bit === 1)).toHaveLength(477);
    expect(found.map(({ observables }) => observables)).toEqual(predictions);
  });

  test('44 of them are wrong, and those are logical errors', () => {
    expect(found.filter(({ observables }, shot) => observables !== flipped[shot])).toHaveLength(44);
  });

  function numbersOf(what: 'weights' | 'predictions'): number[] {
    const text = qecText(`${NAME}_1000_shots_${EXACT}_${what}_pymatchingv0.7_exact.txt`);
    return text.trim().split('\n').map(Number);
  }
});
