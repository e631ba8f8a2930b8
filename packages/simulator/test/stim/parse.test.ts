import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SimulatorError } from '@sema/simulator';
import { cliffordFromPaulis } from '@sema/simulator/stabilizer';
import {
  demErrors,
  parseDetectorErrorModel,
  parseStimCircuit,
  STIM_LIMITS,
  StimError,
} from '@sema/simulator/stim';
import { golden } from './golden/golden.ts';
import { QEC_ABSENT, QEC_NOTE, qecText } from './qec-data.ts';

test('every Clifford gate of Stim, by each of its names, maps Paulis as Stim says', () => {
  for (const { aliases, images } of Object.values(golden.gates)) {
    const map = cliffordFromPaulis(images);
    for (const alias of aliases) {
      const targets = map.qubits === 1 ? '0' : '0 1';
      const [gate] = parseStimCircuit(`${alias.toLowerCase()} ${targets}`).instructions;
      expect(gate, alias).toMatchObject({ kind: 'gate', map });
    }
  }
});

describe(`Stim files of the data folder${QEC_NOTE}`, () => {
  for (const [name, { errors: _, rates: __, ...counts }] of Object.entries(golden.circuits)) {
    test.skipIf(QEC_ABSENT)(`${name} has the counts that Stim finds`, () => {
      expect(parseStimCircuit(qecText(name))).toMatchObject(counts);
    });
  }

  for (const [name, { rates, ...counts }] of Object.entries(golden.models)) {
    test.skipIf(QEC_ABSENT)(`${name} has the counts and firing rates that Stim finds`, () => {
      const model = parseDetectorErrorModel(qecText(name));
      expect(model).toMatchObject(counts);
      const detectors = new Float64Array(model.detectors).fill(1);
      const observables = new Float64Array(model.observables).fill(1);
      let errors = 0;
      for (const { probability, components } of demErrors(model)) {
        errors++;
        // A detector named in two components is flipped twice: the square is put right below.
        const flips = new Map<string, number>();
        for (const component of components) {
          for (const d of component.detectors) flips.set(`D${d}`, (flips.get(`D${d}`) ?? 0) + 1);
          for (const l of component.observables) flips.set(`L${l}`, (flips.get(`L${l}`) ?? 0) + 1);
        }
        for (const [key, times] of flips) {
          const rows = key.startsWith('D') ? detectors : observables;
          if (times % 2 === 1) rows[Number(key.slice(1))] *= 1 - 2 * probability;
        }
      }
      expect(errors).toBe(counts.errors);
      // The golden rates are rounded to 12 places.
      detectors.forEach((x, d) => expect((1 - x) / 2).toBeCloseTo(rates.detectors[d], 11));
      observables.forEach((x, l) => expect((1 - x) / 2).toBeCloseTo(rates.observables[l], 11));
    });
  }
});

test('an instruction of each form is read', () => {
  const text = `
    QUBIT_COORDS(1, -2.5) 0 # a comment
    R[a tag (with anything but its end]  0 1 2\r
    cx 0 1 rec[-1] 2
  `;
  expect(() => parseStimCircuit(text)).toThrow(
    expect.objectContaining({ code: 'STIM_MEANING', line: 4, column: 12 }),
  );
  const circuit =
    parseStimCircuit(`M(0.25) !0 1\nCX 0 1 rec[-2] 2 2 0\nCZ 3 rec[-1]\nMPP !X0*!Y1*!Z5 Z2
REPEAT 3 {
  MPAD 0 1
  DETECTOR(1) rec[-1] rec[-2]
}
TICK
OBSERVABLE_INCLUDE(4) rec[-10]`);
  expect(circuit).toMatchObject({ qubits: 6, measurements: 10, detectors: 3, observables: 5 });
  const [m, cx, feedback, cx2, feedback2, mpp, repeat] = circuit.instructions;
  expect(m).toMatchObject({ flipProbability: 0.25, qubits: [0, 1], inverted: [true, false] });
  expect(cx).toMatchObject({ kind: 'gate', name: 'CX', qubits: [0, 1] });
  expect(feedback).toEqual({ kind: 'feedback', pauli: 'X', lookback: 2, qubit: 2 });
  expect(cx2).toMatchObject({ qubits: [2, 0] });
  expect(feedback2).toEqual({ kind: 'feedback', pauli: 'Z', lookback: 1, qubit: 3 });
  expect(mpp).toMatchObject({
    products: [
      {
        factors: [
          { qubit: 0, pauli: 'X' },
          { qubit: 1, pauli: 'Y' },
          { qubit: 5, pauli: 'Z' },
        ],
        inverted: true,
      },
      { factors: [{ qubit: 2, pauli: 'Z' }], inverted: false },
    ],
  });
  expect(repeat).toMatchObject({ kind: 'repeat', count: 3 });
});

test('shifted and repeated errors are numbered from the start of the model', () => {
  const model = parseDetectorErrorModel(`
    error(0.1) D0 ^ D2 L1
    REPEAT 3 {
      shift_detectors(0, 1) 2
      repeat 2 {
        error(0.2) D1
        shift_detectors 1
      }
    }
    detector(1, 2) D0
    logical_observable L4`);
  expect(model).toMatchObject({ detectors: 13, observables: 5, errors: 7 });
  const detectors = [...demErrors(model)].map((error) =>
    error.components.map((component) => component.detectors),
  );
  expect(detectors).toEqual([[[0], [2]], ...[[[3]], [[4]], [[7]], [[8]], [[11]], [[12]]]]);
});

const LONG = '9'.repeat(400);

test('a text that is wrong is refused with its place', () => {
  const wrong: readonly (readonly [string, string, number, number])[] = [
    ['H 0\n  FOO 1', 'STIM_SYNTAX', 2, 3],
    ['H 0 x', 'STIM_SYNTAX', 1, 5],
    ['H -1', 'STIM_SYNTAX', 1, 3],
    ['H !1', 'STIM_SYNTAX', 1, 3],
    ['H(0.1) 0', 'STIM_SYNTAX', 1, 1],
    ['H 0 }', 'STIM_SYNTAX', 1, 5],
    ['3', 'STIM_SYNTAX', 1, 1],
    ['CX 0', 'STIM_SYNTAX', 1, 4],
    ['CX 0 0', 'STIM_MEANING', 1, 6],
    ['CX 0 rec[-1]', 'STIM_SYNTAX', 1, 6],
    ['X_ERROR 0', 'STIM_SYNTAX', 1, 1],
    ['X_ERROR(1.5) 0', 'STIM_MEANING', 1, 1],
    ['X_ERROR(-0.5) 0', 'STIM_MEANING', 1, 1],
    ['X_ERROR(0.1, nan) 0', 'STIM_SYNTAX', 1, 14],
    ['X_ERROR(1e999) 0', 'STIM_SYNTAX', 1, 9],
    ['X_ERROR(0.1 0', 'STIM_SYNTAX', 1, 1],
    ['PAULI_CHANNEL_1(0.5, 0.4, 0.2) 0', 'STIM_MEANING', 1, 1],
    ['DEPOLARIZE2(0.1) 4 4', 'STIM_MEANING', 1, 20],
    ['M 0\nDETECTOR rec[-2]', 'STIM_MEANING', 2, 10],
    ['M 0\nDETECTOR rec[1]', 'STIM_SYNTAX', 2, 10],
    ['M 0\nDETECTOR rec[-0]', 'STIM_MEANING', 2, 10],
    ['M 0\nDETECTOR 0', 'STIM_SYNTAX', 2, 10],
    ['OBSERVABLE_INCLUDE(0.5)', 'STIM_MEANING', 1, 1],
    ['OBSERVABLE_INCLUDE(0) X3', 'STIM_UNSUPPORTED', 1, 23],
    ['MPP X1*X1', 'STIM_UNSUPPORTED', 1, 5],
    ['MPP X1*Q2', 'STIM_SYNTAX', 1, 5],
    ['CX sweep[0] 1', 'STIM_UNSUPPORTED', 1, 4],
    ['SPP X1', 'STIM_UNSUPPORTED', 1, 1],
    ['MPAD 2', 'STIM_SYNTAX', 1, 6],
    ['REPEAT 2 {\nH 0', 'STIM_SYNTAX', 1, 1],
    ['H 0\n}', 'STIM_SYNTAX', 2, 1],
    ['REPEAT 0 {\n}', 'STIM_MEANING', 1, 8],
    ['REPEAT 2\n{\n}', 'STIM_SYNTAX', 1, 1],
    ['H {\n}', 'STIM_SYNTAX', 1, 1],
    ['REPEAT 2 { H 0', 'STIM_SYNTAX', 1, 10],
    [`H ${LONG}`, 'STIM_LIMIT', 1, 3],
    [`REPEAT ${LONG} {\n}`, 'STIM_LIMIT', 1, 8],
    ['REPEAT 4503599627370496 {\nM 0\n}', 'STIM_LIMIT', 1, 1],
    ['REPEAT 4503599627370496 {\n}', 'STIM_LIMIT', 1, 1],
    [`H ${STIM_LIMITS.qubits}`, 'STIM_LIMIT', 1, 3],
    ['OBSERVABLE_INCLUDE(1e300)', 'STIM_LIMIT', 1, 1],
  ];
  for (const [text, code, line, column] of wrong) {
    expect(() => parseStimCircuit(text, 'a.stim'), text).toThrow(
      expect.objectContaining({ code, line, column, file: 'a.stim' }),
    );
  }
  const wrongModels: readonly (readonly [string, string, number, number])[] = [
    ['error D0', 'STIM_MEANING', 1, 1],
    ['error(2) D0', 'STIM_MEANING', 1, 1],
    ['error(0.1) D', 'STIM_SYNTAX', 1, 12],
    ['error(0.1) D0 5', 'STIM_SYNTAX', 1, 15],
    ['detector L0', 'STIM_SYNTAX', 1, 10],
    ['logical_observable D0', 'STIM_SYNTAX', 1, 20],
    ['shift_detectors', 'STIM_SYNTAX', 1, 1],
    ['H 0', 'STIM_SYNTAX', 1, 1],
    [`error(0.1) D${LONG}`, 'STIM_LIMIT', 1, 12],
    ['repeat 4000000000 {\nerror(0.1) D0\n}', 'STIM_LIMIT', 1, 1],
    ['repeat 4000000 {\nshift_detectors 4\nerror(0.1) D0\n}', 'STIM_LIMIT', 1, 1],
  ];
  for (const [text, code, line, column] of wrongModels) {
    expect(() => parseDetectorErrorModel(text), text).toThrow(
      expect.objectContaining({ code, line, column }),
    );
  }
});

test('deep nesting and long texts are refused or read without recursion', () => {
  const deep = 'REPEAT 2 {\n'.repeat(100_000);
  for (const parse of [parseStimCircuit, parseDetectorErrorModel]) {
    expect(() => parse(deep)).toThrow(expect.objectContaining({ code: 'STIM_LIMIT', line: 65 }));
    expect(() => parse(' '.repeat(STIM_LIMITS.characters + 1))).toThrow(
      expect.objectContaining({ code: 'STIM_LIMIT' }),
    );
  }
  expect(() => parseStimCircuit(`H 0\nH${' 0'.repeat(600_000)}`)).toThrow(
    expect.objectContaining({ code: 'STIM_LIMIT', line: 2 }),
  );
  const wide = `H${' 0'.repeat(500_000)}`;
  expect(parseStimCircuit(wide).instructions).toHaveLength(1);
});

test('any text is read or refused with an error of this package', () => {
  const piece = fc.constantFrom(
    ...['H', 'CX', 'MPP', 'REPEAT', 'DETECTOR', 'error', '(0.1)', '(', ')', '[', ']', ' ', '\n'],
    ...['0', '1', 'rec[-1]', 'X1*Z2', '!', '{', '}', '#', '^', 'D0', 'L1', '\r', '\t', '\0', '💥'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const parse of [parseStimCircuit, parseDetectorErrorModel]) {
        try {
          parse(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(StimError);
          expect(error).toBeInstanceOf(SimulatorError);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
