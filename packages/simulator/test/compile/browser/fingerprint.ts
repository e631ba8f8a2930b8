import {
  Circuit,
  type CompiledState,
  Compiler,
  type Precision,
  run,
  StateVector,
  type WorkerHost,
} from '@sema/simulator';
import { distance } from '../random-circuit.ts';

/** Angles small enough that the reference and the compiled program hardly differ. */
const ANGLE = 0.7;
const QUBITS = 10;

function circuit(): Circuit {
  const built = new Circuit(QUBITS);
  const angle = built.parameter('a');
  for (let q = 0; q < QUBITS; q++) built.ry(angle, q).rz(0.1 * q, q);
  for (let q = 0; q < QUBITS - 1; q++) built.cx(q, q + 1).rzz(0.3, q, q + 1);
  for (let q = 0; q < QUBITS; q++) built.rx(angle, q);
  return built;
}

/** FNV-1a over the bytes of an array: equal for equal bits. */
function hashOf({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

export interface Fingerprint {
  /** Of all bits of the real and the imaginary parts, in double and in single precision. */
  readonly hashes: readonly number[];
  /** How far the amplitudes are from what the reference back end says, in each precision. */
  readonly far: readonly number[];
}

/**
 * What a program leaves in both precisions.
 *
 * @param workers - start a second thread, if there are any.
 * @param again - asked after each run whether to run once more.
 */
export async function fingerprint(
  workers?: WorkerHost,
  again: () => boolean | Promise<boolean> = () => false,
): Promise<Fingerprint> {
  const expected = new StateVector(QUBITS);
  run(circuit(), expected, { parameters: [ANGLE] });
  const threads = workers === undefined ? {} : { threads: 2, workers };
  using compiler = new Compiler({ ...threads, tileQubits: 7 });
  const states = [await last(compiler, 'f64', again), await last(compiler, 'f32', again)];
  return {
    hashes: states.flatMap(({ real, imaginary }) => [hashOf(real), hashOf(imaginary)]),
    far: states.map((state) => distance(state, expected)),
  };
}

/** The state after the last of the runs. */
async function last(
  compiler: Compiler,
  precision: Precision,
  again: () => boolean | Promise<boolean>,
): Promise<CompiledState> {
  using program = compiler.compile(circuit(), precision);
  const state = program.state();
  do {
    state.reset();
    program.run(state, [ANGLE]);
  } while (await again());
  return state;
}
