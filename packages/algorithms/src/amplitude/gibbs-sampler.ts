import { Circuit } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import { asin, exp } from '@sema/simulator/elementary';
import type { QubitRegister } from '../ancilla-circuit.ts';
import { checkLength, checkRange, checkValues, LARGEST_QUANTITY } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { GroverCircuit } from './grover-circuit.ts';

/** One state drawn, and what it took. */
export interface GibbsSample {
  /** Drawn with probability e^{−βEᵢ}/Σ e^{−βEⱼ}. */
  readonly state: number;
  /** How often Q was applied. */
  readonly oracleCalls: number;
  /** How often the circuit was run and measured; A is applied once a run besides. */
  readonly runs: number;
}

/** How the largest power grows when a run has failed: between 1 and 4/3. */
const GROWTH = 6 / 5;

/**
 * Draws states from the Gibbs distribution of given energies, the weights of Hedge when these are
 * cumulative losses: all N states evenly, an ancilla turned by 2 arcsin e^{−β(E − E_min)/2}, and
 * amplitude amplification until the ancilla reads 1. With Z = Σ e^{−β(E − E_min)} that takes about
 * √(N/Z) calls of Q, though Z need not be known, where drawing and refusing takes N/Z.
 *
 * Amplification changes how likely a hit is and not what a hit is: samples are exact.
 *
 * @see Brassard, Høyer, Mosca & Tapp (2002), "Quantum amplitude amplification and estimation",
 * theorem 3; Poulin & Wocjan (2009), "Sampling from the thermal quantum Gibbs state"
 */
export class GibbsSampler implements Disposable {
  readonly requiredQubits: number;
  readonly #states: number;
  readonly #grover: GroverCircuit;

  /**
   * @param energies - 2^k, k in 1 … 12, within ±1e300.
   * @param inverseTemperature - β in [0, 1e300].
   * @param register - lends at least k + 1 qubits.
   * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH` when there are not 2^k, `OUT_OF_RANGE`,
   * `REGISTER_TOO_SMALL`
   */
  constructor(energies: ArrayLike<number>, inverseTemperature: number, register: QubitRegister) {
    checkValues('energies', energies, { from: -LARGEST_QUANTITY, to: LARGEST_QUANTITY });
    checkRange('inverse temperature', inverseTemperature, { from: 0, to: LARGEST_QUANTITY });
    const qubits = 31 - Math.clz32(energies.length);
    checkLength('energies', energies, 1 << qubits);
    checkRange('qubits of states', qubits, { from: 1, to: 12 });
    this.requiredQubits = qubits + 1;
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    let least = Infinity;
    for (let i = 0; i < energies.length; i += 1) least = Math.min(least, energies[i]);
    const data = Array.from({ length: qubits }, (_, qubit) => qubit);
    const preparation = new Circuit(qubits + 1);
    for (const qubit of data) preparation.ry(Math.PI / 2, qubit);
    const turns = Array.from(
      { length: energies.length },
      (_, i) => 2 * asin(exp((-inverseTemperature * (energies[i] - least)) / 2)),
    );
    preparation.multiplexedRy(turns, data, qubits);
    this.#states = energies.length;
    this.#grover = new GroverCircuit(preparation);
  }

  /**
   * Draws one state: runs the circuit with a power drawn from an ever wider range until the ancilla
   * reads 1.
   *
   * @throws {AlgorithmError} `OUT_OF_RANGE` when the random source leaves [0, 1).
   */
  sample(random: RandomSource): GibbsSample {
    let range = 1;
    let oracleCalls = 0;
    for (let runs = 1; ; runs += 1) {
      const power = Math.floor(draw(random) * range);
      oracleCalls += power;
      if (draw(random) < this.#grover.hitProbability(power)) {
        return { state: this.#read(random), oracleCalls, runs };
      }
      // The mass is at least 1/N, so that no more than √N rounds are ever needed.
      range = Math.min(GROWTH * range, Math.sqrt(this.#states));
    }
  }

  [Symbol.dispose](): void {
    this.#grover[Symbol.dispose]();
  }

  /** What the data qubits read when the ancilla reads 1. */
  #read(random: RandomSource): number {
    const { real } = this.#grover;
    let mass = 0;
    for (let i = 0; i < this.#states; i += 1) mass += square(real[this.#states + i]);
    let left = draw(random) * mass;
    let last = 0;
    for (let i = 0; i < this.#states; i += 1) {
      const own = square(real[this.#states + i]);
      if (own === 0) continue;
      if (left < own) return i;
      left -= own;
      last = i;
    }
    return last;
  }
}

function draw(random: RandomSource): number {
  const drawn = random.next();
  if (drawn >= 0 && drawn < 1) return drawn;
  throw new AlgorithmError('OUT_OF_RANGE', `the random source gave ${drawn}, not in [0, 1)`);
}

function square(x: number): number {
  return x * x;
}
