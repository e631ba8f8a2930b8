import { Compiler } from '@sema/simulator';
import { jsqubits, type QState } from 'jsqubits';
import QuantumCircuit from 'quantum-circuit';
import { interleave, median, medianFigure, row, type Row, type SuiteOptions } from '../harness.ts';
import { BENCHMARK_CIRCUITS } from './circuits.ts';
import { plainGates, type PlainGate } from './openqasm-text.ts';

const QUBITS = 10;
/** Their states and ours are the same up to a global phase, so probabilities are compared. */
const TOLERANCE = 1e-9;

/** One thread at 10 qubits beside the simulators of npm. */
export function npmRows({ clock, quick }: SuiteOptions): Row[] {
  using compiler = new Compiler();
  return (['qft', 'brick', 'qaoa', 'hea'] as const).flatMap((name) => {
    const circuit = BENCHMARK_CIRCUITS[name](QUBITS);
    const gates = plainGates(circuit);
    using program = compiler.compile(circuit, 'f64');
    using state = program.state();
    program.run(state);
    const ours = Float64Array.from(
      { length: state.dimension },
      (_, k) => state.real[k] * state.real[k] + state.imaginary[k] * state.imaginary[k],
    );
    const theirs = {
      'quantum-circuit': quantumCircuit(QUBITS, gates),
      jsqubits: chain(QUBITS, gates),
    };
    check('quantum-circuit', ours, theirs['quantum-circuit']());
    check('jsqubits', ours, theirs.jsqubits());
    const runs = 200;
    const contenders = {
      ours: () => {
        for (let i = 0; i < runs; i++) {
          state.reset();
          program.run(state);
        }
      },
      'quantum-circuit': theirs['quantum-circuit'],
      jsqubits: theirs.jsqubits,
    };
    const times = interleave(['ours', 'quantum-circuit', 'jsqubits'], quick ? 1 : 3, (which) => {
      const start = clock.nowNs();
      contenders[which]();
      return (clock.nowNs() - start) / 1e6;
    });
    const value = median(times.ours) / runs;
    return (['quantum-circuit', 'jsqubits'] as const).map((peer) =>
      row({
        name: `${name}, n = ${String(QUBITS)}, f64, 1 thread, times faster than ${peer}`,
        value: median(times[peer]) / value,
        unit: '×',
        goal: 'npm/times faster',
        peer: { name: `${peer}, ms`, ...medianFigure(times[peer]) },
      }),
    );
  });
}

function check(peer: string, ours: Float64Array, theirs: Float64Array): void {
  ours.forEach((probability, k) => {
    if (Math.abs(probability - theirs[k]) > TOLERANCE) throw new Error(`${peer} differs at ${k}`);
  });
}

/** A run by quantum-circuit, which parses nothing and keeps its gates. */
function quantumCircuit(qubits: number, gates: readonly PlainGate[]): () => Float64Array {
  const circuit = new QuantumCircuit(qubits);
  gates.flatMap(withoutRzz).forEach(({ name, angles, qubits: wires }, column) => {
    const [first, second, third] = angles;
    const params: Record<string, Record<string, number>> = {
      u3: { theta: first, phi: second, lambda: third },
      cu1: { lambda: first },
      rx: { theta: first },
      ry: { theta: first },
      rz: { phi: first },
    };
    circuit.addGate(name, column, [...wires], { params: params[name] ?? {} });
  });
  return () => {
    circuit.run();
    const state = circuit.state;
    return Float64Array.from({ length: 1 << qubits }, (_, k) => {
      // Only states with an amplitude are listed, under their number.
      const { re, im } = state[String(k)] ?? { re: 0, im: 0 };
      return re * re + im * im;
    });
  };
}

/** The same gate without RZZ, which quantum-circuit does not know. */
function withoutRzz(gate: PlainGate): readonly PlainGate[] {
  if (gate.name !== 'rzz') return [gate];
  const { angles, qubits } = gate;
  const cx = { name: 'cx', angles: [], qubits };
  return [cx, { name: 'rz', angles, qubits: [qubits[1]] }, cx];
}

/** A run by jsqubits, whose states are immutable and whose gates are methods. */
function chain(qubits: number, gates: readonly PlainGate[]): () => Float64Array {
  const steps = gates.map(jsqubitsStep);
  return () => {
    let state = jsqubits(`|${'0'.repeat(qubits)}>`);
    for (const step of steps) state = step(state);
    return Float64Array.from({ length: 1 << qubits }, (_, k) => {
      const amplitude = state.amplitude(k);
      return amplitude.magnitude() * amplitude.magnitude();
    });
  };
}

function jsqubitsStep({ name, angles, qubits }: PlainGate): (state: QState) => QState {
  const [a, b] = qubits;
  const [first, second, third] = angles;
  switch (name) {
    case 'h':
      return (state) => state.hadamard(a);
    case 'cx':
      return (state) => state.cnot(a, b);
    case 'cz':
      return (state) => state.controlledZ(a, b);
    case 'cu1':
      return (state) => state.controlledR(a, b, first);
    case 'swap':
      return (state) => state.swap(a, b);
    case 'rx':
      return (state) => state.rotateX(a, first);
    case 'ry':
      return (state) => state.rotateY(a, first);
    case 'rz':
      return (state) => state.rotateZ(a, first);
    case 'rzz':
      return (state) => state.cnot(a, b).rotateZ(b, first).cnot(a, b);
    case 'u3':
      return (state) => state.rotateZ(a, third).rotateY(a, first).rotateZ(a, second);
    default:
      throw new Error(`jsqubits has no ${name}`);
  }
}
