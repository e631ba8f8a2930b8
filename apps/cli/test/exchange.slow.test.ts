import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { finished, Sandbox } from './sema-process.ts';

const HEADER = 'time,open,high,low,close,volume';

function candleFile(box: Sandbox): string {
  const path = box.file('btc.csv');
  const rows = Array.from({ length: 60 }, (_, index) => {
    const time = new Date(Date.UTC(2022, 0, 1, 0, index)).toISOString();
    return `${time},100,101,99,100.5,10`;
  });
  writeFileSync(path, [HEADER, ...rows].join('\n'));
  return path;
}

test('an exchange is there until it is interrupted, and ends well', async () => {
  using box = new Sandbox();
  const options = ['--pair', 'BTC/USDT', '--interval', '1m', '--port', '0'];
  const child = box.start('exchange', candleFile(box), ...options);
  const end = finished(child);
  if (child.stdout === null) throw new Error('it has no output');
  const [line] = await new Promise<[string]>((resolve) => {
    createInterface({ input: child.stdout! }).once('line', (text) => resolve([text]));
  });
  const { url } = JSON.parse(line) as { url: string };
  const response = await fetch(`${url}/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=3`);
  expect(await response.json()).toHaveLength(3);
  child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0, signal: null });
});

test.each([
  [['--from', '2021-01-01'], 'holds 2022-01-01T00:00:00.000Z to 2022-01-01T00:59:00.000Z'],
  [['--pair', 'btcusdt'], 'such as BTC/USDT'],
  [['--speed', '0'], 'above 0'],
  [['--port', '70000'], 'from 0 to 65535'],
])('%j is refused', async (wrong, words) => {
  using box = new Sandbox();
  const options = ['--pair', 'BTC/USDT', '--interval', '1m', ...wrong];
  const { code, stderr } = await box.sema('exchange', candleFile(box), ...options);
  expect(stderr).toContain(words);
  expect(code).toBe(2);
});
