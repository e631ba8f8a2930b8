import type {
  CircuitCompiler,
  CircuitProgram,
  CircuitState,
  QubitRegister,
} from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import { Circuit } from '@sema/simulator';
import type { DensityMatrix, RandomSource } from '@sema/simulator';
import {
  basisDensityMatrix,
  depolarizing,
  outcomeProbabilities,
  runDensityMatrix,
} from '@sema/simulator/noise';
import type { GateNoise, NoiseModel } from '@sema/simulator/noise';
import { acos } from '@sema/simulator/elementary';
import { ACTION_QUBITS, ACTIONS } from './actions.ts';
import { EXPERT_QUBITS } from './board.ts';
import { QarError } from './errors.ts';
import type { FusionResult } from './fusion-circuit.ts';
import { fuseAmplitudes } from './fusion.ts';
import type { Machine, MachineMaker } from './machine.ts';
import { MOST_BIN_QUBITS } from './normal-bins.ts';
import { AlgorithmCircuits } from './resources/algorithm-circuits.ts';
import { fusionCircuit } from './resources/entangled-fusion.ts';
import { fuseEntangled, passAmplitudes, patternState } from './resources/entanglement-pattern.ts';
import type { EntanglementPattern } from './resources/entanglement-pattern.ts';
import type { QubitSettings } from './resources/qubit-shares.ts';

/** How a machine errs. */
export interface MachineNoise {
  /**
   * Probability of a Pauli error on each qubit of a CNOT, in [0, 1]; after a rotation of one qubit
   * it is a tenth of that. A rotation multiplexed over c controls counts as its 2^c CNOTs, and a
   * unitary on two qubits as three.
   */
  readonly gateError: number;
  /** Probability that a qubit is read as the other value, in [0, 1]. */
  readonly readoutError: number;
  /** How often each circuit is run and read, in [1, 10^6]; null for its exact probabilities. */
  readonly shots: number | null;
}

const MOST_SHOTS = 1_000_000;
const ACTION_STATES = 1 << ACTION_QUBITS;
const REGISTER = Array.from({ length: ACTION_QUBITS }, (_, qubit) => qubit);

/**
 * A machine that errs: every circuit of a decision is run as a density matrix under the noise and
 * read so many times. For studies of what errors cost; about a millisecond a decision.
 *
 * A reading in which nothing was selected fails as the circuits of a decision may: the twin
 * decides.
 *
 * @param random - draws the readings. A run from the same seed is the same again, a replay of its
 *   journal on another machine is not.
 * @throws {QarError} `BAD_SAMPLE` for shots out of range
 * @throws {SimulatorError} `INVALID_PROBABILITY`
 */
export function noisyMachine(noise: MachineNoise, random: RandomSource): MachineMaker {
  const { shots } = noise;
  if (shots !== null && !(Number.isInteger(shots) && shots >= 1 && shots <= MOST_SHOTS)) {
    throw new QarError('BAD_SAMPLE', `${shots} shots are not a whole number in [1, ${MOST_SHOTS}]`);
  }
  const reader = new NoisyReader(noise, random);
  return (settings) => new NoisyMachine(settings, reader);
}

class NoisyMachine implements Machine {
  readonly algorithms: AlgorithmCircuits;
  readonly #reader: NoisyReader;
  readonly #angle: number;
  readonly #fusions = new Map<EntanglementPattern, Circuit>();

  constructor({ returnQubits, entanglementAngle }: QubitSettings, reader: NoisyReader) {
    this.algorithms = new AlgorithmCircuits(returnQubits, reader);
    this.#reader = reader;
    this.#angle = entanglementAngle;
  }

  /** As on the perfect machine with a mark for each algorithm; no action is a void reading. */
  fuse(
    filters: readonly Float64Array[],
    pattern: EntanglementPattern,
    feedback: FeedbackOperator,
    { qubits }: QubitRegister,
  ): FusionResult {
    const circuit = this.#fusionOf(pattern);
    if (qubits.length < circuit.qubits) {
      const message = `fusion needs ${circuit.qubits} qubits, the register has ${qubits.length}`;
      throw new QarError('REGISTER_TOO_SMALL', message);
    }
    const angles = new Float64Array(filters.length * ACTION_STATES);
    for (const [j, filter] of filters.entries()) {
      passAmplitudes(filter).forEach((pass, action) => {
        angles[j * ACTION_STATES + action] = 2 * acos(pass);
      });
    }
    const rho = this.#reader.run(circuit, angles);
    // The operator is made for the state that the filters alone would leave.
    const fused =
      pattern === 'none'
        ? fuseAmplitudes(filters)
        : fuseEntangled(filters, patternState(pattern, this.#angle));
    const turn = new Circuit(circuit.qubits).unitary(feedback.operator(fused), REGISTER);
    this.#reader.run(turn, [], rho);
    return selected(this.#reader.read(rho), rho);
  }

  #fusionOf(pattern: EntanglementPattern): Circuit {
    const known = this.#fusions.get(pattern) ?? fusionCircuit(pattern, this.#angle);
    this.#fusions.set(pattern, known);
    return known;
  }

  [Symbol.dispose](): void {
    this.algorithms[Symbol.dispose]();
  }
}

/** Runs circuits under noise and reads them. */
class NoisyReader implements CircuitCompiler {
  readonly #noise: NoiseModel;
  readonly #readoutError: number;
  readonly #shots: number | null;
  readonly #random: RandomSource;

  constructor({ gateError, readoutError, shots }: MachineNoise, random: RandomSource) {
    this.#noise = { gates: gateNoise(gateError) };
    this.#readoutError = readoutError;
    this.#shots = shots;
    this.#random = random;
  }

  run(
    circuit: Circuit,
    parameters: ArrayLike<number>,
    rho = basisDensityMatrix(circuit.qubits),
  ): DensityMatrix {
    runDensityMatrix(circuit, rho, { parameters, noise: this.#noise });
    return rho;
  }

  /** Share of each basis state among the readings. */
  read(rho: DensityMatrix): Float64Array {
    const qubits = Array.from({ length: rho.qubits }, (_, qubit) => qubit);
    const error = { oneGivenZero: this.#readoutError, zeroGivenOne: this.#readoutError };
    const exact = outcomeProbabilities(rho, qubits, error);
    // Rounding leaves −1e-18 where there is nothing.
    for (let k = 0; k < exact.length; k++) exact[k] = Math.max(0, exact[k]);
    if (this.#shots === null) return exact;
    const shares = new Float64Array(exact.length);
    for (let shot = 0; shot < this.#shots; shot++) {
      let left = this.#random.next();
      let state = 0;
      while (state < exact.length - 1 && left >= exact[state]) left -= exact[state++];
      shares[state] += 1 / this.#shots;
    }
    return shares;
  }

  /** Leaves the roots of what was read, whose squares are all that the algorithms look at. */
  compile(circuit: Circuit): CircuitProgram {
    const { qubits } = circuit;
    const dimension = 1 << qubits;
    const nothing = (): void => undefined;
    return {
      state: (): CircuitState => ({
        qubits,
        dimension,
        real: new Float64Array(dimension),
        imaginary: new Float64Array(dimension),
        [Symbol.dispose]: nothing,
      }),
      run: ({ real, imaginary }, angles) => {
        this.read(this.run(circuit, angles)).forEach((share, k) => (real[k] = Math.sqrt(share)));
        imaginary.fill(0);
      },
      [Symbol.dispose]: nothing,
    };
  }
}

/** Of the readings with all marks at 0, the first states; the unused action is dropped. */
function selected(shares: Float64Array, rho: DensityMatrix): FusionResult {
  const measurements = shares.slice(0, ACTION_STATES);
  const preferences = measurements.slice(0, ACTIONS.length);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const [kept, successProbability] = [sum(preferences), sum(measurements)];
  if (!(kept > 0)) {
    throw new QarError('NOTHING_READ', 'no reading of the fusion has its marks at 0 and an action');
  }
  return {
    preferences: preferences.map((share) => share / kept),
    trace: {
      measurements: measurements.map((share) => share / successProbability),
      coherence: blockPurity(rho),
      successProbability,
    },
  };
}

/** Tr σ² of the register where all marks are 0. */
function blockPurity({ dimension, real, imaginary }: DensityMatrix): number {
  let [trace, squares] = [0, 0];
  for (let row = 0; row < ACTION_STATES; row++) {
    trace += real[row * (dimension + 1)];
    for (let column = 0; column < ACTION_STATES; column++) {
      const at = row * dimension + column;
      squares += real[at] * real[at] + imaginary[at] * imaginary[at];
    }
  }
  return Math.min(1, squares / (trace * trace));
}

/** Qubits of the largest multiplexed rotation: an ancilla turned by what the others read. */
const MOST_OPERANDS = 1 + Math.max(MOST_BIN_QUBITS, EXPERT_QUBITS);

function gateNoise(error: number): GateNoise[] {
  if (error === 0) return [];
  const rotations: GateNoise = {
    channel: depolarizing(error / 10),
    names: ['ry', 'multiplexed'],
    operands: 1,
  };
  const multiplexed = Array.from({ length: MOST_OPERANDS - 1 }, (_, index): GateNoise => {
    const controls = index + 1;
    const channel = depolarizing(anyOf(error, 1 << controls));
    return { channel, names: ['multiplexed'], operands: controls + 1 };
  });
  return [
    rotations,
    ...multiplexed,
    { channel: depolarizing(error), names: ['cx'] },
    { channel: depolarizing(anyOf(error, 3)), names: ['unitary'] },
  ];
}

/** Probability of at least one error in so many gates. */
function anyOf(error: number, gates: number): number {
  let none = 1;
  for (let gate = 0; gate < gates; gate++) none *= 1 - error;
  return 1 - none;
}
