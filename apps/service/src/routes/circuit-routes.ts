import { randomInt } from 'node:crypto';
import { CircuitIn, CircuitOut, DrawIn, DrawOut } from '../api/circuit.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';

const SEEDS = 2 ** 32;
const tag = 'Circuits';

export function circuitRoutes(api: Api, context: Context): void {
  const { compute } = context;
  const { circuitQubits: qubits, circuitOperations: operations } = context.limits;
  const limits = { qubits, operations };
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/circuits/run',
    scope: 'circuits',
    tag,
    summary: 'Run an OpenQASM program; the same seed gives the same counts',
    body: CircuitIn,
    answer: CircuitOut,
    repeatable: false,
    handle: async ({ body: { qasm, shots, seed = randomInt(SEEDS) } }) => {
      const result = await compute.do({ kind: 'circuit', qasm, shots, seed, limits });
      return { ...result, seed };
    },
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/circuits/draw',
    scope: 'circuits',
    tag,
    summary: 'Draw an OpenQASM program as SVG',
    body: DrawIn,
    answer: DrawOut,
    repeatable: false,
    handle: async ({ body: { qasm } }) => ({
      svg: await compute.do({ kind: 'draw', qasm, limits }),
    }),
  });
}
