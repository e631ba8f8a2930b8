import { expect, test } from 'vitest';
import { Circuit, type GateName, mulberry32, run, StateVector } from '@sema/simulator';
import { readOpenQasm } from '@sema/simulator/openqasm';
import { unitaryDistance } from '../optimiser/circuit-distance.ts';

const HEADER = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';

/** 2^12 roundings of 1e-16 in a trace divided by its dimension stay far below this. */
const SAME = 1e-12;

test('teleportation as in Cross et al. (2017), figure 3, moves the state', () => {
  const { circuit } = readOpenQasm(`// quantum teleportation example
    OPENQASM 2.0;
    include "qelib1.inc";
    qreg q[3];
    creg c0[1];
    creg c1[1];
    creg c2[1];
    // optional post-rotation for state tomography
    gate post q { }
    u3(0.3,0.2,0.1) q[0];
    h q[1];
    cx q[1],q[2];
    barrier q;
    cx q[0],q[1];
    h q[0];
    measure q[0] -> c0[0];
    measure q[1] -> c1[0];
    if(c0==1) z q[2];
    if(c1==1) x q[2];
    post q[2];
    u3(-0.3,-0.1,-0.2) q[2];
    measure q[2] -> c2[0];`);
  expect([circuit.qubits, circuit.bits]).toEqual([3, 3]);
  for (let seed = 0; seed < 32; seed++) {
    const state = new StateVector(3);
    expect(run(circuit, state, { random: mulberry32(seed) }).bits[2]).toBe(0);
  }
});

test('the ripple-carry adder of Cross et al. (2017), figure 6, adds 1 and 15', () => {
  const { circuit, qubitRegisters, bitRegisters } = readOpenQasm(`${HEADER}
    gate majority a,b,c { cx c,b; cx c,a; ccx a,b,c; }
    gate unmaj a,b,c { ccx a,b,c; cx c,a; cx a,b; }
    qreg cin[1]; qreg a[4]; qreg b[4]; qreg cout[1];
    creg ans[5];
    x a[0];
    x b;
    majority cin[0],b[0],a[0];
    majority a[0],b[1],a[1];
    majority a[1],b[2],a[2];
    majority a[2],b[3],a[3];
    cx a[3],cout[0];
    unmaj a[2],b[3],a[3];
    unmaj a[1],b[2],a[2];
    unmaj a[0],b[1],a[1];
    unmaj cin[0],b[0],a[0];
    measure b[0] -> ans[0];
    measure b[1] -> ans[1];
    measure b[2] -> ans[2];
    measure b[3] -> ans[3];
    measure cout[0] -> ans[4];`);
  expect(qubitRegisters).toEqual([
    { name: 'cin', offset: 0, size: 1 },
    { name: 'a', offset: 1, size: 4 },
    { name: 'b', offset: 5, size: 4 },
    { name: 'cout', offset: 9, size: 1 },
  ]);
  expect(bitRegisters).toEqual([{ name: 'ans', offset: 0, size: 5 }]);
  const { bits } = run(circuit, new StateVector(10), { random: mulberry32(1) });
  expect([...bits]).toEqual([0, 0, 0, 0, 1]);
});

/** The definitions of Cross et al. (2017), appendix, and of the file's later versions. */
const BODIES: Readonly<Record<string, string>> = {
  u3: '(theta,phi,lambda) q { U(theta,phi,lambda) q; }',
  u2: '(phi,lambda) q { U(pi/2,phi,lambda) q; }',
  u1: '(lambda) q { U(0,0,lambda) q; }',
  cx: ' c,t { CX c,t; }',
  id: ' a { U(0,0,0) a; }',
  x: ' a { U(pi,0,pi) a; }',
  y: ' a { U(pi,pi/2,pi/2) a; }',
  z: ' a { U(0,0,pi) a; }',
  h: ' a { U(pi/2,0,pi) a; }',
  s: ' a { U(0,0,pi/2) a; }',
  sdg: ' a { U(0,0,-pi/2) a; }',
  t: ' a { U(0,0,pi/4) a; }',
  tdg: ' a { U(0,0,-pi/4) a; }',
  rx: '(theta) a { U(theta,-pi/2,pi/2) a; }',
  ry: '(theta) a { U(theta,0,0) a; }',
  rz: '(phi) a { U(0,0,phi) a; }',
  cz: ' a,b { U(pi/2,0,pi) b; CX a,b; U(pi/2,0,pi) b; }',
  cy: ' a,b { U(0,0,-pi/2) b; CX a,b; U(0,0,pi/2) b; }',
  ch:
    ' a,b { U(pi/2,0,pi) b; U(0,0,-pi/2) b; CX a,b; U(pi/2,0,pi) b; U(0,0,pi/4) b; CX a,b;' +
    ' U(0,0,pi/4) b; U(pi/2,0,pi) b; U(0,0,pi/2) b; U(pi,0,pi) b; U(0,0,pi/2) a; }',
  crz: '(l) a,b { U(0,0,l/2) b; CX a,b; U(0,0,-l/2) b; CX a,b; }',
  cu1: '(l) a,b { U(0,0,l/2) a; CX a,b; U(0,0,-l/2) b; CX a,b; U(0,0,l/2) b; }',
  cu3:
    '(t,f,l) a,b { U(0,0,(l+f)/2) a; U(0,0,(l-f)/2) b; CX a,b; U(-t/2,0,-(f+l)/2) b; CX a,b;' +
    ' U(t/2,f,0) b; }',
  swap: ' a,b { CX a,b; CX b,a; CX a,b; }',
  sx: ' a { U(0,0,-pi/2) a; U(pi/2,0,pi) a; U(0,0,-pi/2) a; }',
  sxdg: ' a { U(0,0,pi/2) a; U(pi/2,0,pi) a; U(0,0,pi/2) a; }',
  rzz: '(t) a,b { CX a,b; U(0,0,t) b; CX a,b; }',
};

test('every gate of qelib1.inc equals its definition in U and CX up to a phase', () => {
  for (const [name, body] of Object.entries(BODIES)) {
    const [, parameters = '', qubits = ''] = /^(?:\((.*?)\))? (.*?) \{/.exec(body) ?? [];
    const angles =
      parameters === ''
        ? ''
        : `(${[0.3, -1.7, 2.9].slice(0, parameters.split(',').length).join(',')})`;
    const places = qubits.split(',').map((_, k) => `q[${k}]`);
    const call = (gate: string) =>
      `qreg q[${places.length}]; ${gate}${angles} ${places.join(',')};`;
    const library = readOpenQasm(HEADER + call(name)).circuit;
    const defined = readOpenQasm(`OPENQASM 2.0; gate mine${body} ${call('mine')}`).circuit;
    expect(unitaryDistance(library, defined), name).toBeLessThan(SAME);
  }
});

test('gates under more controls act where all of these are 1', () => {
  const cases: [string, string, (c: Circuit) => Circuit][] = [
    ['c3x', '', (c) => c.controlled('x', [0, 1, 2], [3])],
    ['c3sqrtx', '', (c) => c.controlled('sx', [0, 1, 2], [3])],
    ['c4x', '', (c) => c.controlled('x', [0, 1, 2, 3], [4])],
    ['cu', '(0.1,0.2,0.3,0.4)', (c) => c.p(0.4, 0).controlled('u', [0], [1], [0.1, 0.2, 0.3])],
    ['csx', '', (c) => c.controlled('sx', [0], [1])],
  ];
  for (const [name, angles, expected] of cases) {
    const width = { c3x: 4, c3sqrtx: 4, c4x: 5 }[name] ?? 2;
    const places = Array.from({ length: width }, (_, k) => `q[${k}]`).join(',');
    const { circuit } = readOpenQasm(`${HEADER}qreg q[${width}]; ${name}${angles} ${places};`);
    expect(unitaryDistance(circuit, expected(new Circuit(width))), name).toBeLessThan(SAME);
  }
});

test('the relative-phase gates are Toffoli gates between diagonals', () => {
  for (const [name, width] of [
    ['rccx', 3],
    ['rc3x', 4],
  ] as const) {
    const places = Array.from({ length: width }, (_, k) => `q[${k}]`).join(',');
    const { circuit } = readOpenQasm(`${HEADER}qreg q[${width}]; ${name} ${places};`);
    for (let k = 0; k < 1 << width; k++) {
      const state = new StateVector(width);
      state.reset(k);
      run(circuit, state);
      const controls = (1 << (width - 1)) - 1;
      const image = (k & controls) === controls ? k ^ (1 << (width - 1)) : k;
      expect(Math.hypot(state.real[image], state.imaginary[image])).toBeCloseTo(1, 12);
    }
  }
});

test('expressions bind as in mathematics', () => {
  const values: [string, number][] = [
    ['1+2*3', 7],
    ['(1+2)*3', 9],
    ['2^3^2', 512],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['8/4/2', 1],
    ['1-2-3', -4],
    ['-pi/2', -Math.PI / 2],
    ['sin(pi/2)+cos(0)*sqrt(4)', 3],
    ['ln(exp(1.5))', 1.5],
    ['tan(0)', 0],
    ['1.5e-3', 0.0015],
    ['.5', 0.5],
    ['3.', 3],
    ['- - 1', 1],
  ];
  for (const [text, value] of values) {
    const { circuit } = readOpenQasm(`${HEADER}qreg q[1]; rx(${text}) q[0];`);
    const [operation] = circuit.operations;
    expect(operation.kind === 'gate' && operation.angles[0], text).toBeCloseTo(value, 14);
  }
});

test('registers take a gate element by element, single qubits beside them every time', () => {
  const { circuit } = readOpenQasm(`${HEADER}
    qreg a[3]; qreg b[3]; creg c[3];
    h a;
    cx a,b;
    cx a[0],b;
    measure b -> c;
    reset a;
    if(c==5) x a;`);
  const cx = (control: number, target: number) => ({
    kind: 'gate',
    gate: 'x',
    controls: [control],
    targets: [target],
    angles: [],
  });
  const kinds = circuit.operations.map(({ kind }) => kind);
  expect(circuit.operations.slice(3, 9)).toEqual([
    cx(0, 3),
    cx(1, 4),
    cx(2, 5),
    cx(0, 3),
    cx(0, 4),
    cx(0, 5),
  ]);
  expect(kinds.slice(9)).toEqual([
    ...Array<string>(3).fill('measure'),
    ...Array<string>(3).fill('reset'),
    'conditional',
  ]);
  expect(circuit.operations.at(-1)).toMatchObject({
    bits: [0, 1, 2],
    value: 5,
    operations: { length: 3 },
  });
});

test('files are included through the caller, once for each mention', () => {
  const include = (file: string) =>
    file === 'bell.inc' ? 'gate bell a,b { h a; cx a,b; }' : undefined;
  const text = `${HEADER}include "bell.inc"; qreg q[2]; bell q[0],q[1];`;
  const { circuit } = readOpenQasm(text, { include });
  expect(unitaryDistance(circuit, new Circuit(2).h(0).cx(0, 1))).toBeLessThan(SAME);
});

test('a program may define the gates that older versions of qelib1.inc lack', () => {
  const { circuit } = readOpenQasm(
    `${HEADER}gate swap a,b { cx a,b; cx b,a; cx a,b; } qreg q[2]; swap q[0],q[1];`,
  );
  expect(circuit.operations).toHaveLength(3);
});

test('an opaque gate may be declared but not run', () => {
  const text = `${HEADER}opaque magic(alpha) a,b; qreg q[2];`;
  expect(readOpenQasm(text).circuit.operations).toHaveLength(0);
  expect(() => readOpenQasm(`${text} magic(1) q[0],q[1];`)).toThrow(
    expect.objectContaining({ code: 'OPENQASM_UNSUPPORTED', line: 3, column: 37 }),
  );
});

test('every gate name of the circuit that qelib1.inc has reads as that gate', () => {
  const names: GateName[] = [
    'id',
    'x',
    'y',
    'z',
    'h',
    's',
    'sdg',
    't',
    'tdg',
    'sx',
    'sxdg',
    'swap',
    'cx',
    'cy',
    'cz',
    'ch',
    'ccx',
    'cswap',
  ];
  for (const name of names) {
    const qubits = { cswap: 3, ccx: 3, swap: 2, cx: 2, cy: 2, cz: 2, ch: 2 }[name as string] ?? 1;
    const list = [0, 1, 2].slice(0, qubits);
    const { circuit } = readOpenQasm(
      `${HEADER}qreg q[${qubits}]; ${name} ${list.map((k) => `q[${k}]`).join()};`,
    );
    expect(circuit.operations).toEqual(new Circuit(qubits).gate(name, list).operations);
  }
});
