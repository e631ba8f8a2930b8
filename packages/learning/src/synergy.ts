import { log } from '@sema/simulator/elementary';
import { ExperienceReservoir, type ReservoirSnapshot } from './experience-reservoir.ts';
import { diagonal, gibbsState } from './matrix-learner.ts';
import { PairGains, type PairGain, type PairGainsSnapshot } from './pair-gains.ts';
import type { RegimeCharacteristics } from './regime-characteristics.ts';
import { requireBoolean, requireInteger, requireNumber } from './validation.ts';
import { restoredArray, snapshotFields, type Range } from './validation.ts';

/** The whole state of a `Synergy`. */
export interface SynergySnapshot {
  readonly learningRate: number;
  readonly engaged: boolean;
  /** Next held-back experience to be looked at again. */
  readonly revisit: number;
  readonly couplings: Float64Array;
  readonly gains: PairGainsSnapshot;
  readonly heldBack: ReservoirSnapshot;
}

/** Rounds over which gains are estimated. */
const GAIN_MEMORY = 250;
/** Held-back experiences kept, and how many are needed before anything is concluded. */
const HELD_BACK = 128;
const HELD_BACK_NEEDED = 32;
/** Standard errors by which a gain must exceed 0 to couple; effective rounds it needs. */
const GAIN_ERRORS = 2;
const GAIN_ROUNDS = 30;
/** Standard errors by which the held-back loss must be lower for couplings to be engaged: 5 %. */
const ENGAGE_ERRORS = 1.645;
const RATE_RANGE: Range = { min: 1e-9, max: 8 };

/**
 * What experts are worth together. Pairs whose joint forecast beats the better of the two are
 * coupled: K = ln W + C with C off the diagonal, C ← (1 − 1/coherenceTime)·C + η·gain, cut to
 * groups of entanglementDepth experts, and the weights become the diagonal of e^K/Tr e^K. This is
 * matrix multiplicative weights with −gain as the non-commuting part of the experience; without
 * couplings it is W itself.
 *
 * Couplings act only while they are engaged. A part of the outcomes is held back: they teach the
 * couplings nothing and show what the pooled forecast loses with and without them. Couplings are
 * engaged when that difference is below 0 by 1.645 standard errors, and dropped as soon as it is
 * not below 0 any more; then the weights are again exactly W.
 */
export class Synergy {
  readonly experts: number;
  readonly learningRate: number;
  #engaged = false;
  #revisit = 0;
  #gains: PairGains;
  #couplings: Float64Array;
  /** Coupled pairs as places in #couplings; whether each such place is of a proven pair. */
  readonly #ties: Uint16Array;
  readonly #isProven: Uint8Array;
  /** Of every expert the one that its group is named after, and how many have that name. */
  readonly #names: Uint8Array;
  readonly #sizes: Uint8Array;
  /** Rows: what couplings changed in the loss, the outcome, N weights, N forecasts, −1 for none. */
  #heldBack: ExperienceReservoir;

  /**
   * @param options.experts - N in [1, 16].
   * @param options.learningRate - η in [1e-9, 8].
   * @param options.seed - chooses which outcomes are held back and kept, in [0, 2^32).
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor(options: { experts: number; learningRate: number; seed: number }) {
    const { experts, learningRate, seed } = options;
    this.#gains = new PairGains({ experts, memory: GAIN_MEMORY });
    this.experts = experts;
    this.learningRate = requireNumber(learningRate, 'learningRate', RATE_RANGE, 'INVALID_OPTION');
    this.#couplings = new Float64Array(experts * experts);
    this.#ties = new Uint16Array(experts * experts);
    this.#isProven = new Uint8Array(experts * experts);
    this.#names = new Uint8Array(experts);
    this.#sizes = new Uint8Array(experts);
    this.#heldBack = new ExperienceReservoir({ capacity: HELD_BACK, width: 2 + 2 * experts, seed });
  }

  /** Whether couplings act on the weights. */
  get engaged(): boolean {
    return this.#engaged;
  }

  /** C, symmetric with zeros on the diagonal, row-major. */
  get couplings(): Float64Array {
    return this.#couplings.slice();
  }

  /** The gain of a pair as estimated; undefined without evidence. */
  gain(i: number, j: number): PairGain | undefined {
    return this.#gains.pair(i, j);
  }

  /** What couplings changed in the held-back losses: mean, standard error, how many. O(128). */
  heldBackDifference(): { readonly mean: number; readonly error: number; readonly count: number } {
    const { count } = this.#heldBack;
    let sum = 0;
    for (let k = 0; k < count; k += 1) sum += this.#heldBack.entry(k, 0);
    const mean = count > 0 ? sum / count : 0;
    let squares = 0;
    for (let k = 0; k < count; k += 1) {
      const off = this.#heldBack.entry(k, 0) - mean;
      squares += off * off;
    }
    const error = count > 1 ? Math.sqrt(squares / (count - 1) / count) : Infinity;
    return { mean, error, count };
  }

  /**
   * The weights with couplings where they are engaged. O(N³) then.
   *
   * @param weights - N numbers ≥ 0, not all 0; an expert of weight 0 takes no part.
   */
  weights(weights: Float64Array): Float64Array {
    return this.#engaged ? this.#coupled(weights) : weights.slice();
  }

  /**
   * Learns from one round.
   *
   * @param weights - those of the experts that spoke, 0 for the others.
   * @param probabilities - N in [0, 1], NaN where an expert abstained.
   * @param outcome - in [0, 1].
   */
  record(
    weights: Float64Array,
    probabilities: Float64Array,
    outcome: number,
    characteristics: RegimeCharacteristics,
  ): void {
    if (this.#heldBack.draw() < characteristics.measurementFrequency) {
      this.#measure(weights, probabilities, outcome);
      return;
    }
    this.#gains.record(probabilities, outcome);
    const keep = 1 - 1 / characteristics.coherenceTime;
    for (let k = 0; k < this.#couplings.length; k += 1) this.#couplings[k] *= keep;
    const proven = this.#gains.provenPairs(GAIN_ROUNDS, GAIN_ERRORS);
    for (const { i, j, gain } of proven) this.#couple(i, j, this.learningRate * gain);
    this.#limitGroups(proven, characteristics.entanglementDepth);
  }

  snapshot(): SynergySnapshot {
    return {
      learningRate: this.learningRate,
      engaged: this.#engaged,
      revisit: this.#revisit,
      couplings: this.couplings,
      gains: this.#gains.snapshot(),
      heldBack: this.#heldBack.snapshot(),
    };
  }

  /**
   * A synergy that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: SynergySnapshot): Synergy {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    // Both check what they are given themselves.
    const gains = PairGains.restore(fields.gains as PairGainsSnapshot);
    const heldBack = ExperienceReservoir.restore(fields.heldBack as ReservoirSnapshot);
    const { experts } = gains;
    const learningRate = requireNumber(fields.learningRate, 'learningRate', RATE_RANGE, code);
    const synergy = new Synergy({ experts, learningRate, seed: 0 });
    requireNumber(heldBack.capacity, 'heldBack', { min: HELD_BACK, max: HELD_BACK }, code);
    const { width } = synergy.#heldBack;
    requireNumber(heldBack.width, 'width', { min: width, max: width }, code);
    // A sum of at most coherenceTime gains of at most 1, times η.
    const range = { min: 0, max: 1e6 };
    const couplings = restoredArray(fields.couplings, 'couplings', experts * experts, range);
    for (let i = 0; i < experts; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const mirrored = i === j ? 0 : couplings[j * experts + i];
        requireNumber(
          couplings[i * experts + j],
          'couplings',
          { min: mirrored, max: mirrored },
          code,
        );
      }
    }
    synergy.#revisit = requireInteger(fields.revisit, 'revisit', { min: 0, max: HELD_BACK }, code);
    synergy.#engaged = requireBoolean(fields.engaged, 'engaged');
    synergy.#couplings = couplings;
    synergy.#gains = gains;
    synergy.#heldBack = heldBack;
    return synergy;
  }

  #couple(i: number, j: number, more: number): void {
    this.#couplings[i * this.experts + j] += more;
    this.#couplings[j * this.experts + i] += more;
  }

  /**
   * Drops the couplings beyond groups of `depth` experts. Those still proven come first, and of
   * them the strongest, so that a group that pays is not broken up by a newcomer.
   */
  #limitGroups(proven: readonly PairGain[], depth: number): void {
    const count = this.#rankTies(proven);
    const names = this.#names;
    const sizes = this.#sizes.fill(1);
    for (let e = 0; e < this.experts; e += 1) names[e] = e;
    for (let k = 0; k < count; k += 1) {
      const tie = this.#ties[k];
      const i = Math.floor(tie / this.experts);
      const j = tie % this.experts;
      const kept = names[i];
      const lost = names[j];
      if (kept === lost) continue;
      if (sizes[kept] + sizes[lost] > depth) {
        this.#couple(i, j, -this.#couplings[tie]);
        continue;
      }
      sizes[kept] += sizes[lost];
      for (let e = 0; e < this.experts; e += 1) if (names[e] === lost) names[e] = kept;
    }
  }

  /**
   * Fills #ties with the coupled pairs, proven ones first, then by strength, equals in the order of
   * experts; returns how many there are. By insertion, because there are few.
   */
  #rankTies(proven: readonly PairGain[]): number {
    const ties = this.#ties;
    this.#isProven.fill(0);
    for (const { i, j } of proven) this.#isProven[i * this.experts + j] = 1;
    let count = 0;
    for (let i = 1; i < this.experts; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const tie = i * this.experts + j;
        if (this.#couplings[tie] === 0) continue;
        let place = count;
        for (; place > 0 && this.#goesBefore(tie, ties[place - 1]); place -= 1) {
          ties[place] = ties[place - 1];
        }
        ties[place] = tie;
        count += 1;
      }
    }
    return count;
  }

  #goesBefore(tie: number, other: number): boolean {
    const lead = this.#isProven[tie] - this.#isProven[other];
    return lead === 0 ? this.#couplings[tie] > this.#couplings[other] : lead > 0;
  }

  /** Keeps a held-back experience, looks again at an older one, and decides what to engage. */
  #measure(weights: Float64Array, probabilities: Float64Array, outcome: number): void {
    const forecasts = probabilities.map((p) => (Number.isNaN(p) ? -1 : p));
    const place = this.#heldBack.offer([0, outcome, ...weights, ...forecasts]);
    this.#lookAt(place);
    this.#revisit %= this.#heldBack.count;
    this.#lookAt(this.#revisit);
    this.#revisit += 1;
    const { mean, error, count } = this.heldBackDifference();
    if (count < HELD_BACK_NEEDED || !(mean < 0)) this.#engaged = false;
    else if (mean + ENGAGE_ERRORS * error < 0) this.#engaged = true;
  }

  /** Writes what the present couplings change in the loss of a held-back experience. */
  #lookAt(place: number): void {
    const row = this.#heldBack.row(place);
    const weights = row.subarray(2, 2 + this.experts);
    const forecasts = row.subarray(2 + this.experts);
    const plain = pooled(weights, forecasts) - row[1];
    const coupled = pooled(this.#coupled(weights), forecasts) - row[1];
    row[0] = coupled * coupled - plain * plain;
  }

  #coupled(weights: Float64Array): Float64Array {
    const awake: number[] = [];
    for (let e = 0; e < this.experts; e += 1) if (weights[e] > 0) awake.push(e);
    const size = awake.length;
    const exponent = new Float64Array(size * size);
    let tied = false;
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < row; column += 1) {
        const coupling = this.#couplings[awake[row] * this.experts + awake[column]];
        exponent[row * size + column] = exponent[column * size + row] = coupling;
        tied ||= coupling > 0;
      }
      exponent[row * (size + 1)] = log(weights[awake[row]]);
    }
    if (!tied) return weights.slice();
    const shares = diagonal(gibbsState(exponent, size), size);
    const coupled = new Float64Array(this.experts);
    for (let k = 0; k < size; k += 1) coupled[awake[k]] = Math.max(0, shares[k]);
    return coupled;
  }
}

/** Σ w p/Σ w over those with a forecast. */
function pooled(weights: Float64Array, forecasts: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let e = 0; e < weights.length; e += 1) {
    if (!(weights[e] > 0)) continue;
    sum += weights[e] * forecasts[e];
    total += weights[e];
  }
  return sum / total;
}
