import { describe, expect, test } from 'vitest';
import { CircuitOut, DrawOut } from '../src/api/circuit.ts';
import { JournalVerification, Performance } from '../src/api/journal.ts';
import { Problem } from '../src/api/problem.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import type { RunningService } from './running-service.ts';
import { runService } from './running-service.ts';

const BELL = 'OPENQASM 3; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1];';

async function run(running: RunningService, body: object) {
  const response = await running.ask('POST', '/v1/circuits/run', body);
  expect(response.status).toBe(200);
  return CircuitOut.parse(await response.json());
}

describe('a circuit', () => {
  test('is run, and sampled alike for the same seed', async () => {
    await using running = await runService();
    const bell = await run(running, { qasm: BELL, shots: 1000, seed: 5 });
    expect(bell).toMatchObject({ qubits: 2, operations: 2 });
    expect(bell.probabilities?.map(({ state }) => state).sort()).toEqual(['00', '11']);
    // (1/√2)² in doubles.
    for (const { probability } of bell.probabilities ?? []) {
      expect(probability).toBeCloseTo(0.5, 12);
    }
    const { '00': zeros = 0, '11': ones = 0, ...others } = bell.counts ?? {};
    expect(others).toEqual({});
    expect(zeros + ones).toBe(1000);
    // Five standard deviations of a fair coin; the seed is fixed.
    expect(Math.abs(zeros - 500)).toBeLessThan(80);
    expect(await run(running, { qasm: BELL, shots: 1000, seed: 5 })).toEqual(bell);
    const measured = `${BELL} bit[2] c; c = measure q;`;
    const read = await run(running, { qasm: measured, shots: 200, seed: 1 });
    expect(read.probabilities).toBeNull();
    expect(Object.keys(read.counts ?? {}).sort()).toEqual(['00', '11']);
  });

  test('is drawn', async () => {
    await using running = await runService();
    const drawn = await running.ask('POST', '/v1/circuits/draw', { qasm: BELL });
    expect(DrawOut.parse(await drawn.json()).svg).toMatch(/^<svg[^>]*>.*<\/svg>\s*$/s);
  });

  test('that cannot be read, or is too large, is refused', async () => {
    await using running = await runService();
    const codeOf = async (body: object) => {
      const response = await running.ask('POST', '/v1/circuits/run', body);
      return Problem.parse(await response.json()).code;
    };
    expect(await codeOf({ qasm: 'nonsense' })).toBe('BAD_CIRCUIT');
    expect(await codeOf({ qasm: 'OPENQASM 3; input float a; qubit q; rx(a) q;' })).toBe(
      'BAD_CIRCUIT',
    );
    expect(await codeOf({ qasm: 'OPENQASM 3; qubit[17] q;' })).toBe('CIRCUIT_TOO_LARGE');
    expect(await codeOf({ qasm: 'OPENQASM 3; qubit[10000] q;' })).toBe('CIRCUIT_TOO_LARGE');
    const loop = 'for uint i in [0:9999] { h q; }';
    const long = `OPENQASM 3; include "stdgates.inc"; qubit q; ${loop}`;
    expect(await codeOf({ qasm: long })).toBe('CIRCUIT_TOO_LARGE');
    const heavy = `OPENQASM 3; include "stdgates.inc"; qubit[16] q; bit c; h q; c = measure q[0];`;
    expect(await codeOf({ qasm: heavy, shots: 100_000 })).toBe('CIRCUIT_TOO_LARGE');
  });
});

test('the journal of a market is verified, and its performance reported', async () => {
  await using running = await runService();
  await running.ask('POST', '/v1/markets', MARKET);
  const candles = recordedCandles(280);
  await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
  const path = `/v1/markets/${MARKET.id}`;
  const verified = await running.ask('GET', `${path}/journal/verification`);
  expect(JournalVerification.parse(await verified.json())).toMatchObject({
    valid: true,
    receipts: 25,
  });
  const performance = await running.ask('GET', `${path}/performance`);
  expect(Performance.parse(await performance.json()).decisions).toBe(25);
});

test('metrics count decisions, denials and requests, and show weights and memory', async () => {
  await using running = await runService();
  await running.ask('POST', '/v1/markets', MARKET);
  const candles = recordedCandles(300);
  await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
  const text = await (await running.ask('GET', '/metrics')).text();
  const value = (pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0);
  expect(value(/^sema_decisions_total\{[^}]*\} (\S+)$/gm)).toBe(45);
  expect(value(/^sema_decision_seconds_count\{[^}]*\} (\S+)$/gm)).toBe(45);
  // Fourteen weights that sum to 1.
  expect(value(/^sema_expert_weight\{[^}]*\} (\S+)$/gm)).toBeCloseTo(1, 9);
  expect(value(/^process_resident_memory_bytes (\S+)$/gm)).toBeGreaterThan(1e6);
  expect(text).toContain(`route="/v1/markets/:id/candles",status="200"`);
});
