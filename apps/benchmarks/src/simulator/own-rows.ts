import {
  type Amplitudes,
  Circuit,
  Compiler,
  expectationValue,
  mulberry32,
  run,
  sample,
  StateVector,
  type PauliSum,
} from '@sema/simulator';
import { nodeThreads } from '@sema/simulator/threads';
import type { Clock } from '@sema/timing-buffer';
import {
  interleave,
  median,
  medianFigure,
  row,
  type Figure,
  type Row,
  type SuiteOptions,
} from '../harness.ts';
import { BENCHMARK_CIRCUITS } from './circuits.ts';

/** What only our own figures are held against. */
export function ownRows(options: SuiteOptions): Row[] {
  return [
    ...scalingRows(options),
    ...coldRows(options),
    ...denseRows(options),
    ...smallRows(options),
    ...readingRows(options),
  ];
}

const CIRCUITS = ['qft', 'brick', 'qaoa', 'hea'] as const;
const FOUR_QUBITS = 'small-circuits/4 qubits, 70 gates';
const DECISION = 'small-circuits/3-qubit decision';

/** One thread over two: Amdahl's law allows 2. */
function scalingRows({ clock, quick }: SuiteOptions): Row[] {
  using one = new Compiler();
  using two = new Compiler({ threads: 2, workers: nodeThreads });
  const sizes = quick ? [20] : [20, 22, 24];
  return sizes.flatMap((qubits) =>
    CIRCUITS.map((name) => {
      const circuit = BENCHMARK_CIRCUITS[name](qubits);
      using alone = one.compile(circuit, 'f64');
      using together = two.compile(circuit, 'f64');
      using first = alone.state();
      using second = together.state();
      const timed = { alone: () => alone.run(first), together: () => together.run(second) };
      timed.alone();
      timed.together();
      for (let k = 0; k < first.dimension; k++) {
        if (first.real[k] !== second.real[k]) throw new Error('two threads change the result');
      }
      const times = interleave(['alone', 'together'], quick ? 5 : 7, (which) =>
        milliseconds(clock, timed[which]),
      );
      return row({
        name: `two threads over one, ${name}, n = ${String(qubits)}, f64`,
        ...ratioFigure(times.alone, times.together),
        unit: '×',
        goal: 'two-threads/speed-up',
      });
    }),
  );
}

/** Of the medians, and of every round. */
function ratioFigure(over: Float64Array, under: Float64Array): Figure {
  const { samples } = medianFigure(over.map((value, round) => value / under[round]));
  return { value: median(over) / median(under), ...(samples && { samples }) };
}

/** What a circuit costs that is met for the first time. */
function coldRows({ clock, quick }: SuiteOptions): Row[] {
  const qubits = 20;
  return CIRCUITS.flatMap((name) => {
    const circuit = BENCHMARK_CIRCUITS[name](qubits);
    const compile: number[] = [];
    const cold: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < (quick ? 3 : 7); round++) {
      using compiler = new Compiler({ threads: 2, workers: nodeThreads });
      using state = compiler.state(qubits, 'f64');
      const started = clock.nowNs();
      using program = compiler.compile(circuit, 'f64');
      compile.push((clock.nowNs() - started) / 1e6);
      program.run(state);
      cold.push((clock.nowNs() - started) / 1e6);
      state.reset();
      warm.push(milliseconds(clock, () => program.run(state)));
    }
    const label = `${name}, n = ${String(qubits)}, f64, 2 threads`;
    const first = median(cold) - median(compile);
    return [
      row({
        name: `plan and compile over the first run, ${label}`,
        value: (100 * median(compile)) / first,
        unit: '%',
        goal: 'first-run/share',
      }),
      row({
        name: `cold: compile and first run, ${label}`,
        value: median(cold),
        unit: 'ms',
        peer: { name: 'second run', value: median(warm) },
      }),
    ];
  });
}

/** Small circuits with all their angles bound on every call, one by one and in batches. */
function smallRows({ clock, quick }: SuiteOptions): Row[] {
  const cases = [
    { name: '4 qubits, 70 gates, parameters bound', qubits: 4, gates: 70, goal: FOUR_QUBITS },
    { name: '3-qubit decision circuit, parameters bound', qubits: 3, gates: 10, goal: DECISION },
  ] as const;
  using compiler = new Compiler();
  return cases.flatMap(({ name, qubits, gates, goal }) => {
    const circuit = layered(qubits, gates);
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
    // Short rounds, and many: most fit between two interruptions by other processes.
    const runs = 4000;
    const contenders = {
      compiled: () => {
        for (let i = 0; i < runs; i++) program.run(state, angles);
      },
      batch: () => {
        for (let i = 0; i < runs; i += sets.length) program.runBatch(states, sets);
      },
      reference: () => {
        for (let i = 0; i < runs / 100; i++) run(circuit, expected, { parameters: angles });
      },
    };
    const times = interleave(['compiled', 'batch', 'reference'], quick ? 21 : 101, (which) =>
      milliseconds(clock, contenders[which]),
    );
    for (const each of states) each[Symbol.dispose]();
    const peer = { name: 'reference kernels', ...medianFigure(times.reference, 1e8 / runs) };
    const one = { name, ...medianFigure(times.compiled, 1e6 / runs), unit: 'ns', peer };
    return [
      row({ ...one, goal }),
      row({
        name: `${name}, each of ${String(sets.length)} in a batch`,
        ...medianFigure(times.batch, 1e6 / runs),
        unit: 'ns',
        peer: { name: 'one by one', ...medianFigure(times.compiled, 1e6 / runs) },
      }),
    ];
  });
}

function checkEqual(name: string, actual: Amplitudes, expected: Amplitudes): void {
  for (const part of ['real', 'imaginary'] as const) {
    for (let k = 0; k < expected.real.length; k++) {
      const difference = Math.abs(actual[part][k] - expected[part][k]);
      if (!(difference < 1e-12)) throw new Error(`${name}: wrong by ${String(difference)}`);
    }
  }
}

/** Rotations on every qubit and a chain of CNOTs, in turns, every angle a parameter. */
function layered(qubits: number, gates: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let gate = 0; gate < gates; gate++) {
    const qubit = gate % qubits;
    const kind = Math.floor(gate / qubits) % 3;
    if (kind === 2) circuit.cx(qubit, (qubit + 1) % qubits);
    else {
      const angle = circuit.parameter(`angle${String(gate)}`);
      if (kind === 0) circuit.ry(angle, qubit);
      else circuit.rz(angle, qubit);
    }
  }
  return circuit;
}

/** Gates that are no rotations, phases or permutations: as they are, over the whole register. */
function denseRows(options: SuiteOptions): Row[] {
  const [large, small] = options.quick ? [12, 6] : [20, 6];
  return [
    ...denseRowsOf(options, large, { threads: 2, runs: 1, unit: 'ms' }),
    ...denseRowsOf(options, small, { threads: 1, runs: 1000, unit: 'µs' }),
  ];
}

/** With so many runs at a time, of which one takes the milliseconds or microseconds reported. */
function denseRowsOf(
  { clock, quick }: SuiteOptions,
  qubits: number,
  { threads, runs, unit }: { threads: number; runs: number; unit: 'ms' | 'µs' },
): Row[] {
  const circuits = {
    'two-qubit matrices': matrices(qubits, 2),
    'three-qubit matrices': matrices(qubits, 3),
    'a diagonal of all qubits': diagonal(qubits),
  };
  using compiler = new Compiler({ threads, workers: nodeThreads });
  const perRun = (unit === 'ms' ? 1 : 1000) / runs;
  return Object.entries(circuits).map(([what, circuit]) => {
    using program = compiler.compile(circuit, 'f64');
    using state = program.state();
    const expected = new StateVector(qubits);
    program.run(state);
    run(circuit, expected);
    for (let k = 0; k < state.dimension; k++) {
      if (Math.abs(state.real[k] - expected.real[k]) > 1e-12) throw new Error(`${what}: wrong`);
    }
    const contenders = {
      compiled: () => program.run(state),
      reference: () => run(circuit, expected),
    };
    const times = interleave(['compiled', 'reference'], quick ? 2 : 5, (which) =>
      milliseconds(clock, () => {
        for (let i = 0; i < runs; i++) contenders[which]();
      }),
    );
    return row({
      name: `${what}, n = ${String(qubits)}, f64, ${threads === 1 ? '1 thread' : '2 threads'}`,
      ...medianFigure(times.compiled, perRun),
      unit,
      peer: { name: 'reference kernels', ...medianFigure(times.reference, perRun) },
    });
  });
}

/** One matrix, that of some rotations, on all neighbours. */
function matrices(qubits: number, size: number): Circuit {
  const block = new Circuit(size);
  for (let qubit = 0; qubit < size; qubit++) {
    block.u(0.3 + qubit, 0.7, 1.1 - qubit, qubit).cx(qubit, (qubit + 1) % size);
  }
  const dimension = 1 << size;
  const matrix = new Float64Array(2 * dimension * dimension);
  for (let column = 0; column < dimension; column++) {
    using state = new StateVector(size);
    state.reset(column);
    run(block, state);
    for (let line = 0; line < dimension; line++) {
      matrix[2 * (line * dimension + column)] = state.real[line];
      matrix[2 * (line * dimension + column) + 1] = state.imaginary[line];
    }
  }
  const circuit = new Circuit(qubits);
  for (let first = 0; first + size <= qubits; first++) {
    const list = Array.from({ length: size }, (_, k) => first + k);
    circuit.unitary(matrix, list);
  }
  return circuit;
}

/** A sign for each basis state, after a layer of H. */
function diagonal(qubits: number): Circuit {
  const random = mulberry32(5);
  const circuit = new Circuit(qubits);
  for (let qubit = 0; qubit < qubits; qubit++) circuit.h(qubit);
  const list = Array.from({ length: qubits }, (_, qubit) => qubit);
  const entries = Float64Array.from({ length: 2 << qubits }, (_, k) =>
    k % 2 === 1 ? 0 : random.next() < 0.5 ? -1 : 1,
  );
  return circuit.diagonal(entries, list);
}

/** Reading a large state: a million shots, and a sum of Pauli strings. */
function readingRows({ clock, quick }: SuiteOptions): Row[] {
  const qubits = quick ? 12 : 20;
  const state = new StateVector(qubits);
  run(BENCHMARK_CIRCUITS.qaoa(qubits), state);
  const shots = quick ? 1000 : 1_000_000;
  const ring: PauliSum = Array.from({ length: qubits }, (_, qubit) => ({
    coefficient: 1,
    paulis: { [qubit]: 'Z', [(qubit + 1) % qubits]: 'X' } as const,
  }));
  const rounds = quick ? 2 : 5;
  const sampling: number[] = [];
  const expectation: number[] = [];
  for (let round = 0; round < rounds; round++) {
    sampling.push(milliseconds(clock, () => sample(state, shots, mulberry32(round))));
    expectation.push(milliseconds(clock, () => expectationValue(state, ring)));
  }
  const size = `n = ${String(qubits)}`;
  return [
    row({ name: `${String(shots)} shots, ${size}`, value: median(sampling), unit: 'ms' }),
    row({
      name: `${String(qubits)} Pauli strings, ${size}`,
      value: median(expectation),
      unit: 'ms',
    }),
  ];
}

function milliseconds(clock: Clock, work: () => unknown): number {
  const start = clock.nowNs();
  work();
  return (clock.nowNs() - start) / 1e6;
}
