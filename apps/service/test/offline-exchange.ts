import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MARKET, recordedCandles } from './recorded-candles.ts';

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

export interface OfflineExchange extends Disposable {
  readonly url: string;
  readonly key: string;
  readonly secret: string;
}

/** `sema exchange` over a recording, in a process of its own, with 200,000 on paper. */
export async function startExchange(folder: string): Promise<OfflineExchange> {
  const file = join(folder, 'btc.csv');
  const rows = recordedCandles(800).map(({ time, open, high, low, close, volume }) =>
    [time, open, high, low, close, volume].join(','),
  );
  writeFileSync(file, ['time,open,high,low,close,volume', ...rows].join('\n'));
  const loader = ['--conditions=@sema/source', '--import', 'tsx'];
  const options = ['--pair', MARKET.pair, '--interval', '1m', '--port', '0', '--wallet', '200000'];
  const child = spawn(process.execPath, [...loader, CLI, 'exchange', file, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  // It prints where it listens, and the key of its account.
  const { url, key, secret } = JSON.parse(line) as Omit<OfflineExchange, typeof Symbol.dispose>;
  return {
    ...{ url, key, secret },
    [Symbol.dispose]() {
      child.kill();
    },
  };
}

/** How ccxt reaches it, by configuration alone. */
export function exchangeSettings({ key, secret }: OfflineExchange, url: string) {
  const api = `${url}/api/v3`;
  const options = {
    ...{ apiKey: key, secret, enableRateLimit: false, timeout: 30_000 },
    urls: { api: { public: api, private: api, v1: `${url}/api/v1` } },
    options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
  };
  return { ccxt: 'binance', options };
}
