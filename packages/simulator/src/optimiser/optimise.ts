import type { Circuit } from '../circuit.ts';
import { cancelPairs } from './cancel-pairs.ts';
import { chooseSigns } from './choose-signs.ts';
import { emitNamed } from './emit.ts';
import { foldPhases } from './fold-phases.ts';
import { pushFlips } from './push-flips.ts';
import { reduceHadamards } from './reduce-hadamards.ts';
import { rewritten } from './rewrite.ts';
import type { Step } from './step.ts';

/**
 * A circuit that does the same, up to a global phase, with fewer gates and never more T gates, in
 * `h x z s sdg t tdg p cx`. Parameters stay symbolic.
 *
 * Passes, over and over while they help: cancelling H and CX pairs past whatever they commute
 * with, the Hadamard identities, and merging rotations by phase folding; before that X gates move
 * to the end and Toffoli gates get the signs under which most rotations cancel. Stretches between
 * measurements, resets, barriers and conditions are treated one by one. Nearly linear in the
 * number of gates for each pass.
 *
 * @throws {SimulatorError} `NOT_EXPRESSIBLE` for a matrix on more than two qubits,
 *   `TOO_MANY_OPERATIONS`
 * @see Nam, Ross, Su, Childs & Maslov (2018), arXiv:1710.07345
 */
export function optimise(circuit: Circuit): Circuit {
  return rewritten(circuit, reduceSteps, emitNamed);
}

/** More rounds than any circuit has been seen to need. */
const MAX_ROUNDS = 64;

function reduceSteps(steps: readonly Step[], qubits: number): Step[] {
  const tidy = (list: readonly Step[]) => cancelPairs(reduceHadamards(list, qubits), qubits);
  let best = chooseSigns(tidy(pushFlips(steps, qubits)), qubits);
  let idle = 0;
  // A round may only prepare what the next one removes, so two must pass without effect.
  for (let round = 0; round < MAX_ROUNDS && idle < 2; round++) {
    const next = tidy(foldPhases(tidy(best), qubits));
    idle = next.length < best.length ? 0 : idle + 1;
    best = next;
  }
  return best;
}
