import type { Parts } from './kernels/kernels.ts';

/** coefficient · i^ys · (X on `flips`) · (Z on `signs`). */
export interface PauliProduct {
  readonly coefficient: number;
  readonly flips: number;
  readonly signs: number;
  readonly ys: number;
}

/** Amplitudes are taken in blocks that stay in the first-level cache. */
const BLOCK_BITS = 8;
/** From so many products on, transforming a block is cheaper than a sum for each. */
const MIN_TRANSFORMED = 8;

/** Products that exchange the same amplitudes, and so need the same overlaps of amplitudes. */
interface Group {
  readonly flips: number;
  readonly isOdd: boolean;
  readonly products: PauliProduct[];
}

/**
 * Σ ⟨ψ|P|ψ⟩ over products, one pass over the state for all that flip the same qubits. A product's
 * expectation is i^ys · Σ (−1)^|i ∧ signs| ψ*(i ⊕ flips) ψ(i), which is real.
 */
export function sumOfExpectations(
  real: Parts,
  imaginary: Parts,
  products: readonly PauliProduct[],
): number {
  const groups = new Map<string, Group>();
  for (const product of products) {
    const { flips, ys } = product;
    const key = `${flips} ${ys & 1}`;
    const group = groups.get(key) ?? { flips, isOdd: (ys & 1) === 1, products: [] };
    group.products.push(product);
    groups.set(key, group);
  }
  let total = 0;
  for (const group of groups.values()) {
    const sums = sumsOf(real, imaginary, group);
    group.products.forEach(({ coefficient, ys }, k) => {
      total += (ys & 2) === 0 ? coefficient * sums[k] : -coefficient * sums[k];
    });
  }
  return total;
}

/** For each product of the group the sum of its overlaps with their signs. */
function sumsOf(real: Parts, imaginary: Parts, { flips, isOdd: odd, products }: Group): number[] {
  const size = Math.min(real.length, 1 << BLOCK_BITS);
  const blockFlips = flips & ~(size - 1);
  // i and i ⊕ flips contribute the same: of two blocks that are exchanged one does for both.
  const half = blockFlips === 0 ? 0 : 1 << (31 - Math.clz32(blockFlips));
  const overlaps = new Float64Array(size);
  const isTransformed = products.length >= MIN_TRANSFORMED;
  const tables = isTransformed ? [] : products.map(({ signs }) => signTable(signs, size));
  const sums = products.map(() => 0);
  for (let base = 0; base < real.length; base += size) {
    if ((base & half) !== 0) continue;
    if (odd) oddOverlaps(real, imaginary, base, flips, overlaps);
    else evenOverlaps(real, imaginary, base, flips, overlaps);
    if (isTransformed) transform(overlaps);
    for (let k = 0; k < products.length; k++) {
      const { signs } = products[k];
      const sum = isTransformed ? overlaps[signs & (size - 1)] : dot(tables[k], overlaps);
      sums[k] += isOdd(base & signs) ? -sum : sum;
    }
  }
  return half === 0 ? sums : sums.map((sum) => 2 * sum);
}

function evenOverlaps(
  real: Parts,
  imaginary: Parts,
  base: number,
  flips: number,
  overlaps: Float64Array,
): void {
  for (let k = 0; k < overlaps.length; k++) {
    const i = base + k;
    const j = i ^ flips;
    overlaps[k] = real[j] * real[i] + imaginary[j] * imaginary[i];
  }
}

function oddOverlaps(
  real: Parts,
  imaginary: Parts,
  base: number,
  flips: number,
  overlaps: Float64Array,
): void {
  for (let k = 0; k < overlaps.length; k++) {
    const i = base + k;
    const j = i ^ flips;
    overlaps[k] = imaginary[j] * real[i] - real[j] * imaginary[i];
  }
}

/** (−1)^|k ∧ signs| for k in [0, size). */
function signTable(signs: number, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => (isOdd(k & signs) ? -1 : 1));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** The Walsh–Hadamard transform: value s becomes Σ (−1)^|k ∧ s| · value k, for all s at once. */
function transform(values: Float64Array): void {
  for (let stride = 1; stride < values.length; stride *= 2) {
    for (let block = 0; block < values.length; block += 2 * stride) {
      for (let k = block; k < block + stride; k++) {
        const [a, b] = [values[k], values[k + stride]];
        values[k] = a + b;
        values[k + stride] = a - b;
      }
    }
  }
}

/** Whether a number below 2^32 has an odd number of set bits. */
export function isOdd(bits: number): boolean {
  let folded = bits ^ (bits >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  return ((0x6996 >>> (folded & 15)) & 1) === 1;
}
