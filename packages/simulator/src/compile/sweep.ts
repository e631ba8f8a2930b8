/** A phase on the qubits of a mask; its angle is that of a step, by number. */
export interface Term {
  readonly mask: number;
  readonly step: number;
}

/**
 * Phases multiplied into a tile in one go. An amplitude's factor is
 *   low[v][l] · high[h] · product of the factors of the qubits outside
 * where l are the index bits within a row, h those that number the row, and v the bits of h that
 * some phase shares with l.
 */
export interface Sweep {
  /** Qubits within a row. */
  readonly rowQubits: number;
  /** Bits of h that select the table `low`, at most three. */
  readonly selectors: readonly number[];
  /** The factor is 1 unless all these bits of h are 1, and all these qubits outside the tile. */
  readonly requiredHigh: number;
  readonly requiredOutside: number;
  /** On local qubits; masks are local. */
  readonly low: readonly Term[];
  readonly high: readonly Term[];
  /** Qubits outside that must be 1, and the one local qubit if any (else −1). */
  readonly outside: readonly OutsideTerm[];
}

export interface OutsideTerm {
  readonly outside: number;
  readonly local: number;
  readonly step: number;
}

/** A phase on some qubits of the tile and some outside that no sweep can take. */
export interface MaskedPhase {
  readonly outside: number;
  readonly local: number;
  readonly step: number;
}

export interface SweepPlan {
  readonly sweeps: readonly Sweep[];
  readonly masked: readonly MaskedPhase[];
}

const MAX_SELECTORS = 3;
/** Rows of 64 amplitudes. */
const ROW_QUBITS = 6;

interface Split {
  readonly term: Term;
  readonly low: number;
  readonly high: number;
  readonly outside: number;
}

export function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The bits of `mask` that `active` has, moved together: bit k is the k-th lowest of `active`. */
export function localMask(mask: number, active: number): number {
  let result = 0;
  let k = 0;
  for (let rest = active; rest !== 0; rest &= rest - 1, k++) {
    if ((mask & rest & -rest) !== 0) result |= 1 << k;
  }
  return result;
}

/** Distributes phases over as few sweeps as their tables allow. */
export function planSweeps(terms: readonly Term[], active: number): SweepPlan {
  const tile = countBits(active);
  const rowQubits = Math.min(ROW_QUBITS, tile);
  const rowMask = (1 << rowQubits) - 1;
  const masked: MaskedPhase[] = [];
  let left: Split[] = [];
  for (const term of terms) {
    const local = localMask(term.mask, active);
    const outside = term.mask & ~active;
    const low = local & rowMask;
    const high = local >> rowQubits;
    const isSpread = low !== 0 && countBits(high) > MAX_SELECTORS;
    if (isSpread || (outside !== 0 && countBits(local) > 1)) {
      masked.push({ outside, local, step: term.step });
    } else left.push({ term, low, high, outside });
  }
  const sweeps: Sweep[] = [];
  while (left.length > 0) {
    const selected = selectHigh(left);
    const isTaken = ({ low, high }: Split) => low === 0 || (high & ~selected) === 0;
    sweeps.push(sweepOf(left.filter(isTaken), selected, rowQubits));
    left = left.filter((split) => !isTaken(split));
  }
  return { sweeps, masked };
}

/** The first high bits that phases share with a row, while they are few enough. */
function selectHigh(splits: readonly Split[]): number {
  let selected = 0;
  for (const { low, high } of splits) {
    if (low !== 0 && countBits(selected | high) <= MAX_SELECTORS) selected |= high;
  }
  return selected;
}

function sweepOf(splits: readonly Split[], selected: number, rowQubits: number): Sweep {
  let requiredHigh = -1;
  let requiredOutside = -1;
  const low: Term[] = [];
  const high: Term[] = [];
  const outside: OutsideTerm[] = [];
  for (const split of splits) {
    requiredHigh &= split.high;
    requiredOutside &= split.outside;
    const local = split.low | (split.high << rowQubits);
    const { step } = split.term;
    if (split.outside !== 0) {
      outside.push({ outside: split.outside, local: 31 - Math.clz32(local), step });
    } else if (split.low !== 0) low.push({ mask: local, step });
    else high.push({ mask: split.high, step });
  }
  const selectors: number[] = [];
  for (let bit = 0; bit < 32; bit++) if ((selected >> bit) & 1) selectors.push(bit);
  return { rowQubits, selectors, requiredHigh, requiredOutside, low, high, outside };
}
