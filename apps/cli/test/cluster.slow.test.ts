import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { marketNames, openPorts } from '@sema/service/cluster';
import { findNatsServer, NatsServer } from '../src/cluster/nats-server.ts';
import { finished, Sandbox } from './sema-process.ts';

vi.setConfig({ testTimeout: 300_000 });

const sandbox = new Sandbox();
const INSTALLED = findNatsServer() !== undefined;
const skipped = INSTALLED ? '' : ' (skipped: no nats-server on this machine)';
const temporary = process.env.TMPDIR;
beforeAll(() => {
  // Where a trial keeps what goes with it, so that it can be seen to go.
  mkdirSync(sandbox.file('tmp'));
  process.env.TMPDIR = sandbox.file('tmp');
});
afterAll(() => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  sandbox[Symbol.dispose]();
});

/** Command lines of processes that name the sandbox; none where there is no `/proc`. */
function processesOfSandbox(): string[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(commandOf).filter((command) => command.includes(sandbox.path));
  } catch {
    return [];
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It has ended since.
    return '';
  }
}

describe.skipIf(!INSTALLED)(`sema cluster up${skipped}`, () => {
  test('shares the markets of the demo, and every journal holds', async () => {
    const args = ['cluster', 'up', '--nodes', '2', '--candles', '262', '--json'];
    const { code, stdout, stderr } = await sandbox.sema(...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { nodes, markets } = JSON.parse(stdout);
    expect(nodes.map(({ name }: { name: string }) => name)).toEqual(['node-1', 'node-2']);
    const owned = nodes.map((node: { markets: unknown[] }) => node.markets.length);
    expect(owned[0] + owned[1]).toBe(6);
    expect(markets).toHaveLength(6);
    for (const market of markets) {
      expect(market).toMatchObject({ candles: 262, decisions: 7, fault: null });
    }
    expect(processesOfSandbox()).toEqual([]);
    expect(readdirSync(sandbox.file('tmp')).filter((name) => name.startsWith('sema-'))).toEqual([]);
  });

  test('is stopped by Ctrl-C with everything that it started', async () => {
    const child = sandbox.start('cluster', 'up', '--nodes', '2', '--per-second', '1');
    const end = finished(child);
    if (child.stdout === null) throw new Error('the program has no output');
    let said = '';
    while (!said.includes('last candle')) said += String((await once(child.stdout, 'data'))[0]);
    // Two nodes and their broker.
    if (process.platform === 'linux') expect(processesOfSandbox()).toHaveLength(3);
    child.kill('SIGINT');
    const { code, stderr } = await end;
    expect(stderr).toMatch(/^error INTERRUPTED: /);
    expect(code).toBe(5);
    // They have ended when the program does; the system may list them a moment longer.
    for (let looks = 0; processesOfSandbox().length > 0 && looks < 600; looks++) await wait(100);
    expect(processesOfSandbox()).toEqual([]);
  });
});

describe.skipIf(!INSTALLED)(`sema cluster change${skipped}`, () => {
  test('announces to each market what is to decide on it, and from when', async () => {
    const server = await NatsServer.start(findNatsServer() ?? '', sandbox.file('nats'));
    try {
      const markets = ['A/B', 'C/D'].map((pair) => ({ venue: 'v', pair, intervalMs: 60_000 }));
      const file = sandbox.file('markets.json');
      writeFileSync(file, JSON.stringify({ markets }));
      const flags = ['--markets', file, '--from', '2027-01-01T00:00Z', '--nats-url', server.url];
      const { code, stdout } = await sandbox.sema('cluster', 'change', ...flags);
      expect(code).toBe(0);
      expect(stdout).toContain('v.C/D changes at 2027-01-01T00:00:00.000Z');
      const ports = await openPorts({ SEMA_NATS_URL: server.url });
      for (const pair of ['A/B', 'C/D']) {
        const last = await ports.bus.last(marketNames('v', pair).candles);
        const { change } = JSON.parse(new TextDecoder().decode(last?.bytes));
        expect(change.from).toBe(Date.UTC(2027, 0, 1));
        expect((await ports.blobs.get(change.blob))?.length).toBeGreaterThan(1000);
      }
      await ports.close();
    } finally {
      await server.stop();
    }
  });
});

test('sema cluster node without a broker says what it needs', async () => {
  const flags = ['--name', 'a', '--markets', 'markets.json', '--key', 'key.pem', '--nats-url', ''];
  const { code, stderr } = await sandbox.sema('cluster', 'node', ...flags);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error NO_BROKER: .* Next: name its servers with --nats-url/);
});

test('sema cluster up with a broker that does not answer says so', async () => {
  const args = ['cluster', 'up', '--nats-url', 'nats://127.0.0.1:1', '--nodes', '1'];
  const { code, stderr } = await sandbox.sema(...args);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error SERVICE_NOT_STARTED: UNAVAILABLE: .*127\.0\.0\.1:1/);
});

test('no cluster has no nodes', async () => {
  const { code, stderr } = await sandbox.sema('cluster', 'up', '--nodes', '0');
  expect(code).toBe(2);
  expect(stderr).toContain('whole number from 1 to 16');
});
