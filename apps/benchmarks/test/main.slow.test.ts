import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Row } from '../src/harness.ts';
import { figure } from '../src/result-table.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = ['--import', 'tsx', '--conditions=@sema/source', 'apps/benchmarks/src/main.ts'];

function bench(...args: string[]) {
  return spawnSync(process.execPath, [...PROGRAM, ...args], { cwd: ROOT, encoding: 'utf8' });
}

test('--list names the suites, one a line', () => {
  const { status, stdout } = bench('--list');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^engine {2}/m);
});

test('an unknown suite is refused', () => {
  const { status, stderr } = bench('fusion-reactor');
  expect(status).not.toBe(0);
  expect(stderr).toContain('engine');
});

test('a quick run of the engine writes its rows, each judged against its target', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sema-bench-'));
  try {
    const file = join(folder, 'rows.json');
    const { status, stdout, stderr } = bench('engine', '--quick', '--json', file);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Node ${process.versions.node}`);
    const document = JSON.parse(readFileSync(file, 'utf8'));
    expect(document).toMatchObject({ format: 'sema-benchmarks', version: 2, quick: true, runs: 1 });
    const [suite] = document.suites;
    expect(suite.name).toBe('engine');
    const rows: Row[] = suite.rows;
    const failing = 'circuits failing in 1 % of decisions';
    const memory = 'backtest of 10,000 candles: heap and buffers';
    const targets = Object.fromEntries(rows.map(({ name, target }) => [name, target]));
    expect(targets).toEqual({
      'decision latency, p50': { atMost: 100 },
      'decision latency, p99': { atMost: 500 },
      'decisions on one core': { atLeast: 10_000 },
      'fallback: the twin’s answer once a circuit has failed, p99': { atMost: 50 },
      'whole step where the twin decides, p99': null,
      'allocated per decision': null,
      'backtest, journal signed': { atLeast: 5000 },
      [`${failing}: decisions made`]: { atLeast: 2001 },
      [`${failing}: made by the twin`]: null,
      [`${failing}: candle to the twin's receipt, p50`]: { atMost: 100 },
      [`${failing}: candle to the twin's receipt, p99`]: { atMost: 500 },
      [`${failing}: qubits and leases lost`]: { atMost: 0 },
      [`${memory}, at the end over a third of the way`]: { atMost: 1.05 },
      [`${memory}, growth per candle: upper end of the 95 % interval`]: null,
      [`${memory}, at the end`]: null,
    });
    for (const { name, value, peerValue, ratio } of rows) {
      if (!/lost$|growth/.test(name)) expect(value).toBeGreaterThan(0);
      if (peerValue === null) continue;
      expect(ratio).toBeCloseTo(value / peerValue, 9);
      expect(stdout).toContain(figure(ratio ?? NaN));
    }
    // These do not depend on how fast the machine is.
    for (const counted of ['decisions made', 'qubits and leases lost']) {
      expect(rows.find(({ name }) => name === `${failing}: ${counted}`)?.met).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a quick run of custody loses no qubit and stands beside its peers', () => {
  const { status, stdout, stderr } = bench('custody', '--quick');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/qubits lost in 1,000,000 cycles whose owners throw +0\.00 qubits.* met/);
  for (const peer of ['JSON', 'msgpackr', 'SHA-256 alone']) expect(stdout).toContain(peer);
});

test('a quick run of learning keeps every regret bound and draws its curves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sema-bench-'));
  try {
    const file = join(folder, 'rows.json');
    const plots = join(folder, 'plots');
    const flags = ['--quick', '--json', file, '--plots', plots];
    const { status, stderr } = bench('learning', ...flags);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const rows: Row[] = JSON.parse(readFileSync(file, 'utf8')).suites[0].rows;
    const bounds = rows.filter(
      ({ name, target }) => name.startsWith('regret/bound') && target !== null,
    );
    expect(bounds.length).toBeGreaterThan(15);
    for (const { name, met } of bounds) expect({ name, met }).toEqual({ name, met: true });
    const drawn = readFileSync(join(plots, 'shifting-experts-shared.svg'), 'utf8');
    expect(drawn).toMatch(/^<svg [\s\S]*<polyline[\s\S]*<\/svg>\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
