import { TickMemory } from '@sema/qar';
import {
  bareProtection,
  faultlessProtection,
  FIVE_QUBIT_CODE,
  NEUTRAL_ATOM,
  TRANSMON,
  TRAPPED_ION,
  type Hardware,
} from '@sema/timing-buffer/quantum-memory';

/** The machines whose declared figures a memory can have, by the name an option takes. */
export const MACHINES: Readonly<Record<string, Hardware>> = {
  'trapped-ion': TRAPPED_ION,
  'neutral-atom': NEUTRAL_ATOM,
  transmon: TRANSMON,
};

/** Room for the four qubits of one state, and for one that is overdue. */
const CAPACITY_QUBITS = 8;
const DAY_NS = 86_400e9;

/**
 * A memory on such a machine: bare for a microsecond, and in the five-qubit code for longer,
 * checked as often as the machine can. The checks are taken to be faultless, so it is an upper
 * bound.
 */
export function tickMemory(machine: Hardware): TickMemory {
  const coded = faultlessProtection(FIVE_QUBIT_CODE, machine, cycleNs(machine));
  const capacityQubits = CAPACITY_QUBITS;
  return new TickMemory({
    banks: [
      { name: 'ns', longestNs: 1e3, capacityQubits, protection: bareProtection(machine) },
      { name: 'µs', longestNs: 1e6, capacityQubits, protection: coded },
      { name: 'ms', longestNs: DAY_NS, capacityQubits, protection: coded },
    ],
    unprotected: machine,
  });
}

/** A check of weight four: reset, Hadamard, four CNOTs, Hadamard, measurement. */
function cycleNs({ oneQubitGate, twoQubitGate, measurement, reset }: Hardware): number {
  return reset.timeNs + 2 * oneQubitGate.timeNs + 4 * twoQubitGate.timeNs + measurement.timeNs;
}
