import fc from 'fast-check';
import type { CanonicalValue } from '../src/index.ts';

/** Well-formed texts of every kind, with those that tend to be confused. */
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '1', '__proto__', 'constructor', 'toString', 'length', '\uFEFF', 'é', '😀'),
);

/** Any plain data, smaller values more often. */
export const canonicalValue: fc.Arbitrary<CanonicalValue> = fc.letrec<{ value: CanonicalValue }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<CanonicalValue[]>(null, true, false, 0, 1, '1', 1n, -1n, 0n, ''),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt(),
      text,
      fc.uint8Array({ maxLength: 12 }),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(text, tie('value'), { maxKeys: 5 }),
    ),
  }),
).value;

/** What the bytes tell apart: a copy without −0, key order and prototypes. */
export function normalized(value: CanonicalValue | undefined): unknown {
  if (value === 0) return 0;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (isList(value)) return value.map(normalized);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, normalized(item)]),
  );
}

/** `Array.isArray` does not narrow readonly arrays out of a union. */
function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}
