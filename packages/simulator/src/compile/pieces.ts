import { isFixed } from './linear.ts';
import type { Numbers } from './precision.ts';
import { FIXED_BITS, formOf, MOST_BITS, type RotationForm } from './rotation.ts';
import { movedQubits, type Step, touchedQubits } from './step.ts';
import { countBits } from './sweep.ts';

/**
 * Steps that are emitted together: phases, which are one product per amplitude, a single matrix or
 * table, or others ('moves'), which treat real and imaginary parts alike and apart.
 */
export interface Piece {
  readonly kind: 'phases' | 'matrix' | 'table' | 'moves';
  /** The steps in order; those of phases are one chunk. */
  readonly chunks: readonly Chunk[];
  /** The rotations whose left-out factors are made good in this piece; none: undefined. */
  readonly scales: readonly number[] | undefined;
}

/** Steps by their numbers, and the qubits that they move. */
export interface Chunk {
  readonly steps: readonly number[];
  readonly moved: number;
}

/** As many qubits may a chunk move: eight vectors and what is computed of them fit registers. */
export const CHUNK_QUBITS = 3;

/**
 * A rotation with parameters leaves out a factor of at least 2^−62: no double below 2^14 is nearer
 * to an odd multiple of π/2.
 */
const VARIABLE_BITS = 62;

/**
 * How a small plan computes a rotation. Unlike in large plans, one with parameters is a tangent
 * too, in double precision: the factor is computed with it, and made good before it is too small.
 */
export function smallFormOf(step: Step, { precision }: Numbers): RotationForm | undefined {
  if (step.kind !== 'rotation') return undefined;
  return isFixed(step.angle) || precision === 'f32' ? formOf(step.angle) : 'tangent';
}

/** Cuts steps without opaque ones, given by their numbers, into pieces. */
export function piecesOf(
  all: readonly Step[],
  steps: readonly number[],
  numbers: Numbers,
): Piece[] {
  const pieces: { kind: Piece['kind']; steps: number[]; scales: number[] | undefined }[] = [];
  let pending: number[] = [];
  let bits = 0;
  /** Lets the last piece make good what is pending. */
  const scale = () => {
    const last = pieces.at(-1);
    if (last === undefined || pending.length === 0) return;
    last.scales = pending;
    pending = [];
    bits = 0;
  };
  /** The last piece of phases, and the qubits that have been moved since. */
  let phases: number[] | undefined;
  let moved = 0;
  for (const index of steps) {
    const step = all[index];
    if (step.kind === 'phase') {
      if (phases !== undefined && (step.mask & moved) === 0) {
        phases.push(index);
        continue;
      }
      phases = [index];
      moved = 0;
      pieces.push({ kind: 'phases', steps: phases, scales: undefined });
      // Phases multiply every amplitude anyway.
      if (bits >= VARIABLE_BITS) scale();
      continue;
    }
    moved |= movedQubits(step);
    if (step.kind === 'matrix' || step.kind === 'table') {
      scale();
      pieces.push({ kind: step.kind, steps: [index], scales: undefined });
      continue;
    }
    const form = smallFormOf(step, numbers);
    const isLeaving = form !== undefined && form !== 'full';
    const isVariable = 'angle' in step && !isFixed(step.angle);
    const needed = isVariable ? VARIABLE_BITS : FIXED_BITS;
    if (isLeaving && bits + needed > MOST_BITS[numbers.precision]) scale();
    const last = pieces.at(-1);
    if (last?.kind === 'moves' && last.scales === undefined) last.steps.push(index);
    else pieces.push({ kind: 'moves', steps: [index], scales: undefined });
    if (!isLeaving) continue;
    pending.push(index);
    bits += needed;
  }
  scale();
  return pieces.map(({ kind, steps: own, scales }) => ({
    kind,
    chunks: kind === 'moves' ? chunksOf(all, own) : [{ steps: own, moved: 0 }],
    scales,
  }));
}

/** Orders steps, as far as they commute, so that few move many qubits one after another. */
function chunksOf(all: readonly Step[], steps: readonly number[]): Chunk[] {
  const chunks: Chunk[] = [];
  let rest = steps;
  while (rest.length > 0) {
    const taken: number[] = [];
    const left: number[] = [];
    let moved = 0;
    /** What the steps left for later move and touch: steps that do not commute with them wait. */
    let leftMoved = 0;
    let leftTouched = 0;
    for (const index of rest) {
      const [moves, touches] = [movedQubits(all[index]), touchedQubits(all[index])];
      const waits = (touches & leftMoved) !== 0 || (moves & leftTouched) !== 0;
      if (!waits && countBits(moved | moves) <= CHUNK_QUBITS) {
        taken.push(index);
        moved |= moves;
      } else {
        left.push(index);
        leftMoved |= moves;
        leftTouched |= touches;
      }
    }
    chunks.push({ steps: taken, moved });
    rest = left;
  }
  return chunks;
}
