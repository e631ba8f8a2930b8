import {
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
    ...readingRows(options),
  ];
}

const CIRCUITS = ['qft', 'brick', 'qaoa', 'hea'] as const;

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

export function milliseconds(clock: Clock, work: () => unknown): number {
  const start = clock.nowNs();
  work();
  return (clock.nowNs() - start) / 1e6;
}
