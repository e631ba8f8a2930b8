/** Detectors and observables that an error, or one part of it, flips. */
export interface DemComponent {
  readonly detectors: readonly number[];
  readonly observables: readonly number[];
}

/** An independent error; it flips what its components flip, taken together (an XOR). */
export interface DemError {
  readonly probability: number;
  /** A suggested split into simpler errors, at least one part. */
  readonly components: readonly DemComponent[];
}

/** Detectors are numbered from the sum of the shifts before the instruction. */
export type DemInstruction =
  | ({ readonly kind: 'error' } & DemError)
  | {
      readonly kind: 'detector';
      readonly coordinates: readonly number[];
      readonly detectors: readonly number[];
    }
  | { readonly kind: 'observable'; readonly observables: readonly number[] }
  | {
      readonly kind: 'shift';
      readonly coordinates: readonly number[];
      readonly detectors: number;
    }
  | { readonly kind: 'repeat'; readonly count: number; readonly body: readonly DemInstruction[] };

/** A detector error model, with its counts, repeated blocks multiplied out. */
export interface DetectorErrorModel {
  readonly instructions: readonly DemInstruction[];
  /** One more than the highest detector named. */
  readonly detectors: number;
  /** One more than the highest observable named. */
  readonly observables: number;
  readonly errors: number;
}

/** The errors one after another, blocks unrolled and detectors numbered from 0. */
export function* demErrors(model: DetectorErrorModel): Generator<DemError> {
  yield* errorsOf(model.instructions, { shift: 0 });
}

function* errorsOf(
  instructions: readonly DemInstruction[],
  position: { shift: number },
): Generator<DemError> {
  for (const instruction of instructions) {
    if (instruction.kind === 'shift') {
      position.shift += instruction.detectors;
    } else if (instruction.kind === 'repeat') {
      for (let turn = 0; turn < instruction.count; turn++) {
        yield* errorsOf(instruction.body, position);
      }
    } else if (instruction.kind === 'error') {
      const { probability, components } = instruction;
      const shifted = components.map(({ detectors, observables }) => ({
        detectors: detectors.map((detector) => detector + position.shift),
        observables,
      }));
      yield { probability, components: shifted };
    }
  }
}
