/*
 * Times a circuit in reproducible and in relaxed arithmetic and prints both as JSON. Run by a Node
 * that has relaxed SIMD: relaxed-program.ts CIRCUIT QUBITS PRECISION ROUNDS.
 */
import process from 'node:process';
import { Compiler } from '@sema/simulator';
import { interleave, median } from '../harness.ts';
import { systemClock } from '../system-clock.ts';
import { BENCHMARK_CIRCUITS, type BenchmarkCircuit } from './circuits.ts';

const [name, qubits, precision, rounds] = process.argv.slice(2);
// The caller passes a name of this list.
const circuit = BENCHMARK_CIRCUITS[name as BenchmarkCircuit](Number(qubits));
const compilers = { plain: new Compiler(), relaxed: new Compiler({ reproducible: false }) };
const clock = systemClock();
const runs = { plain: timed(compilers.plain), relaxed: timed(compilers.relaxed) };
for (const run of Object.values(runs)) run();
const times = interleave(['plain', 'relaxed'], Number(rounds), (which) => runs[which]());
const result = { plain: median(times.plain), relaxed: median(times.relaxed) };
process.stdout.write(JSON.stringify(result));

/** A run of the circuit, in milliseconds. */
function timed(compiler: Compiler): () => number {
  const program = compiler.compile(circuit, precision === 'f32' ? 'f32' : 'f64');
  const state = program.state();
  return () => {
    state.reset();
    const start = clock.nowNs();
    program.run(state);
    return (clock.nowNs() - start) / 1e6;
  };
}
