import type { RandomSource } from '@sema/simulator';
import { extractErrors, parseStimCircuit, StimSampler } from '@sema/simulator/stim';
import type { CheckLayout } from './check-layout.ts';
import type { CycleNoise } from './hardware.ts';
import { MatchingDecoder } from './matching-decoder.ts';
import { memoryCircuit } from './memory-circuit.ts';
import { type Estimate, type MemoryCount, perCycleError } from './per-cycle-error.ts';

/**
 * Keeps a logical state many times through so many noisy cycles and counts how often it comes back
 * flipped, decoded by exact matching. Stabilizer sampling: the time is that of sampling and of
 * decoding each shot, whatever the distance.
 *
 * @param options - `basis` as for `memoryCircuit`; `shots` at least 1.
 * @throws {TimingBufferError} `CYCLES_OUT_OF_RANGE`
 * @throws {SimulatorError} `INVALID_SHOTS`, `RANDOM_OUT_OF_RANGE`, `NOT_EXPRESSIBLE`
 */
export function sampleMemory(
  layout: CheckLayout,
  noise: CycleNoise,
  options: {
    readonly basis: 'X' | 'Z';
    readonly cycles: number;
    readonly shots: number;
    readonly random: RandomSource;
  },
): MemoryCount {
  const { cycles, shots, random } = options;
  const circuit = parseStimCircuit(memoryCircuit(layout, noise, options));
  const decoder = new MatchingDecoder(extractErrors(circuit));
  const samples = new StimSampler(circuit).sampleDetectors(shots, random);
  return { cycles, shots, failures: decoder.failures(samples) };
}

/**
 * The error per cycle of a memory in each basis, fitted over several lengths.
 *
 * @param options - `lengths`: at least two different numbers of cycles; `shots` of each.
 * @throws as {@link sampleMemory} and {@link perCycleError}
 */
export function sampledErrorPerCycle(
  layout: CheckLayout,
  noise: CycleNoise,
  options: {
    readonly lengths: readonly number[];
    readonly shots: number;
    readonly random: RandomSource;
  },
): { readonly x: Estimate; readonly z: Estimate } {
  const { lengths, shots, random } = options;
  const fit = (basis: 'X' | 'Z'): Estimate =>
    perCycleError(
      lengths.map((cycles) => sampleMemory(layout, noise, { basis, cycles, shots, random })),
    );
  return { x: fit('X'), z: fit('Z') };
}
