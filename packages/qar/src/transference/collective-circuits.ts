import { groverRudolphAngles, prepareDistribution } from '@sema/algorithms';
import { entangle, VirtualQubits } from '@sema/resource-pool';
import { Circuit, postSelect, probabilities, probabilityOfOne } from '@sema/simulator';
import { atan2 } from '@sema/simulator/elementary';
import type { Clock } from '@sema/timing-buffer';
import { breakthroughOf } from './amplification.ts';
import type { Breakthrough } from './amplification.ts';
import { LEAST_GROUPS } from './collective-twin.ts';
import type { CollectiveOpinions } from './collective-twin.ts';
import { byGroup, tempered } from './components.ts';
import type { Component } from './components.ts';

/** Qubits that the collective names, and those that state vectors may hold at once. */
export const VIRTUAL_QUBITS = 66;
export const PHYSICAL_QUBITS = 24;
const MEMORY_BYTES = 1 << 24;

/** The most components: fourteen experts and three algorithms. */
const VOICES = 17;
const INDEX_QUBITS = 5;

/** Where each part of the collective lives among the virtual qubits. */
const CONSENSUS_VOICES = from(0);
const CONSENSUS_SHARES = from(VOICES);
const DIVERGENT_VOICES = from(22);
const DIVERGENT_RING = from(22 + VOICES);
const [INDEX, OPINION, NEAR, FAR] = [from(49), 54, 55, 56];

const CX = new Circuit(2).cx(0, 1);
const CZ = new Circuit(2).cz(0, 1);

/**
 * The collective of one decision on virtual qubits. Components share nothing but what entanglement
 * carries, each kind verified by its stabilizers before it is used:
 *
 * - **consensus** on a GHZ state with a share for each group. A component holds its opinion as
 *   √(1 − p)|0⟩ + √p|1⟩ on a qubit of its own, which is joined to the share by keeping even parity:
 *   what is left is Π√(1 − p)|0…0⟩ + Π√p|1…1⟩, and any share reads the pooled opinion.
 * - **divergent** on a ring cluster of groups with a witness between any two. Shares take in the
 *   opinions in the same way; a witness read in the X basis is 1 where its neighbours differ. A
 *   group counts where both its witnesses are 1.
 * - **breakthrough** by amplitude amplification over an index of components, and a qubit with the
 *   opinion of the component indexed, whose state reaches the reader over a Bell pair.
 *
 * Some milliseconds; agrees with `collectiveByTwin` to 1e-10.
 *
 * @param qubits - as `collectiveQubits` makes them, not used before.
 * @see Brassard, Høyer, Mosca & Tapp (2002), Quantum amplitude amplification and estimation;
 *   Raussendorf & Briegel (2001), Phys. Rev. Lett. 86, 5188; Browne & Rudolph (2005), Phys. Rev.
 *   Lett. 95, 010501, for joining by parity
 */
export function collectiveByCircuits(
  qubits: VirtualQubits,
  components: readonly Component[],
): CollectiveOpinions {
  const groups = byGroup(components);
  // Everyone has spoken before anything is shared.
  const agreeing = speak(qubits, groups, CONSENSUS_VOICES, components);
  const dissenting =
    groups.length < LEAST_GROUPS ? undefined : speak(qubits, groups, DIVERGENT_VOICES);
  const found = breakthroughOf(components);
  return {
    consensus: readConsensus(qubits, agreeing),
    divergent: dissenting === undefined ? undefined : readDivergent(qubits, dissenting),
    breakthrough: found === undefined ? undefined : readBreakthrough(qubits, components, found),
  };
}

/** @param clock - measures paging; nothing decided depends on it. */
export function collectiveQubits(clock: Clock): VirtualQubits {
  return new VirtualQubits({
    virtual: VIRTUAL_QUBITS,
    physical: PHYSICAL_QUBITS,
    memoryLimitBytes: MEMORY_BYTES,
    parkedLimitBytes: MEMORY_BYTES,
    clock,
  });
}

/**
 * Puts every opinion on its own qubit and joins those of a group.
 *
 * @param all - the components whose weights are to sum to 1: all of them, or each group by itself.
 * @returns the qubit that speaks for each group.
 */
function speak(
  qubits: VirtualQubits,
  groups: readonly (readonly Component[])[],
  first: (offset: number) => number,
  all?: readonly Component[],
): number[] {
  let voice = 0;
  return groups.map((members) => {
    const share = all === undefined ? 1 : weightOf(members) / weightOf(all);
    const speaker = first(voice);
    for (const probability of tempered(members, share)) {
      const qubit = first(voice++);
      qubits.run(new Circuit(1).ry(angleOf(probability), 0), [qubit]);
      if (qubit !== speaker) join(qubits, speaker, qubit);
    }
    return speaker;
  });
}

function readConsensus(qubits: VirtualQubits, speakers: readonly number[]): number {
  const shares = speakers.map((_, g) => CONSENSUS_SHARES(g));
  // A lone group has nobody to share with.
  if (shares.length > 1) entangle(qubits, 'ghz', shares);
  else qubits.run(new Circuit(1).h(0), shares);
  speakers.forEach((speaker, g) => {
    join(qubits, shares[g], speaker);
  });
  return probabilityOfOne(qubits.stateOf(shares), 0);
}

function readDivergent(qubits: VirtualQubits, speakers: readonly number[]): number {
  const count = speakers.length;
  const ring = Array.from({ length: 2 * count }, (_, at) => DIVERGENT_RING(at));
  entangle(qubits, 'cluster', ring);
  qubits.run(CZ, [ring[2 * count - 1], ring[0]]);
  speakers.forEach((speaker, g) => {
    join(qubits, ring[2 * g], speaker);
  });
  const turn = new Circuit(2 * count);
  for (let g = 0; g < count; g++) turn.h(2 * g + 1);
  qubits.run(turn, ring);
  const read = probabilities(qubits.stateOf(ring));
  let up = 0;
  let down = 0;
  for (let g = 0; g < count; g++) {
    const witnesses = (1 << (2 * g + 1)) | (1 << ((2 * g + 2 * count - 1) % (2 * count)));
    for (let k = 0; k < read.length; k++) {
      if ((k & witnesses) !== witnesses) continue;
      if ((k & (1 << (2 * g))) !== 0) up += read[k];
      else down += read[k];
    }
  }
  return up / (up + down);
}

function readBreakthrough(
  qubits: VirtualQubits,
  components: readonly Component[],
  { marked, rounds }: Breakthrough,
): number {
  const index = Array.from({ length: INDEX_QUBITS }, (_, bit) => INDEX(bit));
  const local = index.map((_, bit) => bit);
  const states = 1 << INDEX_QUBITS;
  const weights = new Float64Array(states);
  const total = weightOf(components);
  components.forEach(({ weight }, i) => {
    weights[i] = weight / total;
  });
  const prepare = new Circuit(INDEX_QUBITS);
  prepareDistribution(prepare, local, Array.from(groverRudolphAngles(weights)));
  const mark = diagonal(states, (k) => marked[k] ?? false);
  const reflect = diagonal(states, (k) => k > 0);
  const amplify = new Circuit(INDEX_QUBITS + 1).append(prepare, local);
  for (let round = 0; round < rounds; round++) {
    amplify.diagonal(mark, local).append(prepare.inverse(), local);
    amplify.diagonal(reflect, local).append(prepare, local);
  }
  const angles = Array.from({ length: states }, (_, i) =>
    i < components.length ? angleOf(components[i].probabilityUp) : 0,
  );
  amplify.multiplexedRy(angles, local, INDEX_QUBITS);
  qubits.run(amplify, [...index, OPINION]);
  entangle(qubits, 'bell', [NEAR, FAR]);
  // Teleportation with its measurements deferred: controls in place of measured bits.
  qubits.run(new Circuit(3).cx(0, 1).h(0).cx(1, 2).cz(0, 2), [OPINION, NEAR, FAR]);
  return qubits.reducedDensityMatrix([FAR]).real[3];
}

/**
 * Joins the opinion on `voice` to what `share` belongs to: keeps the branches in which both are
 * alike, and leaves the voice |0⟩.
 */
function join(qubits: VirtualQubits, share: number, voice: number): void {
  qubits.run(CX, [share, voice]);
  const register = [voice, ...qubits.partners([voice])];
  const state = qubits.stateOf(register);
  postSelect(state, 0, 0);
  qubits.write(register, state);
}

/** −1 where `turned` says so, as interleaved complex numbers. */
function diagonal(states: number, turned: (k: number) => boolean): Float64Array {
  const entries = new Float64Array(2 * states);
  for (let k = 0; k < states; k++) entries[2 * k] = turned(k) ? -1 : 1;
  return entries;
}

/** The RY angle of √(1 − p)|0⟩ + √p|1⟩. */
function angleOf(probability: number): number {
  return 2 * atan2(Math.sqrt(probability), Math.sqrt(1 - probability));
}

function weightOf(components: readonly Component[]): number {
  let sum = 0;
  for (const { weight } of components) sum += weight;
  return sum;
}

function from(start: number): (offset: number) => number {
  return (offset) => start + offset;
}
