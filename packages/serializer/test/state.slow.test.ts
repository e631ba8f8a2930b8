import { expect, test } from 'vitest';
import { decodeState, encodeState, MAX_STATE_QUBITS } from '@sema/serializer';
import { codeOf } from './code-of.ts';

test('the largest state makes the round trip, and one qubit more is refused', () => {
  const real = new Float64Array(2 ** MAX_STATE_QUBITS);
  const imaginary = new Float64Array(2 ** MAX_STATE_QUBITS);
  for (let index = 0; index < real.length; index += 1) real[index] = 1 / (index + 1);
  imaginary[2 ** MAX_STATE_QUBITS - 1] = -0;
  const bytes = encodeState({ real, imaginary });
  expect(bytes.length).toBe(12 + 8 + 16 * 2 ** MAX_STATE_QUBITS + 32);
  const decoded = decodeState(bytes);
  // Comparing 2^25 elements one by one through an assertion library takes minutes.
  expect(Buffer.from(decoded.real.buffer).equals(Buffer.from(real.buffer))).toBe(true);
  const imaginaryBytes = Buffer.from(decoded.imaginary.buffer);
  expect(imaginaryBytes.equals(Buffer.from(imaginary.buffer))).toBe(true);

  const larger = new Float64Array(2 ** (MAX_STATE_QUBITS + 1));
  expect(codeOf(() => encodeState({ real: larger, imaginary: larger }))).toBe('LENGTH_LIMIT');
});
