import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DecisionPage } from '../src/api/decision.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import type { RunningService } from './running-service.ts';

const MAIN = fileURLToPath(new URL('../src/back-up-main.ts', import.meta.url));
const CANDLES = `/v1/markets/${MARKET.id}/candles`;

/** The program in a process of its own, as whoever runs a service calls it. */
async function backUp(...args: readonly string[]) {
  const loader = ['--conditions=@sema/source', '--import', 'tsx'];
  const child = spawn(process.execPath, [...loader, MAIN, ...args]);
  const [, out, errors] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: child.exitCode, out, errors };
}

/** What was decided, and whether the whole journal verifies. */
async function journalOf(service: RunningService, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const lines: { time: number; preferences: unknown; hash: string }[] = [];
  for (let after: number | null = -1; after !== null;) {
    const path = `/v1/markets/${MARKET.id}/decisions?limit=1000&after=${String(after)}`;
    const page = await service.ask('GET', path, undefined, headers);
    const { decisions, next } = DecisionPage.parse(await page.json());
    for (const { body, hash } of decisions) {
      lines.push({ time: body.time, preferences: body.verdict?.preferences ?? null, hash });
    }
    after = next;
  }
  const path = `/v1/markets/${MARKET.id}/journal/verification`;
  const verified = await service.ask('GET', path, undefined, headers);
  expect(verified.status).toBe(200);
  expect(await verified.json()).toMatchObject({ valid: true });
  return lines;
}

test('a back-up of a service that decides is restored elsewhere and goes on alike', async () => {
  using places = temporaryDirectory();
  const [data, copy] = [join(places.path, 'data'), join(places.path, 'copy')];
  const candles = recordedCandles(900);
  await using running = await runService({ dataDirectory: data });
  const { token } = running;
  writeFileSync(join(data, 'exchanges.json'), '{}', { mode: 0o600 });
  await running.ask('POST', '/v1/markets', { ...MARKET, path: 'twin' });
  await running.ask('POST', CANDLES, { candles: candles.slice(0, 500) });
  // Small requests one after another, until the copy is there and then to the end.
  const backedUp = backUp(data, copy);
  let next = 500;
  let copied = false;
  void backedUp.then(() => (copied = true));
  while (!copied && next < 800) {
    await running.ask('POST', CANDLES, { candles: candles.slice(next, next + 1) });
    next += 1;
  }
  expect(await backedUp).toEqual({ code: 0, out: `${copy}\n`, errors: '' });
  await running.ask('POST', CANDLES, { candles: candles.slice(next) });
  const original = await journalOf(running, token);

  expect(readdirSync(copy).sort()).toEqual(['exchanges.json', 'keys', 'sema.sqlite']);
  for (const name of ['sema.sqlite', 'exchanges.json', 'keys/journal.pem', 'keys/tokens.pem']) {
    expect(statSync(join(copy, name)).mode & 0o077).toBe(0);
  }
  await using restored = await runService({ dataDirectory: copy });
  // The old tokens hold, and there is no new first one.
  expect(restored.token).toBe('');
  const before = await journalOf(restored, token);
  expect(before.length).toBeGreaterThanOrEqual(500 - 255);
  expect(original.slice(0, before.length)).toEqual(before);
  // Candles it has had are told apart by their time, so everything may be sent again.
  const headers = { authorization: `Bearer ${token}` };
  await restored.ask('POST', CANDLES, { candles: candles.slice(400) }, headers);
  const after = await journalOf(restored, token);
  const decided = (lines: typeof original) => lines.map(({ hash: _, ...line }) => line);
  expect(decided(after)).toEqual(decided(original));
});

test('a back-up is refused where there is no service, or something in the way', async () => {
  using places = temporaryDirectory();
  const none = await backUp(join(places.path, 'nowhere'), join(places.path, 'copy'));
  expect(none.code).toBe(3);
  expect(none.errors).toMatch(/^error DATA_CORRUPT: there is no .*sema\.sqlite\. Next: name the/);
  await using running = await runService();
  const taken = await backUp(running.data, places.path);
  expect(taken.code).toBe(3);
  expect(taken.errors).toMatch(/^error DATA_NOT_WRITABLE: .* \(EEXIST\)\. Next: name a folder/);
  expect((await backUp(running.data)).code).toBe(2);
});
