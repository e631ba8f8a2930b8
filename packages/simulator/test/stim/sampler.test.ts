import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import {
  decodeShots,
  demErrors,
  type DetectorErrorModel,
  extractErrors,
  parseStimCircuit,
  ShotTable,
  simulateStim,
  StimSampler,
} from '@sema/simulator/stim';
import { golden } from './golden/golden.ts';
import { QEC_ABSENT, QEC_NOTE, qecBytes, qecText } from './qec-data.ts';

/** How often each detector and observable fires: (1 − Π (1 − 2p)) / 2 over the errors on it. */
function ratesOf(model: DetectorErrorModel) {
  const detectors = new Float64Array(model.detectors).fill(1);
  const observables = new Float64Array(model.observables).fill(1);
  for (const { probability, components } of demErrors(model)) {
    for (const d of components[0].detectors) detectors[d] *= 1 - 2 * probability;
    for (const l of components[0].observables) observables[l] *= 1 - 2 * probability;
  }
  return {
    detectors: detectors.map((x) => (1 - x) / 2),
    observables: observables.map((x) => (1 - x) / 2),
  };
}

/** The largest distance of counts from shots · rate, in standard deviations. */
function largestDeviation(counts: ArrayLike<number>, shots: number, rates: ArrayLike<number>) {
  let largest = 0;
  for (let i = 0; i < counts.length; i++) {
    const deviation = Math.sqrt(shots * rates[i] * (1 - rates[i]));
    largest = Math.max(largest, Math.abs(counts[i] - shots * rates[i]) / deviation);
  }
  return largest;
}

/** With at most 700 rates a test, one beyond this comes up in less than one seed of 2000. */
const SIGMAS = 5;

describe('errors extracted from a circuit are those that Stim finds', () => {
  for (const [name, { text, errors }] of Object.entries(golden.generated)) {
    test(name, () => {
      const model = extractErrors(parseStimCircuit(text));
      const found = new Map(
        [...demErrors(model)].map(({ probability, components: [part] }) => [
          `${part.detectors.join(' ')} L ${part.observables.join(' ')}`,
          probability,
        ]),
      );
      expect(found.size).toBe(errors.length);
      for (const [probability, detectors, observables] of errors) {
        // The golden numbers have 15 digits, and errors are joined in another order.
        const own = found.get(`${detectors.join(' ')} L ${observables.join(' ')}`) ?? NaN;
        expect(Math.abs(own - probability)).toBeLessThan(1e-13);
      }
    });
  }
});

describe('detectors fire at the rates that Stim computes', () => {
  for (const [name, { text, errors }] of Object.entries(golden.generated)) {
    test(name, () => {
      const circuit = parseStimCircuit(text);
      const { detectors, observables } = new StimSampler(circuit).sampleDetectors(
        20_000,
        mulberry32(11),
      );
      const instructions = errors.map(([probability, d, l]) => ({
        kind: 'error' as const,
        probability,
        components: [{ detectors: d, observables: l }],
      }));
      const rates = ratesOf({ ...circuit, instructions, errors: errors.length });
      expect(largestDeviation(detectors.counts(), 20_000, rates.detectors)).toBeLessThan(SIGMAS);
      const logical = largestDeviation(observables.counts(), 20_000, rates.observables);
      // An observable that is not named has rate 0 and deviation 0 / 0.
      expect(logical > SIGMAS).toBe(false);
    });
  }
});

describe(`surface codes of the data folder${QEC_NOTE}`, () => {
  for (const [name, { errors, rates }] of Object.entries(golden.circuits)) {
    test.skipIf(QEC_ABSENT)(`${name}: as many errors as Stim, equal rates, equal shots`, () => {
      const circuit = parseStimCircuit(qecText(name));
      const model = extractErrors(circuit);
      expect(model.errors).toBe(errors);
      const own = ratesOf(model);
      // The golden rates are rounded to 12 places.
      own.detectors.forEach((rate, d) => {
        expect(rate).toBeCloseTo(rates.detectors[d], 11);
      });
      expect(own.observables[0]).toBeCloseTo(rates.observables[0], 11);
      const shots = 4096;
      const sampled = new StimSampler(circuit).sampleDetectors(shots, mulberry32(5));
      expect(largestDeviation(sampled.detectors.counts(), shots, rates.detectors)).toBeLessThan(
        SIGMAS,
      );
    });

    test.skipIf(QEC_ABSENT)(`${name}: without noise no detector fires`, () => {
      const circuit = parseStimCircuit(qecText(name));
      for (const seed of [1, 2]) {
        const run = simulateStim(circuit, { noise: false, random: mulberry32(seed) });
        expect(run.detectors.every((bit) => bit === 0)).toBe(true);
        expect(run.observables[0]).toBe(0);
        // The outcomes themselves are open: half of the first round's X checks are coins.
        expect(run.measurements.some((bit) => bit === 1)).toBe(true);
      }
    });
  }

  test.skipIf(QEC_ABSENT)('the 1000 recorded shots fire at the rates of their model', () => {
    const { rates } = golden.models['surface_code_rotated_memory_x_13_0.01.dem'];
    const bytes = qecBytes('surface_code_rotated_memory_x_13_0.01_1000_shots.b8');
    const table = decodeShots(bytes, 2184 + 1);
    expect(table.shots).toBe(1000);
    expect(table.bytes).toEqual(new Uint8Array(bytes));
    const expected = [...rates.detectors, ...rates.observables];
    // 2185 rates: one beyond 5 standard deviations in less than one data set of 800.
    expect(largestDeviation(table.counts(), 1000, expected)).toBeLessThan(SIGMAS);
  });
});

/** Measurement records of a circuit, most often seen first, from both simulators. */
const MIXED = `
  H 0
  CX 0 1
  S 1
  DEPOLARIZE2(0.2) 0 1
  SQRT_YY 1 2
  PAULI_CHANNEL_1(0.1, 0.15, 0.05) 2
  MR(0.1) !1
  CY rec[-1] 2
  E(0.3) X0 Z2
  ELSE_CORRELATED_ERROR(0.5) Y1
  MPP Y0*X2
  PAULI_CHANNEL_2(0,0,0.1,0,0,0.2,0,0,0,0.1,0,0,0.1,0,0) 1 2
  C_XYZ 2
  MRY(0.05) 2
  MX 0
  MPAD 1
  MZZ !1 2`;

test('frames and the tableau give the same distribution of measurement records', () => {
  const circuit = parseStimCircuit(MIXED);
  expect(circuit.measurements).toBe(6);
  const shots = 20_000;
  const table = new StimSampler(circuit).sampleMeasurements(shots, mulberry32(3));
  const sampled = new Float64Array(64);
  for (let shot = 0; shot < shots; shot++) sampled[table.bytes[shot]]++;
  const direct = new Float64Array(64);
  const random = mulberry32(4);
  for (let shot = 0; shot < shots; shot++) {
    const { measurements } = simulateStim(circuit, { noise: true, random });
    direct[measurements.reduce((code, bit, index) => code | (bit << index), 0)]++;
  }
  let square = 0;
  let cells = 0;
  for (let code = 0; code < 64; code++) {
    const both = sampled[code] + direct[code];
    if (both === 0) continue;
    cells++;
    square += (sampled[code] - direct[code]) ** 2 / both;
  }
  expect(cells).toBe(32);
  // Chi-squared of 31 degrees of freedom: above 74 once in 50 000 seeds.
  expect(square).toBeLessThan(74);
});

test('certain errors flip exactly what the tableau says', () => {
  const gates = Object.entries(golden.gates);
  const random = mulberry32(8);
  const pick = (count: number) => Math.floor(random.next() * count);
  for (let turn = 0; turn < 200; turn++) {
    // A circuit, an error and the circuit undone: each final outcome is fixed by the error.
    const there: string[] = [];
    const back: string[] = [];
    for (let k = 0; k < 12; k++) {
      const [name, { images }] = gates[pick(gates.length)];
      const a = pick(5);
      const b = (a + 1 + pick(4)) % 5;
      const line = images.length === 2 ? `${name} ${a}` : `${name} ${a} ${b}`;
      // The orders of these gates divide 12.
      there.push(line);
      back.unshift(...Array.from({ length: 11 }, () => line));
    }
    const error = `${'XYZ'[pick(3)]}_ERROR(1) ${pick(5)}\nDEPOLARIZE1(0) ${pick(5)}`;
    const checks = Array.from({ length: 5 }, (_, k) => `DETECTOR rec[-${5 - k}]`);
    const lines = ['R 0 1 2 3 4', ...there, error, ...back, 'M 0 1 2 3 4', ...checks];
    const circuit = parseStimCircuit(lines.join('\n'));
    const truth = simulateStim(circuit, { noise: true, random }).detectors;
    const { detectors } = new StimSampler(circuit).sampleDetectors(40, random);
    const expected = Array.from(truth.keys()).filter((index) => truth[index] === 1);
    for (let shot = 0; shot < 40; shot++) expect(detectors.ones(shot)).toEqual(expected);
  }
});

test('Pauli channels split into independent errors that act the same', () => {
  // Bell pairs tell all 15 errors of a pair apart, so the channel can be read off the model.
  const given = Array.from({ length: 15 }, (_, k) => 0.01 + 0.0005 * k);
  const circuit = parseStimCircuit(`
    H 0 2
    CX 0 1 2 3
    PAULI_CHANNEL_2(${given.join(',')}) 0 2
    CX 0 1 2 3
    H 0 2
    M 0 1 2 3
    DETECTOR rec[-4]
    DETECTOR rec[-3]
    DETECTOR rec[-2]
    DETECTOR rec[-1]`);
  let joint = Float64Array.from({ length: 16 }, (_, pattern) => Number(pattern === 0));
  for (const { probability, components } of demErrors(extractErrors(circuit))) {
    const mask = components[0].detectors.reduce((bits, d) => bits | (1 << d), 0);
    joint = joint.map((p, pattern) => p * (1 - probability) + joint[pattern ^ mask] * probability);
  }
  // X flips the second of a pair, Z the first.
  const patternOf = [0b00, 0b10, 0b11, 0b01];
  given.forEach((p, index) => {
    const pattern = patternOf[(index + 1) >> 2] | (patternOf[(index + 1) & 3] << 2);
    // Sums of 15 logarithms: rounding stays below 1e-14.
    expect(joint[pattern]).toBeCloseTo(p, 13);
  });
});

test('an error that always happens, or never, is sampled so', () => {
  const circuit = parseStimCircuit(
    `X_ERROR(1) 0
X_ERROR(0) 1
M(1) 2
M 0 1
DETECTOR rec[-3]
DETECTOR rec[-2]
DETECTOR rec[-1]`,
  );
  const { detectors } = new StimSampler(circuit).sampleDetectors(1000, mulberry32(1));
  expect([...detectors.counts()]).toEqual([1000, 1000, 0]);
});

test('a rare error happens as often as it should', () => {
  const circuit = parseStimCircuit('REPEAT 1000 {\nX_ERROR(0.00002) 0\nMR 0\nDETECTOR rec[-1]\n}');
  const { detectors } = new StimSampler(circuit).sampleDetectors(50_000, mulberry32(21));
  const total = detectors.counts().reduce((sum, count) => sum + count, 0);
  // Poisson of mean 1000: five standard deviations, a false alarm once in 1.7 million seeds.
  expect(Math.abs(total - 1000)).toBeLessThan(158);
});

test('the same seed gives the same samples, and any number of shots is whole', () => {
  const circuit = parseStimCircuit(golden.generated['repetition_code:memory'].text);
  const sampler = new StimSampler(circuit);
  for (const shots of [0, 1, 31, 33, 2049]) {
    const first = sampler.sampleDetectors(shots, mulberry32(1)).detectors;
    expect(first.shots).toBe(shots);
    expect(sampler.sampleDetectors(shots, mulberry32(1)).detectors).toEqual(first);
  }
});

test('what is not deterministic or no product of errors has no error model', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['NOT_DETERMINISTIC', 'H 0\nM 0\nDETECTOR rec[-1]'],
    ['NOT_DETERMINISTIC', 'RX 0\nM 0\nOBSERVABLE_INCLUDE(0) rec[-1]'],
    ['NOT_DETERMINISTIC', 'MX 0\nM 0\nDETECTOR rec[-1]'],
    ['NOT_EXPRESSIBLE', 'E(0.1) X0\nELSE_CORRELATED_ERROR(0.1) X1\nM 0\nDETECTOR rec[-1]'],
    ['NOT_EXPRESSIBLE', 'DEPOLARIZE1(0.9) 0\nM 0\nDETECTOR rec[-1]'],
    ['NOT_EXPRESSIBLE', 'PAULI_CHANNEL_1(0.2, 0.2, 0) 0\nM 0\nDETECTOR rec[-1]'],
  ];
  for (const [code, text] of refused) {
    const circuit = parseStimCircuit(text);
    expect(() => extractErrors(circuit), text).toThrow(expect.objectContaining({ code }));
  }
});

test('bad shots, bits and bytes are refused with codes', () => {
  const sampler = new StimSampler(parseStimCircuit('M 0\nDETECTOR rec[-1]'));
  for (const shots of [-1, 0.5, NaN, Infinity, 2 ** 40]) {
    expect(() => sampler.sampleDetectors(shots, mulberry32(0)), String(shots)).toThrow(
      expect.objectContaining({ code: 'INVALID_SHOTS' }),
    );
  }
  const attempts: readonly (readonly [string, () => unknown])[] = [
    ['RANDOM_OUT_OF_RANGE', () => sampler.sampleDetectors(1, { next: () => NaN })],
    ['WRONG_LENGTH', () => decodeShots(new Uint8Array(5), 9)],
    ['WRONG_LENGTH', () => decodeShots(Uint8Array.of(0, 4), 9)],
    ['INVALID_BIT_COUNT', () => decodeShots(new Uint8Array(5), 0)],
    ['INVALID_BIT_COUNT', () => new ShotTable(1, NaN)],
    ['BIT_OUT_OF_RANGE', () => new ShotTable(1, 3).get(0, 3)],
    ['INVALID_SHOTS', () => new ShotTable(1, 3).get(1, 0)],
  ];
  for (const [code, attempt] of attempts) {
    expect(attempt).toThrow(expect.objectContaining({ code }));
  }
});
