import {
  Circuit,
  type Operation,
  type RandomSource,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import {
  bitFlip,
  depolarizing,
  type NoiseModel,
  runTrajectory,
  thermalRelaxation,
} from '@sema/simulator/noise';
import { TimingBufferError } from '../errors.ts';
import { disentanglingCircuit } from './encoding-circuit.ts';
import { checkHardware, type Hardware } from './hardware.ts';
import { LookupDecoder } from './lookup-decoder.ts';
import { checkDuration, unprotectedFidelity } from './pauli-rates.ts';
import { type PauliBits, pauliBits, type StabilizerCode } from './stabilizer-code.ts';

const MAX_CYCLES = 100_000;
const MAX_TRAJECTORIES = 1_000_000;

/** How a state is kept, and how often that is tried. */
export interface TrajectoryMemoryOptions {
  readonly cycles: number;
  /** Between one cycle and the next all qubits wait so long. */
  readonly waitNs: number;
  /** How many times in a row a syndrome must be read before it is corrected. */
  readonly agreeing: 1 | 2;
  /** A multiple of 6: each cardinal state is kept as often. */
  readonly trajectories: number;
  readonly random: RandomSource;
}

export interface KeptFidelity {
  /** To the input, averaged over the cardinal states and the trajectories. */
  readonly fidelity: number;
  readonly standardError: number;
  /** The time from encoding to retrieval. */
  readonly timeNs: number;
  /** What a bare qubit would have after that time; a closed form. */
  readonly unprotected: number;
}

/**
 * Keeps the six cardinal states in a small code by quantum trajectories: true relaxation and not
 * its twirl, errors after each gate, wrong outcomes and resets. A state is encoded by a noisy
 * circuit; each cycle waits and reads every generator through one ancilla, reset in between;
 * corrections are kept as a Pauli frame. At the end a faultless round and the frame correct what is
 * left, and the state is compared with the input. O(cycles · gates · 2^qubits) a trajectory.
 *
 * @param code - of at most 10 qubits.
 * @param options - `cycles` 0 to 100 000, `trajectories` 6 to 1 000 000.
 * @throws {TimingBufferError} `CYCLES_OUT_OF_RANGE`, `TRAJECTORIES_OUT_OF_RANGE`,
 *   `DURATION_OUT_OF_RANGE`, `INVALID_COHERENCE_TIMES`, `PROBABILITY_OUT_OF_RANGE`,
 *   `TOO_MANY_QUBITS`, `INVALID_CODE`
 */
export function trajectoryMemory(
  code: StabilizerCode,
  hardware: Hardware,
  options: TrajectoryMemoryOptions,
): KeptFidelity {
  checkHardware(hardware);
  checkOptions(options);
  const { cycles, waitNs, trajectories } = options;
  const memory = new Memory(code, hardware, options);
  let [sum, squares] = [0, 0];
  for (let k = 0; k < trajectories; k++) {
    const fidelity = memory.keep(CARDINAL_STATES[k % 6]);
    sum += fidelity;
    squares += fidelity * fidelity;
  }
  const fidelity = sum / trajectories;
  const variance = Math.max(0, squares / trajectories - fidelity * fidelity);
  const timeNs = memory.encodingNs + cycles * (waitNs + memory.readingNs);
  return {
    fidelity,
    standardError: Math.sqrt(variance / (trajectories - 1)),
    timeNs,
    unprotected: unprotectedFidelity(hardware, timeNs),
  };
}

/** Gates that make |0⟩ each of the six; the last eigenstates of X, Y and Z. */
const CARDINAL_STATES: readonly (readonly ('x' | 'h' | 's')[])[] = [
  [],
  ['x'],
  ['h'],
  ['x', 'h'],
  ['h', 's'],
  ['x', 'h', 's'],
];

class Memory {
  readonly encodingNs: number;
  readonly readingNs: number;
  readonly #code: StabilizerCode;
  readonly #options: TrajectoryMemoryOptions;
  readonly #decoder: LookupDecoder;
  readonly #noise: NoiseModel;
  readonly #encoding: Circuit;
  readonly #cycle: Circuit;
  readonly #reading: Circuit;
  readonly #disentangling: Circuit;

  constructor(code: StabilizerCode, hardware: Hardware, options: TrajectoryMemoryOptions) {
    this.#code = code;
    this.#options = options;
    this.#decoder = new LookupDecoder(code);
    this.#noise = noiseOf(hardware, options.waitNs);
    const disentangling = disentanglingCircuit(code);
    const data = Array.from({ length: code.qubits }, (_, q) => q);
    const wide = (circuit: Circuit): Circuit =>
      new Circuit(code.qubits + 1, { bits: code.qubits - 1 }).append(circuit, data);
    this.#disentangling = wide(disentangling);
    this.#encoding = wide(disentangling.inverse());
    this.#reading = readingCircuit(code);
    this.#cycle = new Circuit(code.qubits + 1, { bits: code.qubits - 1 });
    for (let q = 0; q <= code.qubits; q++) this.#cycle.id(q);
    this.#cycle.append(this.#reading);
    this.encodingNs = lengthNs(this.#encoding, hardware);
    this.readingNs = lengthNs(this.#reading, hardware);
  }

  /** The fidelity of one state that is encoded, kept and retrieved. */
  keep(preparation: readonly ('x' | 'h' | 's')[]): number {
    const { random, cycles, agreeing } = this.#options;
    const input = this.#code.qubits - 1;
    const decoder = this.#decoder;
    const noisy = { random, noise: this.#noise };
    using state = new StateVector(this.#code.qubits + 1);
    run(prepared(this.#code.qubits + 1, input, preparation), state);
    runTrajectory(this.#encoding, state, noisy);
    const frame = { x: 0, z: 0 };
    let before = 0;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const { bits } = runTrajectory(this.#cycle, state, noisy);
      const syndrome = syndromeOf(bits) ^ decoder.syndromeOf(frame);
      if (agreeing === 1 || syndrome === before) this.#correct(frame, syndrome);
      before = syndrome;
    }
    const { bits } = run(this.#reading, state, { random });
    this.#correct(frame, syndromeOf(bits) ^ decoder.syndromeOf(frame));
    const end = new Circuit(this.#code.qubits + 1, { bits: this.#code.qubits - 1 });
    for (let q = 0; q < this.#code.qubits; q++) {
      if ((frame.x >> q) & 1) end.x(q);
      if ((frame.z >> q) & 1) end.z(q);
    }
    end.append(this.#disentangling);
    end.append(prepared(this.#code.qubits + 1, input, preparation).inverse());
    run(end, state);
    return reducedDensityMatrix(state, [input]).real[0];
  }

  #correct(frame: { x: number; z: number }, syndrome: number): void {
    const correction: PauliBits = pauliBits(this.#decoder.corrections[syndrome]);
    frame.x ^= correction.x;
    frame.z ^= correction.z;
  }
}

function prepared(qubits: number, qubit: number, gates: readonly ('x' | 'h' | 's')[]): Circuit {
  const circuit = new Circuit(qubits);
  for (const gate of gates) circuit[gate](qubit);
  return circuit;
}

/** Reads each generator into its bit, through an ancilla after the data qubits. */
function readingCircuit({ qubits, generators }: StabilizerCode): Circuit {
  const ancilla = qubits;
  const circuit = new Circuit(qubits + 1, { bits: qubits - 1 });
  generators.forEach((generator, bit) => {
    circuit.reset(ancilla).h(ancilla);
    [...generator].forEach((letter, qubit) => {
      if (letter === 'X') circuit.cx(ancilla, qubit);
      if (letter === 'Y') circuit.cy(ancilla, qubit);
      if (letter === 'Z') circuit.cz(ancilla, qubit);
    });
    circuit.h(ancilla).measure(ancilla, bit);
  });
  return circuit;
}

function syndromeOf(bits: Uint8Array): number {
  return bits.reduce((syndrome, bit, i) => syndrome | (bit << i), 0);
}

function noiseOf(hardware: Hardware, waitNs: number): NoiseModel {
  const { t1Ns: t1, t2Ns: t2, oneQubitGate, twoQubitGate, measurement, reset } = hardware;
  const relaxation = (time: number) => thermalRelaxation({ t1, t2, time });
  const names = ['h', 's', 'sdg', 'x', 'z'] as const;
  return {
    gates: [
      { channel: depolarizing(oneQubitGate.error), names },
      { channel: depolarizing(twoQubitGate.error, 2), operands: 2 },
      { channel: bitFlip(reset.error), names: ['reset'] },
      { channel: relaxation(waitNs), names: ['id'] },
    ],
    readout: { oneGivenZero: measurement.error, zeroGivenOne: measurement.error },
    idle: {
      duration: (operation) => durationNs(operation, hardware),
      channel: (_, time) => relaxation(time),
    },
  };
}

/** The wait before a cycle takes no time of its own: its noise is a gate's. */
function durationNs(operation: Operation, hardware: Hardware): number {
  if (operation.kind === 'measure') return hardware.measurement.timeNs;
  if (operation.kind === 'reset') return hardware.reset.timeNs;
  if (operation.kind !== 'gate' || operation.gate === 'id') return 0;
  const alone = operation.controls.length === 0;
  return alone ? hardware.oneQubitGate.timeNs : hardware.twoQubitGate.timeNs;
}

/** The time of a circuit in which each operation starts when its qubits are free. */
function lengthNs(circuit: Circuit, hardware: Hardware): number {
  const free = new Float64Array(circuit.qubits);
  for (const operation of circuit.operations) {
    const qubits =
      operation.kind === 'gate'
        ? [...operation.controls, ...operation.targets]
        : operation.kind === 'measure' || operation.kind === 'reset'
          ? [operation.qubit]
          : [];
    const start = qubits.reduce((latest, qubit) => Math.max(latest, free[qubit]), 0);
    for (const qubit of qubits) free[qubit] = start + durationNs(operation, hardware);
  }
  return free.reduce((latest, time) => Math.max(latest, time), 0);
}

function checkOptions({ cycles, waitNs, trajectories }: TrajectoryMemoryOptions): void {
  checkDuration(waitNs);
  if (!Number.isInteger(cycles) || cycles < 0 || cycles > MAX_CYCLES) {
    throw new TimingBufferError(
      'CYCLES_OUT_OF_RANGE',
      `${cycles} cycles are not 0 to ${MAX_CYCLES}`,
    );
  }
  const possible = trajectories >= 6 && trajectories <= MAX_TRAJECTORIES && trajectories % 6 === 0;
  if (!possible) {
    throw new TimingBufferError(
      'TRAJECTORIES_OUT_OF_RANGE',
      `${trajectories} trajectories are no multiple of 6 in [6, ${MAX_TRAJECTORIES}]`,
    );
  }
}
