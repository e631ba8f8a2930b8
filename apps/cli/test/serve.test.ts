import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { finished, Sandbox } from './sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

test('sema serve answers at the address it prints until it is interrupted', async () => {
  const args = ['serve', '--data', sandbox.file('service'), '--port', '0', '--log-level', 'fatal'];
  const child = sandbox.start(...args, '--json');
  const end = finished(child);
  if (child.stdout === null) throw new Error('the program has no output');
  const [first] = await once(child.stdout, 'data');
  const { url, token } = JSON.parse(String(first));
  expect(token.length).toBeGreaterThan(40);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/v1/markets`)).status).toBe(401);
  const headers = { Authorization: `Bearer ${token}` };
  expect((await fetch(`${url}/v1/markets`, { headers })).status).toBe(200);
  child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0 });
});

test('sema serve refuses another address without tokens, and says what to do', async () => {
  const { code, stderr } = await sandbox.sema(
    ...['serve', '--data', sandbox.file('open'), '--host', '0.0.0.0', '--no-auth'],
  );
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error SERVICE_NOT_STARTED: BIND_REFUSED: .* Next: /);
});
