import { Circuit } from '@sema/simulator';
import { asin } from '@sema/simulator/elementary';
import type { QubitRegister } from '../ancilla-circuit.ts';
import {
  checkDistribution,
  checkLength,
  checkRange,
  checkValues,
  LARGEST_QUANTITY,
} from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { groverRudolphAngles, prepareDistribution } from '../state-preparation.ts';
import type { AmplitudeEstimate, AmplitudeOracle } from './amplitude-oracle.ts';
import { GroverCircuit } from './grover-circuit.ts';

/** What may be paid, and with which probability. */
export interface Payoffs {
  /** 2^k, k in 1 … 12; ≥ 0, sum 1. Such as the prices of a market. */
  readonly probabilities: ArrayLike<number>;
  /** As many, in any unit, within ±1e300 and not all equal. */
  readonly payoffs: ArrayLike<number>;
}

/** An expected payoff and where it is, in the unit of the payoffs. */
export interface PayoffEstimate {
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The preparation A = Σ √pᵢ |i⟩ (√(1 − gᵢ) |0⟩ + √gᵢ |1⟩) with gᵢ the payoffs brought to [0, 1], so
 * that the ancilla reads 1 with probability (E − v_min)/(v_max − v_min), and Grover's operator on
 * it: the oracle of a market's expected payoff. Any payoffs will do, since the rotations are
 * multiplexed.
 *
 * With the probabilities in memory the expectation is one dot product; what this shows is how many
 * calls of Q a device that can prepare the state would need.
 */
export class PayoffCircuit implements AmplitudeOracle, Disposable {
  readonly requiredQubits: number;
  /** A, on k qubits of outcomes and the ancilla after them. */
  readonly preparation: Circuit;
  readonly #least: number;
  readonly #spread: number;
  readonly #grover: GroverCircuit;

  /**
   * @param register - lends at least k + 1 qubits.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`
   */
  constructor({ probabilities, payoffs }: Payoffs, register: QubitRegister) {
    checkDistribution('probabilities', probabilities);
    checkLength('payoffs', payoffs, probabilities.length);
    checkValues('payoffs', payoffs, { from: -LARGEST_QUANTITY, to: LARGEST_QUANTITY });
    const qubits = 31 - Math.clz32(probabilities.length);
    checkRange('qubits of outcomes', qubits, { from: 1, to: 12 });
    this.requiredQubits = qubits + 1;
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    let [least, most] = [Infinity, -Infinity];
    for (let i = 0; i < payoffs.length; i += 1) {
      least = Math.min(least, payoffs[i]);
      most = Math.max(most, payoffs[i]);
    }
    checkRange('the spread of the payoffs', most - least, { from: Number.MIN_VALUE, to: Infinity });
    this.#least = least;
    this.#spread = most - least;
    this.preparation = preparationOf(probabilities, qubits, (i) =>
      Math.sqrt((payoffs[i] - least) / (most - least)),
    );
    this.#grover = new GroverCircuit(this.preparation);
  }

  /**
   * Runs A and then Q so many times. O(power · k · 2^k).
   *
   * @throws {AlgorithmError} `OUT_OF_RANGE` unless power is a whole number in [0, 1e6].
   */
  hitProbability(power: number): number {
    return this.#grover.hitProbability(power);
  }

  /** An estimate of the probability as one of the expected payoff. */
  expected({ estimate, lower, upper }: AmplitudeEstimate): PayoffEstimate {
    const [expectation, low, high] = [estimate, lower, upper].map(
      (amplitude) => this.#least + this.#spread * amplitude,
    );
    return { expected: expectation, lower: low, upper: high };
  }

  [Symbol.dispose](): void {
    this.#grover[Symbol.dispose]();
  }
}

function preparationOf(
  probabilities: ArrayLike<number>,
  qubits: number,
  factor: (outcome: number) => number,
): Circuit {
  const data = Array.from({ length: qubits }, (_, qubit) => qubit);
  const circuit = new Circuit(qubits + 1);
  prepareDistribution(circuit, data, [...groverRudolphAngles(probabilities)]);
  const turns = Array.from({ length: probabilities.length }, (_, i) => 2 * asin(factor(i)));
  return circuit.multiplexedRy(turns, data, qubits);
}
