import { LearningError } from './errors.ts';
import { indexOfLargest, REGIMES, requireMemberships, type Regime } from './regimes.ts';
import { requireInteger, requireNumber, snapshotFields, type Range } from './validation.ts';

export interface RegimeTrackerOptions {
  /** How far another regime's membership must lead, in (0, 1]; 0.1 if not given. */
  readonly margin?: number;
  /** Updates for which a regime is kept at least, an integer in [1, 1000000]; 5 if not given. */
  readonly minimumDwell?: number;
}

/** The whole state of a `RegimeTracker`. */
export interface RegimeTrackerSnapshot {
  readonly margin: number;
  readonly minimumDwell: number;
  /** null before the first update. */
  readonly regime: Regime | null;
  /** Updates spent in the regime, counted up to `minimumDwell`. */
  readonly held: number;
}

const MARGIN_RANGE: Range = { min: 1e-9, max: 1 };
const DWELL_RANGE: Range = { min: 1, max: 1_000_000 };

/**
 * Names the one regime to act by, with hysteresis. The first update takes the largest membership.
 * After that another regime takes over only if the present one has been kept for `minimumDwell`
 * updates and the other's membership leads by at least `margin`. So T updates bring at most
 * (T − 1)/minimumDwell switches, and between two regimes none while the lead stays below margin.
 */
export class RegimeTracker {
  readonly margin: number;
  readonly minimumDwell: number;
  #current = -1;
  #held = 0;

  /** @throws {LearningError} `INVALID_OPTION` */
  constructor({ margin = 0.1, minimumDwell = 5 }: RegimeTrackerOptions = {}) {
    const code = 'INVALID_OPTION';
    this.margin = requireNumber(margin, 'margin', MARGIN_RANGE, code);
    this.minimumDwell = requireInteger(minimumDwell, 'minimumDwell', DWELL_RANGE, code);
  }

  /** The regime after the last update; undefined before the first. */
  get regime(): Regime | undefined {
    return this.#current < 0 ? undefined : REGIMES[this.#current];
  }

  /**
   * Takes the memberships of one step and says which regime holds now. O(1).
   *
   * @param memberships - 4 numbers in [0, 1] with sum 1 ± 1e-9, in the order of `REGIMES`.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_MEMBERSHIPS`
   */
  update(memberships: ArrayLike<number>): Regime {
    requireMemberships(memberships);
    const candidate = indexOfLargest(memberships);
    if (this.#current < 0 || this.#mayLeaveFor(candidate, memberships)) {
      this.#current = candidate;
      this.#held = 1;
    } else {
      this.#held = Math.min(this.#held + 1, this.minimumDwell);
    }
    return REGIMES[this.#current];
  }

  snapshot(): RegimeTrackerSnapshot {
    return {
      margin: this.margin,
      minimumDwell: this.minimumDwell,
      regime: this.regime ?? null,
      held: this.#held,
    };
  }

  /**
   * A tracker that continues where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: RegimeTrackerSnapshot): RegimeTracker {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const tracker = new RegimeTracker({
      margin: requireNumber(fields.margin, 'margin', MARGIN_RANGE, code),
      minimumDwell: requireInteger(fields.minimumDwell, 'minimumDwell', DWELL_RANGE, code),
    });
    const started = fields.regime !== null;
    const index = REGIMES.findIndex((regime) => regime === fields.regime);
    if (started && index < 0) throw new LearningError(code, 'regime is neither null nor a regime');
    const heldRange = started ? { min: 1, max: tracker.minimumDwell } : { min: 0, max: 0 };
    tracker.#held = requireInteger(fields.held, 'held', heldRange, code);
    tracker.#current = index;
    return tracker;
  }

  #mayLeaveFor(candidate: number, memberships: ArrayLike<number>): boolean {
    return (
      this.#held >= this.minimumDwell &&
      memberships[candidate] - memberships[this.#current] >= this.margin
    );
  }
}
