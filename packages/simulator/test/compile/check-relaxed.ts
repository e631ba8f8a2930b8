import { Compiler, run, type Precision } from '@sema/simulator';
import { nodeThreads } from '@sema/simulator/threads';
import { hasRelaxedSimd } from '../../src/compile/support.ts';
import { distance, randomCircuit, randomState } from './random-circuit.ts';

/** What a Node that fuses multiplication and addition finds. */
export interface RelaxedReport {
  readonly hasRelaxedSimd: boolean;
  /** Per precision: the largest distance from what the reference back end says. */
  readonly far: Readonly<Record<Precision, number>>;
  /** In how many circuits some bit differs from reproducible arithmetic's. */
  readonly otherBits: Readonly<Record<Precision, number>>;
  /** In how many circuits two threads gave other bits than one. */
  readonly threadsDiffer: number;
}

/**
 * Runs random circuits of all operations in relaxed arithmetic. Written without the test runner,
 * which may not run there.
 */
export function checkRelaxed(circuits: number): RelaxedReport {
  const options = { workers: nodeThreads, tileQubits: 7 };
  using plain = new Compiler(options);
  using alone = new Compiler({ ...options, reproducible: false });
  using together = new Compiler({ ...options, reproducible: false, threads: 2 });
  const far = { f64: 0, f32: 0 };
  const otherBits = { f64: 0, f32: 0 };
  let threadsDiffer = 0;
  for (let seed = 0; seed < circuits; seed++) {
    const qubits = 1 + (seed % 12);
    const circuit = randomCircuit({ qubits, operations: 30, seed });
    const parameters = circuit.parameters.map((_, i) => i - 1.3);
    const expected = randomState(qubits, seed);
    const start = expected.copy();
    run(circuit, expected, { parameters });
    for (const precision of ['f64', 'f32'] as const) {
      const states = [plain, alone, together].map((compiler) => {
        using program = compiler.compile(circuit, precision);
        const state = program.state();
        state.copyFrom(start);
        program.run(state, parameters);
        return state;
      });
      far[precision] = Math.max(far[precision], distance(states[1], expected));
      if (distance(states[0], states[1]) > 0) otherBits[precision]++;
      if (distance(states[1], states[2]) > 0) threadsDiffer++;
      for (const state of states) state[Symbol.dispose]();
    }
  }
  return { hasRelaxedSimd: hasRelaxedSimd(), far, otherBits, threadsDiffer };
}
