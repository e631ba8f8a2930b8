import fc from 'fast-check';

export function normalised(masses: readonly number[]): Float64Array {
  const sum = masses.reduce((total, mass) => total + mass, 0);
  return Float64Array.from(masses, (mass) => mass / sum);
}

export function finite(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}

export function floats(count: number, min: number, max: number): fc.Arbitrary<Float64Array> {
  return fc
    .array(finite(min, max), { minLength: count, maxLength: count })
    .map((values) => Float64Array.from(values));
}

/**
 * Positive probabilities whose logarithms are spread evenly, down to 10^-decades of the largest.
 */
export function positiveDistribution(count: number, decades = 12): fc.Arbitrary<Float64Array> {
  return fc
    .array(finite(-decades, 0), { minLength: count, maxLength: count })
    .map((exponents) => normalised(exponents.map((exponent) => 10 ** exponent)));
}

/** As {@link positiveDistribution}, with some outcomes impossible. */
export function distribution(count: number): fc.Arbitrary<Float64Array> {
  return fc
    .tuple(
      positiveDistribution(count),
      fc.array(fc.boolean(), { minLength: count, maxLength: count }),
      fc.nat(count - 1),
    )
    .map(([masses, kept, sure]) =>
      normalised(Array.from(masses, (mass, i) => (kept[i] || i === sure ? mass : 0))),
    );
}

export const qubitCount = fc.integer({ min: 1, max: 5 });

/** A register as a pool would lend it. */
export function register(size: number): { readonly qubits: readonly number[] } {
  return { qubits: Array.from({ length: size }, (_, qubit) => 7 + qubit) };
}
