import { describe, expect, test } from 'vitest';
import { type Gate, gateMatrix, GATES, SimulatorError } from '@sema/simulator';
import {
  adjoint,
  type Dense,
  distance,
  gateOn,
  identity,
  kronecker,
  multiply,
  on,
  PAULIS,
  under,
} from './dense.ts';

/** Angles at which no gate happens to be something simpler. */
const GENERIC = [0.7310585, -1.3247179, 2.2360679];
const ROUNDING = 1e-15;

const gates = Object.values(GATES).map((gate) => ({ name: gate.name, gate }));

function angles({ parameters }: Gate): number[] {
  return GENERIC.slice(0, parameters);
}

function matrixOf(gate: Gate): Dense {
  const entries = gateMatrix(gate.name, angles(gate));
  return {
    size: 1 << gate.qubits,
    re: entries.filter((_, i) => i % 2 === 0),
    im: entries.filter((_, i) => i % 2 === 1),
  };
}

function apart(a: Dense, b: Dense): number {
  return Math.max(distance(a.re, b.re), distance(a.im, b.im));
}

/** All 4^qubits products of Paulis. */
function pauliProducts(qubits: number): Dense[] {
  if (qubits === 0) return [identity(0)];
  return pauliProducts(qubits - 1).flatMap((rest) =>
    Object.values(PAULIS).map((pauli) => kronecker(pauli, rest)),
  );
}

/** Whether conjugation by the gate takes X and Z of every qubit to ± a product of Paulis. */
function normalizesPaulis(gate: Gate): boolean {
  const u = matrixOf(gate);
  const products = pauliProducts(gate.qubits);
  return Array.from({ length: gate.qubits }, (_, qubit) => qubit).every((qubit) =>
    [PAULIS.X, PAULIS.Z].every((pauli) => {
      const image = multiply(multiply(u, on(qubit, pauli, gate.qubits)), adjoint(u));
      const minus = { ...image, re: image.re.map((x) => -x), im: image.im.map((x) => -x) };
      return products.some((p) => Math.min(apart(p, image), apart(p, minus)) < 1e-12);
    }),
  );
}

describe.each(gates)('$name', ({ gate }) => {
  const qubits = Array.from({ length: gate.qubits }, (_, qubit) => qubit);
  const controls = qubits.slice(0, gate.controls);
  const targets = qubits.slice(gate.controls);

  test('has the matrix of its definition in Paulis', () => {
    const definition = gateOn(gate.base, targets, angles(gate), gate.qubits);
    expect(apart(matrixOf(gate), under(controls, definition, gate.qubits))).toBeLessThan(ROUNDING);
  });

  test('is unitary', () => {
    const u = matrixOf(gate);
    expect(apart(multiply(u, adjoint(u)), identity(gate.qubits))).toBeLessThan(ROUNDING);
  });

  test('is undone by its inverse', () => {
    const inverse = GATES[gate.inverse];
    const turned = gate.inverseAngles.map((index) => -GENERIC[index]);
    expect(turned).toHaveLength(inverse.parameters);
    const undo = gateOn(inverse.base, targets, turned, gate.qubits);
    const product = multiply(matrixOf(gate), under(controls, undo, gate.qubits));
    expect(apart(product, identity(gate.qubits))).toBeLessThan(ROUNDING);
  });

  test('is diagonal, a permutation or Clifford exactly when it says so', () => {
    const { size, re, im } = matrixOf(gate);
    const offDiagonal = (_: number, k: number) => k % (size + 1) !== 0;
    const isDiagonal = [...re.filter(offDiagonal), ...im.filter(offDiagonal)].every((x) => x === 0);
    const isPermutation = re.every((x) => x === 0 || x === 1) && im.every((x) => x === 0);
    expect({
      diagonal: isDiagonal,
      permutation: isPermutation,
      clifford: normalizesPaulis(gate),
    }).toEqual({
      diagonal: gate.diagonal,
      permutation: gate.permutation,
      clifford: gate.clifford,
    });
  });

  test('stands in the table under its own name', () => {
    expect(GATES[gate.name]).toBe(gate);
    expect(gate.qubits).toBe(GATES[gate.base].qubits + gate.controls);
    expect(GATES[gate.base].controls).toBe(0);
  });
});

describe('published matrices', () => {
  test('CX on (control, target) is that of the little-endian convention of Qiskit', () => {
    const rows = [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 1, 0],
      [0, 1, 0, 0],
    ];
    expect([...gateMatrix('cx')].filter((_, i) => i % 2 === 0)).toEqual(rows.flat());
  });

  test('U(π/2, 0, π) is the Hadamard gate (OpenQASM 2, section 2)', () => {
    const u = gateMatrix('u', [Math.PI / 2, 0, Math.PI]);
    expect(distance(u, gateMatrix('h'))).toBeLessThan(ROUNDING);
  });
});

describe('bad input', () => {
  test.each([
    ['an unknown name', () => gateMatrix('toString' as 'x'), 'UNKNOWN_GATE'],
    ['a missing angle', () => gateMatrix('rx'), 'WRONG_LENGTH'],
    ['a surplus angle', () => gateMatrix('x', [1]), 'WRONG_LENGTH'],
    ['NaN', () => gateMatrix('rx', [NaN]), 'INVALID_ANGLE'],
    ['Infinity', () => gateMatrix('u', [0, -Infinity, 0]), 'INVALID_ANGLE'],
  ])('%s is refused', (_, call, code) => {
    expect(call).toThrow(SimulatorError);
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
