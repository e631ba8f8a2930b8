import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mulberry32 } from '@sema/simulator';
import { expect, test } from 'vitest';
import { DecisionPage } from '../src/api/decision.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { temporaryDirectory } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const WARM_UP = 256;
const KILLS = 5;
const STREAM = `/v1/markets/${MARKET.id}/stream`;

/** The service in a process of its own, from which it can be taken without notice. */
async function startProcess(data: string) {
  const loader = ['--conditions=@sema/source', '--import', 'tsx'];
  const options = ['--data', data, '--port', '0', '--log-level', 'error'];
  const child = spawn(process.execPath, [...loader, MAIN, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  // It prints where it listens, and on the first start its first token.
  const { url, token } = JSON.parse(line) as { url: string; token?: string };
  const killed = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { url, token, killed };
}

test('SIGKILL under load loses no acknowledged decision, and makes none twice', async () => {
  using directory = temporaryDirectory();
  const random = mulberry32(3);
  const candles = recordedCandles(3000);
  let token = '';
  const acknowledged = new Map<number, string>();
  for (let round = 0; round <= KILLS; round++) {
    const started = await startProcess(directory.path);
    token = started.token ?? token;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const ask = (method: string, path: string, body?: unknown) =>
      fetch(started.url + path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    if (round === 0) {
      await ask('POST', '/v1/markets', { ...MARKET, path: 'twin' });
      const warmUp = { candles: candles.slice(0, WARM_UP) };
      await ask('POST', `/v1/markets/${MARKET.id}/candles`, warmUp);
    }
    const kept = new Map<number, string>();
    const times = new Set<number>();
    for (let after = -1, more = true; more;) {
      const page = await ask(
        'GET',
        `/v1/markets/${MARKET.id}/decisions?limit=1000&after=${String(after)}`,
      );
      const { decisions, next: cursor } = DecisionPage.parse(await page.json());
      for (const { body, hash } of decisions) {
        kept.set(body.sequence, hash);
        times.add(body.time);
      }
      more = cursor !== null;
      after = cursor ?? after;
    }
    for (const [sequence, hash] of acknowledged) expect(kept.get(sequence)).toBe(hash);
    // Every candle has one decision at most: the numbers have no gap, and no time comes twice.
    expect([...kept.keys()]).toEqual(Array.from({ length: kept.size }, (_, index) => index));
    expect(times.size).toBe(kept.size);
    if (round === KILLS) {
      await started.killed();
      break;
    }
    using client = await StreamClient.open(started.url, token, STREAM);
    // Whether a candle was kept when the last process died is for the service to say.
    const next = WARM_UP + Math.max(0, kept.size - 1);
    const sent = next + 150;
    for (let i = next; i < sent; i++) {
      client.send({ type: 'candle', id: i, candle: candles[i] });
    }
    const seen = 20 + Math.floor(random.next() * 100);
    for (let i = 0; i < seen; i++) {
      const { sequence, entry } = await client.next('decision');
      acknowledged.set(sequence, entry.hash);
    }
    await started.killed();
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS * 20);
});
