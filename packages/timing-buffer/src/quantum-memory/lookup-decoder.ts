import { TimingBufferError } from '../errors.ts';
import { checkRates, type PauliRates } from './pauli-rates.ts';
import {
  anticommute,
  type PauliBits,
  pauliBits,
  pauliText,
  type StabilizerCode,
  weightOf,
} from './stabilizer-code.ts';

/** 4^10 operators are a million. */
const MAX_QUBITS = 10;

/**
 * The correction of each syndrome of a small code, the likeliest for rare errors: of the four
 * classes of errors that differ by a logical operator it takes the one with the most errors of the
 * least weight, then of the next, and so on. Equal classes are told apart the same way every time.
 * 4^n operators are gone through once.
 */
export class LookupDecoder {
  readonly code: StabilizerCode;
  /** By syndrome, bit i of which is 1 when generator i is violated. Operators as in the code. */
  readonly corrections: readonly string[];
  /**
   * How many operators of each weight 0, 1, …, n are corrected into a logical error. With them the
   * failure rate at the depolarising probability p is Σ failing[w]·(p/3)^w·(1 − p)^(n − w).
   */
  readonly failing: readonly number[];
  readonly #bits: readonly PauliBits[];
  readonly #corrections: readonly PauliBits[];
  readonly #logicals: readonly [PauliBits, PauliBits];

  /**
   * @param code - of at most 10 qubits.
   * @throws {TimingBufferError} `TOO_MANY_QUBITS`, `INVALID_CODE`
   */
  constructor(code: StabilizerCode) {
    if (!(code.qubits <= MAX_QUBITS)) {
      throw new TimingBufferError(
        'TOO_MANY_QUBITS',
        `a table of 4^${code.qubits} operators is beyond 4^${MAX_QUBITS}`,
      );
    }
    this.code = code;
    this.#bits = code.generators.map(pauliBits);
    this.#logicals = [pauliBits(code.logicalX), pauliBits(code.logicalZ)];
    checkCode(code, this.#bits, this.#logicals);
    const { best, totals } = this.#classes();
    this.#corrections = best.map(({ lightest }) => lightest ?? IDENTITY);
    this.corrections = this.#corrections.map((bits) => pauliText(bits, code.qubits));
    this.failing = totals.map(
      (total, w) => total - best.reduce((n, { counts }) => n + counts[w], 0),
    );
  }

  /** The generators that an operator violates, as bits. */
  syndromeOf(error: PauliBits): number {
    let syndrome = 0;
    this.#bits.forEach((generator, i) => {
      syndrome |= anticommute(error, generator) << i;
    });
    return syndrome;
  }

  /**
   * What is left of independent errors of every qubit once they are corrected, as errors of the
   * qubit that is kept. Exact: all 4^n errors are gone through.
   *
   * @throws {TimingBufferError} `PROBABILITY_OUT_OF_RANGE`
   */
  logicalRates(rates: PauliRates): PauliRates {
    checkRates(rates);
    const { qubits } = this.code;
    const byCode = [1 - (rates.x + rates.y + rates.z), rates.x, rates.z, rates.y];
    const sums = [0, 0, 0, 0];
    for (const error of operators(qubits)) {
      let probability = 1;
      for (let q = 0; q < qubits; q++) {
        probability *= byCode[((error.x >> q) & 1) | (((error.z >> q) & 1) << 1)];
      }
      if (probability === 0) continue;
      sums[this.#classOf(error, this.#corrections[this.syndromeOf(error)])] += probability;
    }
    return { x: sums[1], y: sums[3], z: sums[2] };
  }

  /**
   * The probability of a logical error at the depolarising probability p.
   *
   * @throws {TimingBufferError} `PROBABILITY_OUT_OF_RANGE`
   */
  failureRate(p: number): number {
    checkRates({ x: p, y: 0, z: 0 });
    const { qubits } = this.code;
    let sum = 0;
    this.failing.forEach((count, weight) => {
      let term = count;
      for (let k = 0; k < weight; k++) term *= p / 3;
      for (let k = weight; k < qubits; k++) term *= 1 - p;
      sum += term;
    });
    return sum;
  }

  /**
   * The depolarising probability below which the code fails less often than a bare qubit: where
   * {@link failureRate} is p. To 1e-12; undefined for a code that is no better at 1e-6 already.
   */
  pseudothreshold(): number | undefined {
    let [low, high] = [1e-6, 0.75];
    if (this.failureRate(low) >= low) return undefined;
    while (high - low > 1e-12) {
      const middle = (low + high) / 2;
      if (this.failureRate(middle) < middle) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Bit 0: the two differ by a logical X; bit 1: by a logical Z. Their syndromes are equal. */
  #classOf(a: PauliBits, b: PauliBits): number {
    const product = { x: a.x ^ b.x, z: a.z ^ b.z };
    const [x, z] = this.#logicals;
    return anticommute(product, z) | (anticommute(product, x) << 1);
  }

  /** The class to correct by syndrome, and how many operators there are of each weight. */
  #classes(): { best: ErrorClass[]; totals: number[] } {
    const { qubits, name } = this.code;
    const totals = new Array<number>(qubits + 1).fill(0);
    const count = 1 << this.#bits.length;
    const references = new Array<PauliBits | undefined>(count);
    const known: ErrorClass[][] = Array.from({ length: count }, () =>
      Array.from({ length: 4 }, () => ({
        lightest: undefined,
        counts: new Uint32Array(qubits + 1),
      })),
    );
    for (const error of operators(qubits)) {
      const weight = weightOf(error);
      totals[weight]++;
      const syndrome = this.syndromeOf(error);
      const reference = (references[syndrome] ??= error);
      const found = known[syndrome][this.#classOf(error, reference)];
      found.counts[weight]++;
      const { lightest } = found;
      if (lightest === undefined || weight < weightOf(lightest)) found.lightest = error;
    }
    const best = known.map((classes) =>
      classes.reduce((a, b) => (likelier(b.counts, a.counts) ? b : a)),
    );
    if (references.includes(undefined)) {
      throw new TimingBufferError(
        'INVALID_CODE',
        `the generators of ${name} depend on one another`,
      );
    }
    return { best, totals };
  }
}

/** Errors of one syndrome that act alike on what is kept. */
interface ErrorClass {
  lightest: PauliBits | undefined;
  /** By weight. */
  readonly counts: Uint32Array;
}

const IDENTITY: PauliBits = { x: 0, z: 0 };

function likelier(a: Uint32Array, b: Uint32Array): boolean {
  const at = a.findIndex((count, weight) => count !== b[weight]);
  return at !== -1 && a[at] > b[at];
}

/** All operators, qubit 0 changing slowest. */
function* operators(qubits: number): Generator<PauliBits> {
  for (let number = 0; number < 1 << (2 * qubits); number++) {
    let x = 0;
    let z = 0;
    for (let q = 0; q < qubits; q++) {
      const digit = (number >> (2 * (qubits - 1 - q))) & 3;
      x |= (digit & 1) << q;
      z |= (digit >> 1) << q;
    }
    yield { x, z };
  }
}

function checkCode(
  { name, qubits, generators, logicalX, logicalZ }: StabilizerCode,
  bits: readonly PauliBits[],
  [x, z]: readonly [PauliBits, PauliBits],
): void {
  const formed = [...generators, logicalX, logicalZ].every(
    (text) => text.length === qubits && /^[IXYZ]+$/.test(text),
  );
  const commuting = bits.every(
    (a) =>
      bits.every((b) => anticommute(a, b) === 0) && anticommute(a, x) + anticommute(a, z) === 0,
  );
  if (formed && commuting && anticommute(x, z) === 1 && generators.length === qubits - 1) return;
  throw new TimingBufferError(
    'INVALID_CODE',
    `${name} is not ${qubits - 1} commuting generators on ${qubits} qubits and two logical ` +
      'operators that commute with them and not with each other',
  );
}
