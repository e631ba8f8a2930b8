import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  Circuit,
  fidelity,
  GATES,
  type GateName,
  mulberry32,
  run,
  StateVector,
} from '@sema/simulator';
import { readOpenQasm, writeOpenQasm } from '@sema/simulator/openqasm';
import { decompose } from '@sema/simulator/optimiser';
import { randomPhases, randomUnitary } from '../arbitrary-circuits.ts';

const PYTHON = process.env.SEMA_PYTHON ?? 'python3';
const SCRIPT = resolve(import.meta.dirname, 'exchange.py');
const { status } = spawnSync(PYTHON, ['-c', 'import qiskit, qiskit_qasm3_import, qulacs']);
const REASON = '(SKIPPED: SEMA_PYTHON names no Python with qiskit, qiskit-qasm3-import and qulacs)';

interface Amplitudes {
  readonly real: number[];
  readonly imaginary: number[];
}

interface Reply {
  readonly answers: Readonly<Record<'version2' | 'version3' | 'qulacs', Amplitudes>>[];
  readonly questions: { readonly programs: string[]; readonly state: Amplitudes }[];
}

function randomCircuit(seed: number): Circuit {
  const random = mulberry32(seed);
  const names = Object.keys(GATES) as GateName[]; // GATES is a record by gate name
  const circuit = new Circuit(4);
  for (let k = 0; k < 12; k++) {
    const { name, qubits, parameters } = GATES[names[Math.floor(random.next() * names.length)]];
    const first = Math.floor(random.next() * 4);
    const list = [0, 1, 2, 3].map((qubit) => (qubit * 3 + first) % 4).slice(0, qubits);
    circuit.gate(
      name,
      list,
      Array.from({ length: parameters }, () => 7 * random.next() - 3),
    );
  }
  circuit.unitary(randomUnitary(2, random), [3, 1]).diagonal(randomPhases(3, random), [0, 2, 1]);
  circuit.multiplexedRy([1, 2, 3, 4], [0, 3], 2);
  return circuit.controlled('u', [0, 1], [2], [0.1, 0.2, 0.3]).controlled('x', [0, 1, 2], [3]);
}

function dynamicCircuit(): Circuit {
  const circuit = new Circuit(2, { bits: 3 });
  circuit
    .h(0)
    .measure(0, 0)
    .measure(1, 2)
    .when([0], 1, (then) => then.x(1));
  circuit.when([0, 2], 1, (then) => then.z(0).reset(1)).when([0, 1, 2], 5, (then) => then.y(0));
  return circuit.rx(circuit.parameter('theta'), 0);
}

function finalState(circuit: Circuit): StateVector {
  const state = new StateVector(circuit.qubits);
  run(circuit, state);
  return state;
}

test.runIf(status === 0)('Qiskit and Qulacs read what we write, and we what Qiskit writes', () => {
  const circuits = Array.from({ length: 12 }, (_, seed) => randomCircuit(seed));
  const items = circuits.map((circuit) => ({
    version2: writeOpenQasm(circuit, { version: 2 }),
    version3: writeOpenQasm(circuit, { version: 3 }),
    // Qulacs reads no gate definitions, barriers or expressions, and few gates.
    plain: writeOpenQasm(decompose(circuit, 'u-cx'), { version: 2, angles: 'decimals' }),
  }));
  const input = JSON.stringify({ items, dynamic: writeOpenQasm(dynamicCircuit(), { version: 3 }) });
  const { stdout, stderr } = spawnSync(PYTHON, [SCRIPT], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  expect(stderr).not.toContain('Error');
  const { answers, questions } = JSON.parse(stdout) as Reply; // exchange.py writes this
  for (const [k, answer] of answers.entries()) {
    const own = finalState(circuits[k]);
    for (const [reader, { real, imaginary }] of Object.entries(answer)) {
      expect(fidelity(own, StateVector.from(real, imaginary)), reader).toBeCloseTo(1, 9);
    }
  }
  for (const { programs, state } of questions) {
    for (const program of programs) {
      const own = finalState(readOpenQasm(program).circuit);
      expect(fidelity(own, StateVector.from(state.real, state.imaginary))).toBeCloseTo(1, 9);
    }
  }
});
if (status !== 0) test.skip(`Qiskit and Qulacs read what we write ${REASON}`);
