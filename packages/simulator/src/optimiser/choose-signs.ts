import { eighths, isZero, negated, type Phase, sum, ZERO } from './phase.ts';
import { Parities } from './parities.ts';
import type { Step } from './step.ts';

/** All rotations of one parity: those of blocks by block, in multiples of π/4, and the others. */
interface Term {
  fixed: Phase;
  readonly byBlock: Map<number, number>;
}

/**
 * A doubly controlled Z is its own inverse, so the signs of its seven T gates may all be turned.
 * Turns them, block after block until none is left to turn, where fewer rotations then remain
 * after folding: equal parities of two blocks cancel instead of adding up to an S.
 *
 * @see Nam et al. (2018), §5: the polarity of Toffoli gates
 */
export function chooseSigns(steps: readonly Step[], qubits: number): Step[] {
  const terms = termsOf(steps, qubits);
  const termsByBlock = new Map<number, Term[]>();
  for (const term of terms) {
    for (const block of term.byBlock.keys()) {
      termsByBlock.set(block, [...(termsByBlock.get(block) ?? []), term]);
    }
  }
  const turned = new Set<number>();
  // Every turn removes a rotation, so this ends.
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const [block, own] of termsByBlock) {
      const before = countLeft(own, turned);
      flip(turned, block);
      if (countLeft(own, turned) < before) hasChanged = true;
      else flip(turned, block);
    }
  }
  return steps.map((step) =>
    step.kind === 'rz' && step.block !== undefined && turned.has(step.block)
      ? { ...step, phase: negated(step.phase) }
      : step,
  );
}

function flip(set: Set<number>, member: number): void {
  if (!set.delete(member)) set.add(member);
}

function countLeft(terms: readonly Term[], turned: ReadonlySet<number>): number {
  let count = 0;
  for (const { fixed, byBlock } of terms) {
    let total = 0;
    for (const [block, amount] of byBlock) total += turned.has(block) ? -amount : amount;
    if (!isZero(sum(fixed, eighths(total)))) count++;
  }
  return count;
}

function termsOf(steps: readonly Step[], qubits: number): Iterable<Term> {
  const terms = new Map<string, Term>();
  const parities = new Parities(qubits);
  for (const step of steps) {
    if (step.kind !== 'rz') {
      parities.follow(step);
      continue;
    }
    const { key, flipped } = parities.of(step.qubit);
    const phase = flipped ? negated(step.phase) : step.phase;
    const term = terms.get(key) ?? { fixed: ZERO, byBlock: new Map<number, number>() };
    terms.set(key, term);
    if (step.block === undefined) term.fixed = sum(term.fixed, phase);
    else term.byBlock.set(step.block, (term.byBlock.get(step.block) ?? 0) + phase.eighths);
  }
  return terms.values();
}
