import {
  type Amplitudes,
  type Angle,
  Circuit,
  Compiler,
  mulberry32,
  run,
  StateVector,
} from '@sema/simulator';
import { interleave, medianFigure, row, type Row, type SuiteOptions } from '../harness.ts';
import { readyPeers } from './native-rows.ts';
import { milliseconds } from './own-rows.ts';
import type { Engine, PythonPeers } from './python-peers.ts';

const CASES = [
  {
    name: '4 qubits, 70 gates, parameters bound',
    qubits: 4,
    gates: 70,
    goal: 'small-circuits/4 qubits, 70 gates',
  },
  {
    name: '3-qubit decision circuit, parameters bound',
    qubits: 3,
    gates: 10,
    goal: 'small-circuits/3-qubit decision',
  },
] as const;
type Case = (typeof CASES)[number];

/** Short rounds, and many: most fit between two interruptions by other processes. */
const RUNS = 4000;
/** Of a peer, which takes a hundred times as long. */
const PEER_RUNS = 500;
/** Aer plans anew on every call and takes milliseconds. */
const PEERS: readonly Engine[] = ['qulacs', 'lightning'];

/** Small circuits with all their angles bound on every call, one by one and in batches. */
export async function smallRows(
  options: SuiteOptions,
  peers: PythonPeers | undefined,
): Promise<Row[]> {
  using compiler = new Compiler();
  const rows: Row[] = [];
  for (const each of CASES) {
    rows.push(...ownRowsOf(each, compiler, options));
    if (peers !== undefined) rows.push(...(await peerRowsOf(each, compiler, options, peers)));
  }
  return rows;
}

function ownRowsOf(
  { name, qubits, gates, goal }: Case,
  compiler: Compiler,
  { clock, quick }: SuiteOptions,
): Row[] {
  const circuit = layered(qubits, gates, (angle, whole) => whole.parameter(angle));
  const random = mulberry32(7);
  const sets = Array.from({ length: 8 }, () =>
    Float64Array.from(circuit.parameters, () => 6 * random.next()),
  );
  using program = compiler.compile(circuit, 'f64');
  const states = sets.map(() => program.state());
  program.runBatch(states, sets);
  const [state] = states;
  const [angles] = sets;
  const expected = new StateVector(qubits);
  sets.forEach((parameters, k) => {
    expected.reset();
    run(circuit, expected, { parameters });
    checkEqual(name, states[k], expected);
    states[k].reset();
    program.run(states[k], parameters);
    checkEqual(name, states[k], expected);
  });
  const contenders = {
    compiled: () => {
      for (let i = 0; i < RUNS; i++) program.run(state, angles);
    },
    batch: () => {
      for (let i = 0; i < RUNS; i += sets.length) program.runBatch(states, sets);
    },
    reference: () => {
      for (let i = 0; i < RUNS / 100; i++) run(circuit, expected, { parameters: angles });
    },
  };
  const times = interleave(['compiled', 'batch', 'reference'], quick ? 21 : 101, (which) =>
    milliseconds(clock, contenders[which]),
  );
  for (const each of states) each[Symbol.dispose]();
  const compiled = medianFigure(times.compiled, 1e6 / RUNS);
  const reference = medianFigure(times.reference, 1e8 / RUNS);
  return [
    row({ name, ...compiled, unit: 'ns', goal, peer: { name: 'reference kernels', ...reference } }),
    row({
      name: `${name}, each of ${String(sets.length)} in a batch`,
      ...medianFigure(times.batch, 1e6 / RUNS),
      unit: 'ns',
      peer: { name: 'one by one', ...compiled },
    }),
  ];
}

/**
 * The same gates beside native simulators called from Python, whose angles stay as they are: they
 * are spared what binding costs, and pay a call from Python.
 */
async function peerRowsOf(
  { name, qubits, gates, goal }: Case,
  compiler: Compiler,
  { clock, quick, skipped }: SuiteOptions,
  peers: PythonPeers,
): Promise<Row[]> {
  const random = mulberry32(7);
  const fixed = layered(qubits, gates, () => 6 * random.next());
  const bound = layered(qubits, gates, (angle, whole) => whole.parameter(angle));
  const again = mulberry32(7);
  const angles = Float64Array.from(bound.parameters, () => 6 * again.next());
  using program = compiler.compile(bound, 'f64');
  using state = program.state();
  program.run(state, angles);
  const ready = await readyPeers(fixed, state, 'f64', { peers, skipped });
  const ours: number[] = [];
  const theirs = new Map<Engine, number[]>();
  for (const each of PEERS) if (ready.includes(each)) theirs.set(each, []);
  for (let round = 0; round < (quick ? 7 : 21); round++) {
    const took = milliseconds(clock, () => {
      for (let i = 0; i < RUNS; i++) program.run(state, angles);
    });
    ours.push((took * 1e6) / RUNS);
    for (const [engine, times] of theirs) {
      times.push(1e6 * (await peers.run(engine, PEER_RUNS)).milliseconds);
    }
  }
  await peers.clear();
  return [...theirs].map(([engine, times]) =>
    row({
      name: `${name}, beside fixed angles`,
      ...medianFigure(ours),
      unit: 'ns',
      goal,
      peer: { name: engine, ...medianFigure(times) },
    }),
  );
}

function checkEqual(name: string, actual: Amplitudes, expected: Amplitudes): void {
  for (const part of ['real', 'imaginary'] as const) {
    for (let k = 0; k < expected.real.length; k++) {
      const difference = Math.abs(actual[part][k] - expected[part][k]);
      if (!(difference < 1e-12)) throw new Error(`${name}: wrong by ${String(difference)}`);
    }
  }
}

/** Rotations on every qubit and a chain of CNOTs, in turns. */
function layered(
  qubits: number,
  gates: number,
  angleOf: (name: string, circuit: Circuit) => Angle,
): Circuit {
  const circuit = new Circuit(qubits);
  for (let gate = 0; gate < gates; gate++) {
    const qubit = gate % qubits;
    const kind = Math.floor(gate / qubits) % 3;
    if (kind === 2) circuit.cx(qubit, (qubit + 1) % qubits);
    else {
      const angle = angleOf(`angle${String(gate)}`, circuit);
      if (kind === 0) circuit.ry(angle, qubit);
      else circuit.rz(angle, qubit);
    }
  }
  return circuit;
}
