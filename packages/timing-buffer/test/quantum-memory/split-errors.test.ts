import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import {
  demErrors,
  extractErrors,
  parseDetectorErrorModel,
  parseStimCircuit,
  StimSampler,
} from '@sema/simulator/stim';
import { MatchingDecoder, splitErrors } from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';
import { QEC_ABSENT, QEC_NOTE, qecText } from './qec-data.ts';

test('a Y error splits into its X and its Z part', () => {
  const model = parseDetectorErrorModel(`
error(0.1) D0 D1 L0
error(0.1) D2
error(0.1) D0
error(0.05) D0 D1 D2 L0`);
  const errors = [...demErrors(splitErrors(model))];
  expect(errors[3]).toEqual({
    probability: 0.05,
    components: [
      { detectors: [0, 1], observables: [0] },
      { detectors: [2], observables: [] },
    ],
  });
  expect(errors.slice(0, 3)).toEqual([...demErrors(model)].slice(0, 3));
  expect(new MatchingDecoder(splitErrors(model)).decode([0, 1, 2]).observables).toBe(1);
});

test('parts must flip the same observables, and what has none is refused', () => {
  const parts = 'error(0.1) D0 D1\nerror(0.1) D2\n';
  for (const whole of ['D0 D1 D2 L0', 'D0 D1 D3', 'D0 D2 D3']) {
    const model = parseDetectorErrorModel(`${parts}error(0.1) ${whole}`);
    expectCode('NOT_MATCHABLE', () => splitErrors(model));
  }
  const many = Array.from({ length: 17 }, (_, d) => `D${d}`);
  const singles = many.map((d) => `error(0.1) ${d}`).join('\n');
  const model = parseDetectorErrorModel(`${singles}\nerror(0.1) ${many.join(' ')}`);
  expectCode('NOT_MATCHABLE', () => splitErrors(model));
});

interface Golden {
  readonly circuit: string;
  readonly shots: number;
  readonly failures: number;
}

const file = path.join(import.meta.dirname, 'golden/failure-rates.json');
// Written by golden/generate.py.
const golden = JSON.parse(readFileSync(file, 'utf8')) as readonly Golden[];

describe.skipIf(QEC_ABSENT)(`circuits of PyMatching's repository${QEC_NOTE}`, () => {
  test.each(golden)('$circuit fails as often as decoded by PyMatching', (each) => {
    const circuit = parseStimCircuit(qecText(each.circuit));
    const model = splitErrors(extractErrors(circuit));
    const shots = 5000;
    const samples = new StimSampler(circuit).sampleDetectors(shots, mulberry32(3));
    const failures = new MatchingDecoder(model).failures(samples);
    const rate = each.failures / each.shots;
    // Four standard deviations: with four circuits a false alarm once in 4000 seeds.
    expect(Math.abs(failures - shots * rate)).toBeLessThan(4 * Math.sqrt(shots * rate));
  });
});
