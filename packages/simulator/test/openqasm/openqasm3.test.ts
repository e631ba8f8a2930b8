import { expect, test } from 'vitest';
import { Circuit, mulberry32, run, StateVector } from '@sema/simulator';
import { OpenQasmError, readOpenQasm } from '@sema/simulator/openqasm';
import { unitaryDistance } from '../optimiser/circuit-distance.ts';

const HEADER = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
const SAME = 1e-12;

/** stdgates.inc as Cross et al. (2022) define it, in U, gphase and modifiers alone. */
const BODIES: Readonly<Record<string, string>> = {
  p: '(l) a { ctrl @ gphase(l) a; }',
  x: ' a { U(pi, 0, pi) a; gphase(-pi/2); }',
  y: ' a { U(pi, pi/2, pi/2) a; gphase(-pi/2); }',
  z: ' a { ctrl @ gphase(pi) a; }',
  h: ' a { U(pi/2, 0, pi) a; gphase(-pi/4); }',
  s: ' a { ctrl @ gphase(pi/2) a; }',
  sdg: ' a { inv @ ctrl @ gphase(pi/2) a; }',
  t: ' a { ctrl @ gphase(pi/4) a; }',
  tdg: ' a { inv @ ctrl @ gphase(pi/4) a; }',
  rx: '(t) a { U(t, -pi/2, pi/2) a; gphase(-t/2); }',
  ry: '(t) a { U(t, 0, 0) a; gphase(-t/2); }',
  rz: '(l) a { gphase(-l/2); U(0, 0, l) a; }',
  u1: '(l) q { U(0, 0, l) q; }',
  u2: '(f, l) q { gphase(-(f+l+pi/2)/2); U(pi/2, f, l) q; }',
  u3: '(t, f, l) q { gphase(-(t+f+l)/2); U(t, f, l) q; }',
};

test('every gate of stdgates.inc equals its definition, its phase included', () => {
  for (const [name, body] of Object.entries(BODIES)) {
    const [, parameters = ''] = /^\((.*?)\)/.exec(body) ?? [];
    const count = parameters === '' ? 0 : parameters.split(',').length;
    const angles = count === 0 ? '' : `(${[0.3, -1.7, 2.9].slice(0, count).join()})`;
    // Under a control, a phase shows.
    const call = (gate: string) => `qubit[2] q; ctrl @ ${gate}${angles} q[0], q[1];`;
    const library = readOpenQasm(HEADER + call(name)).circuit;
    const defined = readOpenQasm(`OPENQASM 3.0; gate mine${body} ${call('mine')}`).circuit;
    expect(unitaryDistance(library, defined), name).toBeLessThan(SAME);
  }
});

test.each<[string, (c: Circuit) => Circuit]>([
  ['ctrl @ x q[0], q[1];', (c) => c.cx(0, 1)],
  ['ctrl(2) @ x q[0], q[1], q[2];', (c) => c.ccx(0, 1, 2)],
  ['ctrl @ ctrl @ z q[0], q[1], q[2];', (c) => c.ccz(0, 1, 2)],
  ['negctrl @ x q[0], q[1];', (c) => c.x(0).cx(0, 1).x(0)],
  ['negctrl @ ctrl @ x q[0], q[1], q[2];', (c) => c.x(0).ccx(0, 1, 2).x(0)],
  ['ctrl @ negctrl @ x q[0], q[1], q[2];', (c) => c.x(1).ccx(0, 1, 2).x(1)],
  ['inv @ s q[0];', (c) => c.sdg(0)],
  ['inv @ inv @ s q[0];', (c) => c.s(0)],
  [
    'inv @ cu(0.1, 0.2, 0.3, 0.4) q[0], q[1];',
    (c) => c.controlled('u', [0], [1], [-0.1, -0.3, -0.2]).p(-0.4, 0),
  ],
  ['pow(2) @ s q[0];', (c) => c.z(0)],
  ['pow(0) @ h q[0];', (c) => c],
  ['pow(-1) @ t q[0];', (c) => c.tdg(0)],
  ['pow(-3) @ rx(0.2) q[0];', (c) => c.rx(-0.6, 0)],
  ['pow(1/2) @ z q[0];', (c) => c.s(0)],
  ['pow(1/2) @ x q[0];', (c) => c.sx(0)],
  ['ctrl @ pow(1/2) @ x q[0], q[1];', (c) => c.controlled('sx', [0], [1])],
  ['inv @ pow(1/2) @ x q[0];', (c) => c.sxdg(0)],
  ['pow(0.25) @ rz(2) q[0];', (c) => c.rz(0.5, 0)],
  ['pow(0.5) @ p(1) q[0];', (c) => c.p(0.5, 0)],
  ['pow(0.5) @ cz q[0], q[1];', (c) => c.cp(Math.PI / 2, 0, 1)],
  ['gate g a, b { h a; t a; cx a, b; } inv @ g q[0], q[1];', (c) => c.cx(0, 1).tdg(0).h(0)],
  [
    'gate g(a) b { rx(a/2) b; rz(-a) b; } pow(2) @ g(1) q[2];',
    (c) => c.rx(0.5, 2).rz(-1, 2).rx(0.5, 2).rz(-1, 2),
  ],
  ['gate g a { h a; gphase(pi/2); } ctrl @ g q[0], q[1];', (c) => c.ch(0, 1).s(0)],
  ['gphase(1.5);', (c) => c],
  ['ctrl @ gphase(pi) q[1];', (c) => c.z(1)],
])('%s', (text, build) => {
  const { circuit } = readOpenQasm(`${HEADER}qubit[3] q; ${text}`);
  expect(unitaryDistance(circuit, build(new Circuit(3)))).toBeLessThan(SAME);
});

test('indices, ranges, sets and aliases select qubits', () => {
  const { circuit } = readOpenQasm(`${HEADER}
    const int[32] n = 2 * 3;
    qubit[n] q;
    qubit single;
    let odd = q[1:2:5];
    let mixed = q[{0, 4}] ++ q[-1:-1:4];
    x q[-1];
    y q[0:1];
    h odd;
    s mixed[2];
    z single;
    cx q[0:1], q[2:3];
    barrier;
    reset q[{2, 3}];`);
  const targets = circuit.operations.map((o) =>
    o.kind === 'gate'
      ? [...o.controls, ...o.targets].join()
      : o.kind === 'reset'
        ? o.qubit
        : o.kind,
  );
  expect(targets).toEqual(['5', '0', '1', '1', '3', '5', '5', '6', '0,2', '1,3', 'barrier', 2, 3]);
});

test('loops run over ranges and sets, innermost names first', () => {
  const { circuit } = readOpenQasm(`${HEADER}
    qubit[4] q;
    for int i in [0:2] { cx q[i], q[i + 1]; }
    for uint[8] i in [3:-2:0] x q[i];
    for int i in {0, 3} { for int j in [0:1] { rz(i * pi / 2) q[j]; } }
    for int i in [2:1] { x q[0]; }`);
  const expected = new Circuit(4).cx(0, 1).cx(1, 2).cx(2, 3).x(3).x(1);
  expected
    .rz(0, 0)
    .rz(0, 1)
    .rz((3 * Math.PI) / 2, 0)
    .rz((3 * Math.PI) / 2, 1);
  expect(circuit.operations).toEqual(expected.operations);
});

test('the body of a gate sees its own names and the constants before it, nothing else', () => {
  const { circuit } = readOpenQasm(`${HEADER}
    const float i = 0.5;
    gate g q { rx(i) q; }
    gate f(i) q { g q; rx(i) q; }
    qubit q;
    for int i in [3:4] { g q; f(i) q; }`);
  const angles = circuit.operations.map((o) => o.kind === 'gate' && o.angles[0]);
  expect(angles).toEqual([0.5, 0.5, 3, 0.5, 0.5, 4]);
  const leak = 'gate g q { rx(t) q; } gate f(t) q { g q; } qubit q; f(1) q;';
  expect(() => readOpenQasm(HEADER + leak)).toThrow(OpenQasmError);
});

test('the quantum Fourier transform of the specification, by loops and ctrl', () => {
  const { circuit } = readOpenQasm(`${HEADER}
    qubit[4] q;
    for int i in [3:-1:0] {
      h q[i];
      for int j in [i - 1:-1:0] { ctrl @ p(pi / 2 ** (i - j)) q[j], q[i]; }
    }
    swap q[0], q[3];
    swap q[1], q[2];`);
  for (let k = 0; k < 16; k++) {
    const state = new StateVector(4);
    state.reset(k);
    run(circuit, state);
    for (let j = 0; j < 16; j++) {
      expect(state.real[j]).toBeCloseTo(Math.cos((2 * Math.PI * j * k) / 16) / 4, 12);
      expect(state.imaginary[j]).toBeCloseTo(Math.sin((2 * Math.PI * j * k) / 16) / 4, 12);
    }
  }
});

/** The condition, and the values of c[0..2] under which it holds. */
const CONDITIONS: readonly (readonly [string, (c: number) => boolean])[] = [
  ['c == 5', (c) => c === 5],
  ['5 == c', (c) => c === 5],
  ['c != 2', (c) => c !== 2],
  ['c == 9', () => false],
  ['c[1]', (c) => (c & 2) !== 0],
  ['!c[1]', (c) => (c & 2) === 0],
  ['c[0] == 1 && c[2] == 0', (c) => (c & 1) === 1 && c < 4],
  ['c[0] || c[2]', (c) => (c & 5) !== 0],
  ['!(c[0] && c[1]) && true', (c) => (c & 3) !== 3],
  ['c[0:1] == 2', (c) => (c & 3) === 2],
  ['c == 1 || c == 2 || c == 7', (c) => c === 1 || c === 2 || c === 7],
  ['1 < 2', () => true],
  ['false', () => false],
];

test.each(CONDITIONS)('if (%s) takes the branch, and else the other', (condition, holds) => {
  for (let value = 0; value < 8; value++) {
    const flips = [0, 1, 2].filter((k) => (value >> k) & 1).map((k) => `x q[${k}];`);
    const { circuit } = readOpenQasm(`${HEADER}
      bit[3] c; qubit[3] q; qubit[2] r;
      ${flips.join(' ')}
      c = measure q;
      if (${condition}) { x r[0]; } else x r[1];`);
    const state = new StateVector(5);
    run(circuit, state, { random: mulberry32(1) });
    const taken = holds(value) ? 1 : 2;
    expect(state.real[value + 8 * taken]).toBeCloseTo(1, 12);
  }
});

test('what Qiskit writes for a dynamic circuit with parameters is read', () => {
  const { circuit } = readOpenQasm(`OPENQASM 3.0;
include "stdgates.inc";
gate rzz(p0) _gate_q_0, _gate_q_1 {
  cx _gate_q_0, _gate_q_1;
  rz(p0) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
}
input float[64] θ;
bit[2] c;
qubit[2] q;
h q[0];
rzz(2*θ) q[0], q[1];
c[0] = measure q[0];
if (c[0]) {
  x q[1];
} else {
  rx(-θ/2) q[1];
}
if (c == 2) {
  reset q[0];
}
c[1] = measure q[1];
`);
  expect(circuit.parameters.map(({ name }) => name)).toEqual(['θ']);
  expect(circuit.operations.map(({ kind }) => kind)).toEqual([
    'gate',
    'gate',
    'gate',
    'gate',
    'measure',
    'conditional',
    'conditional',
    'conditional',
    'measure',
  ]);
});

test('physical qubits, old registers, pragmas and annotations are understood', () => {
  const { circuit, qubitRegisters } = readOpenQasm(`OPENQASM 3;
    include 'stdgates.inc';
    pragma vendor something { odd }
    @reversible
    cx $0, $2;
    inv @ s $1;
    creg c[2];
    measure $1 -> c[0];
    /* a comment
       of two lines */`);
  expect(circuit.qubits).toBe(3);
  expect(qubitRegisters).toEqual([{ name: '$', offset: 0, size: 3 }]);
  expect(circuit.operations).toEqual(
    new Circuit(3, { bits: 2 }).cx(0, 2).sdg(1).measure(1, 0).operations,
  );
});

test('a program without a header is version 3, and needs its library', () => {
  expect(readOpenQasm('qubit q; U(1, 2, 3) q;').version).toBe(3);
  expect(() => readOpenQasm('qubit q; h q;')).toThrow(OpenQasmError);
});

test.each([
  ['def f(qubit a) { }', 1],
  ['int[32] n = 3;', 1],
  ['while (true) { }', 1],
  ['delay[10ns] q;', 1],
  ['rx(theta + 1) q[0];', 10],
  ['c[0] = measure q[0]; if (c < 3) x q[0];', 28],
  ['if (c[0]) { c[0] = measure q[0]; } else { x q[0]; }', 1],
  ['measure q;', 10],
  ['qubit w = 3;', 9],
  ['pow(0.3) @ h q[0];', 1],
])('%s is beyond this reader, which says where', (text, column) => {
  const read = () => readOpenQasm(`${HEADER}qubit[2] q; bit[2] c; input float theta;\n${text}`);
  expect(read).toThrow(expect.objectContaining({ code: 'OPENQASM_UNSUPPORTED', line: 4, column }));
});
