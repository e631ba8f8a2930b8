import { TimingBufferError } from '../errors.ts';
import type { CheckLayout } from './check-layout.ts';
import type { CycleNoise } from './hardware.ts';
import type { PauliRates } from './pauli-rates.ts';

/** A sample of more would take days. */
const MAX_CYCLES = 1_000_000;

/**
 * A memory experiment in Stim's format: the logical qubit is made, checked for so many cycles, and
 * measured. Detectors are the checks of the basis, which alone tell of the errors that flip its
 * outcome, and no error flips more than two of them. Observable 0 is the logical outcome.
 *
 * @param experiment - what is kept, and for how long.
 * @param experiment.basis - Z keeps |0⟩ or |1⟩, X keeps |+⟩ or |−⟩.
 * @param experiment.cycles - 1 to 1 000 000.
 * @throws {TimingBufferError} `CYCLES_OUT_OF_RANGE`
 */
export function memoryCircuit(
  layout: CheckLayout,
  noise: CycleNoise,
  { basis, cycles }: { readonly basis: 'X' | 'Z'; readonly cycles: number },
): string {
  if (!Number.isInteger(cycles) || cycles < 1 || cycles > MAX_CYCLES) {
    throw new TimingBufferError(
      'CYCLES_OUT_OF_RANGE',
      `${cycles} cycles are not 1 to ${MAX_CYCLES}`,
    );
  }
  const { data, checks } = layout;
  const all = range(0, data);
  const count = checks.length;
  const watched = range(0, count).filter((check) => checks[check].basis === basis);
  const cycle = cycleLines(layout, noise);
  const first = watched.map((check) => `DETECTOR rec[-${count - check}]`);
  const later = watched.map((k) => `DETECTOR rec[-${count - k}] rec[-${2 * count - k}]`);
  const last = watched.map((check) => {
    const touched = checks[check].touches.filter((qubit) => qubit !== undefined);
    const records = touched.map((qubit) => `rec[-${data - qubit}]`);
    return `DETECTOR rec[-${data + count - check}] ${records.join(' ')}`;
  });
  const logical = basis === 'Z' ? layout.logicalZ : layout.logicalX;
  const outcome = logical.map((qubit) => `rec[-${data - qubit}]`);
  const repeated = cycles === 1 ? [] : [`REPEAT ${cycles - 1} {`, ...cycle, ...later, '}'];
  return [
    `R${basis} ${all.join(' ')}`,
    ...error(basis === 'Z' ? 'X_ERROR' : 'Z_ERROR', noise.reset, all),
    ...cycle,
    ...first,
    ...repeated,
    `M${basis}${flip(noise.measurement)} ${all.join(' ')}`,
    ...last,
    `OBSERVABLE_INCLUDE(0) ${outcome.join(' ')}`,
    '',
  ].join('\n');
}

function cycleLines({ data, checks }: CheckLayout, noise: CycleNoise): string[] {
  const all = range(0, data);
  const ancillas = range(data, data + checks.length);
  const ofX = ancillas.filter((ancilla) => checks[ancilla - data].basis === 'X');
  const ofZ = ancillas.filter((ancilla) => checks[ancilla - data].basis === 'Z');
  const hadamards =
    ofX.length === 0
      ? []
      : [
          `H ${ofX.join(' ')}`,
          ...error('DEPOLARIZE1', noise.oneQubitGate, ofX),
          ...idle(noise.idle.oneQubitGate, [...all, ...ofZ]),
          'TICK',
        ];
  const steps = Math.max(...checks.map(({ touches }) => touches.length));
  const gates = range(0, steps).flatMap((step) => {
    const pairs = ancillas.flatMap((ancilla) => {
      const { basis, touches } = checks[ancilla - data];
      const qubit = touches[step];
      if (qubit === undefined) return [];
      return basis === 'X' ? [ancilla, qubit] : [qubit, ancilla];
    });
    const busy = new Set(pairs);
    const resting = [...all, ...ancillas].filter((qubit) => !busy.has(qubit));
    return [
      `CX ${pairs.join(' ')}`,
      ...error('DEPOLARIZE2', noise.twoQubitGate, pairs),
      ...idle(noise.idle.twoQubitGate, resting),
      'TICK',
    ];
  });
  return [
    ...idle(noise.idle.between, all),
    `R ${ancillas.join(' ')}`,
    ...error('X_ERROR', noise.reset, ancillas),
    ...idle(noise.idle.reset, all),
    'TICK',
    ...hadamards,
    ...gates,
    ...hadamards,
    `M${flip(noise.measurement)} ${ancillas.join(' ')}`,
    ...idle(noise.idle.measurement, all),
    'TICK',
  ];
}

function error(name: string, probability: number, qubits: readonly number[]): string[] {
  if (probability === 0 || qubits.length === 0) return [];
  return [`${name}(${probability}) ${qubits.join(' ')}`];
}

function idle({ x, y, z }: PauliRates, qubits: readonly number[]): string[] {
  if (x + y + z === 0 || qubits.length === 0) return [];
  return [`PAULI_CHANNEL_1(${x}, ${y}, ${z}) ${qubits.join(' ')}`];
}

function flip(probability: number): string {
  return probability === 0 ? '' : `(${probability})`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}
