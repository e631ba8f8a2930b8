import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconnectDelayMs } from '../src/data/reconnect-delay.ts';
import { problemOf } from '../src/data/service-problem.ts';
import { readStreamMessage } from '../src/data/stream-message.ts';

describe('a problem', () => {
  test('carries what the document says', async () => {
    const body = { title: 'No', detail: 'it is halted', code: 'KILLED', requestId: 'r1' };
    const problem = await problemOf(new Response(JSON.stringify(body), { status: 409 }));
    expect(problem).toMatchObject({
      code: 'REFUSED',
      message: 'it is halted',
      reason: 'KILLED',
      requestId: 'r1',
    });
  });

  test('is told from its status where there is no document', async () => {
    for (const [status, code] of [
      [401, 'SIGNED_OUT'],
      [403, 'NOT_ALLOWED'],
      [502, 'REFUSED'],
    ] as const) {
      const problem = await problemOf(new Response('<h1>Bad gateway</h1>', { status }));
      expect(problem.code).toBe(code);
      expect(problem.message).toContain(String(status));
    }
    const odd = await problemOf(new Response('{"detail":42,"code":null}', { status: 500 }));
    expect(odd.reason).toBeUndefined();
  });
});

test('attempts to connect come ever later, within bounds, and not all at once', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(1e6), chance, (attempt, drawn) => {
      const delay = reconnectDelayMs(attempt, drawn);
      expect(delay).toBeGreaterThanOrEqual(250);
      expect(delay).toBeLessThanOrEqual(15_000);
      expect(reconnectDelayMs(attempt + 1, drawn)).toBeGreaterThanOrEqual(delay);
    }),
  );
  expect(reconnectDelayMs(0, 0)).toBe(250);
  expect(reconnectDelayMs(3, 0.5)).toBe(3000);
});

test('what a stream says beside news is let pass', () => {
  for (const message of [null, 42, 'hello', [], {}, { type: 'answer' }, { type: 'later' }]) {
    expect(readStreamMessage(message)).toBeUndefined();
  }
  expect(readStreamMessage({ type: 'hello', sequence: 7 })).toEqual({
    kind: 'greeting',
    sequence: 7,
  });
  expect(readStreamMessage({ type: 'risk', trading: 'HALTED' })).toEqual({
    kind: 'risk',
    trading: 'HALTED',
  });
});
