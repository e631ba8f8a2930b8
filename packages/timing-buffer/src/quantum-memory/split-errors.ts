import {
  type DemComponent,
  type DemError,
  demErrors,
  type DetectorErrorModel,
} from '@sema/simulator/stim';
import { TimingBufferError } from '../errors.ts';

/** An error of more detectors would have more splits than one would want to go through. */
const MAX_DETECTORS = 16;

/**
 * The same model with each error that flips more than two detectors split into parts that are
 * errors of the model themselves, as a matching decoder needs it. The parts together flip what the
 * whole does. Errors of one or two detectors, and those split before, stay as they are.
 *
 * @throws {TimingBufferError} `NOT_MATCHABLE` for an error that no such parts make up, or of more
 *   than 16 detectors
 */
export function splitErrors(model: DetectorErrorModel): DetectorErrorModel {
  const errors = [...demErrors(model)];
  const parts = new Parts(errors.filter(isSimple).map(({ components: [component] }) => component));
  const instructions = errors.map((error) => ({
    kind: 'error' as const,
    probability: error.probability,
    components: error.components.flatMap((component) =>
      component.detectors.length <= 2 ? [component] : parts.of(component),
    ),
  }));
  const { detectors, observables } = model;
  return { instructions, detectors, observables, errors: errors.length };
}

function isSimple({ components, probability }: DemError): boolean {
  const [{ detectors }] = components;
  return (
    components.length === 1 && probability > 0 && detectors.length > 0 && detectors.length <= 2
  );
}

/** The errors of one or two detectors, by the lower of these. */
class Parts {
  readonly #byFirst = new Map<number, DemComponent[]>();

  constructor(simple: readonly DemComponent[]) {
    for (const { detectors, observables } of simple) {
      const rising = [...detectors].sort((a, b) => a - b);
      const known = this.#byFirst.get(rising[0]) ?? [];
      known.push({ detectors: rising, observables });
      this.#byFirst.set(rising[0], known);
    }
    // Pairs first: the fewer parts the better.
    for (const known of this.#byFirst.values()) {
      known.sort((a, b) => b.detectors.length - a.detectors.length);
    }
  }

  of({ detectors, observables }: DemComponent): DemComponent[] {
    const rising = [...detectors].sort((a, b) => a - b);
    const few = rising.length <= MAX_DETECTORS;
    const found = few ? this.#search(rising, new Set(observables)) : undefined;
    if (found === undefined) {
      throw new TimingBufferError(
        'NOT_MATCHABLE',
        `the error of detectors ${rising.slice(0, 20).join(', ')} has no parts of at most two each`,
      );
    }
    return found;
  }

  /** Parts that flip exactly these rising detectors and these observables. */
  #search(left: readonly number[], flipped: ReadonlySet<number>): DemComponent[] | undefined {
    if (left.length === 0) return flipped.size === 0 ? [] : undefined;
    const [first, ...others] = left;
    for (const part of this.#byFirst.get(first) ?? []) {
      const [, second] = part.detectors;
      if (second !== undefined && !others.includes(second)) continue;
      const open = new Set(flipped);
      for (const l of part.observables) if (!open.delete(l)) open.add(l);
      const rest = this.#search(
        others.filter((detector) => detector !== second),
        open,
      );
      if (rest !== undefined) return [part, ...rest];
    }
    return undefined;
  }
}
