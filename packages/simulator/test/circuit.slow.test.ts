import { expect, test } from 'vitest';
import { Circuit } from '@sema/simulator';

test('a circuit stops at 2^20 operations, however it is doubled', () => {
  const circuit = new Circuit(1).x(0);
  const grow = () => {
    for (let doubling = 0; doubling < 21; doubling++) circuit.append(circuit);
  };
  expect(grow).toThrow(expect.objectContaining({ code: 'TOO_MANY_OPERATIONS' }));
  expect(() => circuit.x(0)).toThrow(expect.objectContaining({ code: 'TOO_MANY_OPERATIONS' }));
  expect(circuit.operations).toHaveLength(2 ** 20);
});
