import { type Channel, pauliChannel, thermalRelaxation } from '@sema/simulator/noise';
import { TimingBufferError } from '../errors.ts';
import { LookupDecoder } from './lookup-decoder.ts';
import {
  cardinalFidelity,
  checkCoherence,
  checkDuration,
  checkRates,
  type CoherenceTimes,
  idleRates,
  type PauliRates,
  repeatedRates,
  unprotectedFidelity,
} from './pauli-rates.ts';
import type { StabilizerCode } from './stabilizer-code.ts';

/** What becomes of each qubit that a bank keeps. */
export interface Protection {
  readonly name: string;
  /** Physical data qubits for each qubit kept. */
  readonly dataQubits: number;
  /** What a kept qubit has suffered after a time, finite and at least 0. */
  after(timeNs: number): Channel;
  /** The fidelity to the input after a time, averaged over the six cardinal states. */
  fidelityAfter(timeNs: number): number;
}

/**
 * No code: a qubit relaxes.
 *
 * @throws {TimingBufferError} `INVALID_COHERENCE_TIMES`
 */
export function bareProtection(times: CoherenceTimes): Protection {
  checkCoherence(times);
  const { t1Ns: t1, t2Ns: t2 } = times;
  return {
    name: 'bare',
    dataQubits: 1,
    after: (time) => thermalRelaxation({ t1, t2, time }),
    fidelityAfter: (timeNs) => unprotectedFidelity(times, timeNs),
  };
}

/**
 * A small code whose checks are faultless, once in each cycle: what is left of waiting, by going
 * through all errors. The time since the last check is taken as a part of a cycle.
 *
 * @param code - of at most 10 qubits.
 * @throws {TimingBufferError} `INVALID_COHERENCE_TIMES`, `DURATION_OUT_OF_RANGE`, also for a cycle
 *   of 0 ns, `TOO_MANY_QUBITS`, `INVALID_CODE`
 */
export function faultlessProtection(
  code: StabilizerCode,
  times: CoherenceTimes,
  cycleNs: number,
): Protection {
  const rates = new LookupDecoder(code).logicalRates(idleRates(times, cycleNs));
  return cycleProtection({ name: code.name, dataQubits: code.qubits, rates, cycleNs });
}

/**
 * A code by the errors per cycle of the qubit it keeps, such as those fitted by
 * `sampledErrorPerCycle`.
 *
 * @throws {TimingBufferError} `PROBABILITY_OUT_OF_RANGE`, also for rates that leave nothing after
 *   one cycle; `DURATION_OUT_OF_RANGE`
 */
export function cycleProtection(options: {
  readonly name: string;
  readonly dataQubits: number;
  readonly rates: PauliRates;
  readonly cycleNs: number;
}): Protection {
  const { name, dataQubits, rates, cycleNs } = options;
  checkRates(rates);
  checkDuration(cycleNs);
  if (cycleNs === 0) throw new TimingBufferError('DURATION_OUT_OF_RANGE', 'a cycle takes no time');
  if (!(Math.max(rates.x + rates.y, rates.y + rates.z, rates.x + rates.z) < 0.5)) {
    const { x, y, z } = rates;
    throw new TimingBufferError(
      'PROBABILITY_OUT_OF_RANGE',
      `errors of ${x}, ${y} and ${z} a cycle are none of a memory: a basis flips half the time`,
    );
  }
  const ratesAfter = (timeNs: number): PauliRates => {
    checkDuration(timeNs);
    const { x, y, z } = repeatedRates(rates, timeNs / cycleNs);
    // Rates of no error at all may round below 0.
    return { x: Math.max(0, x), y: Math.max(0, y), z: Math.max(0, z) };
  };
  return {
    name,
    dataQubits,
    after(timeNs) {
      const { x, y, z } = ratesAfter(timeNs);
      return pauliChannel(x, y, z);
    },
    fidelityAfter: (timeNs) => cardinalFidelity(ratesAfter(timeNs)),
  };
}
