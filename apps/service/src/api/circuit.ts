import { z } from '@hono/zod-openapi';

const LONGEST_PROGRAM = 200_000;
const LARGEST_SEED = 4_294_967_295;
const qasm = z.string().min(1).max(LONGEST_PROGRAM).openapi({
  description: 'OpenQASM 2 or 3.',
  example: 'OPENQASM 3; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1];',
});

export const CircuitIn = z
  .strictObject({
    qasm,
    shots: z.int().min(0).max(100_000).default(0),
    seed: z.int().min(0).max(LARGEST_SEED).optional(),
  })
  .openapi('CircuitIn');

export const CircuitOut = z
  .object({
    qubits: z.int(),
    bits: z.int(),
    operations: z.int(),
    seed: z.int(),
    probabilities: z
      .array(z.object({ state: z.string(), probability: z.number() }))
      .nullable()
      .openapi({
        description: 'The likeliest first, at most 1024; null for a circuit that measures.',
      }),
    counts: z.record(z.string(), z.int()).nullable(),
  })
  .openapi('CircuitOut', { description: 'Qubit 0 and bit 0 are the last letter of each text.' });

export const DrawIn = z.strictObject({ qasm }).openapi('DrawIn');
export const DrawOut = z.object({ svg: z.string() }).openapi('DrawOut');
