import process from 'node:process';
import { ExpertLearner } from '@sema/learning';
import { EXPERTS, POOL_QUBITS, poolOwners, type EngineConfiguration } from '@sema/qar';
import { QubitPool } from '@sema/resource-pool';
import { run } from '@sema/simulator';
import * as elementary from '@sema/simulator/elementary';
import { systemClock } from '../system-clock.ts';
import { checkClock } from './clock-check.ts';
import { checkConnection, type MarketConnection } from './connection-check.ts';
import {
  checkAlgorithms,
  checkLearning,
  checkPool,
  checkQuotas,
  checkRiskLimits,
  TWINS,
} from './engine-checks.ts';
import {
  checkArithmetic,
  checkEd25519,
  checkNode,
  checkSha256,
  checkSimulator,
  sha256,
  sign,
} from './known-answers.ts';
import { checkMarketData } from './market-check.ts';
import { checkDataDirectory, checkKeyFile, DISK, type Places } from './places.ts';

/** What one check found. */
export interface Finding {
  readonly name: string;
  readonly passed: boolean;
  readonly found: string;
  /** What to do when it failed. */
  readonly remedy: string;
}

/** What is checked besides the machine. */
export interface Installation extends Places {
  /** As files and environment make it. */
  readonly configuration: EngineConfiguration;
  /** A candle file, when one was given. */
  readonly candles?: string;
  /** Where candles come from, when it was given. */
  readonly connection?: MarketConnection;
}

/** Every check, in the order they are shown. None throws: a check that cannot run has failed. */
export async function checkInstallation(installation: Installation): Promise<Finding[]> {
  const { configuration, candles: path, connection, ...places } = installation;
  const { learningRate, windowCandles, risk, qubits } = configuration;
  const report = 'do not trade on this machine, and report it';
  const checks: [name: string, check: () => Outcome | Promise<Outcome>, remedy: string][] = [
    ['Node version', () => checkNode(process.versions.node), 'install Node 20.19 or newer'],
    ['SHA-256', () => checkSha256(sha256), 'reinstall Node: its OpenSSL computes wrong hashes'],
    ['Ed25519', () => checkEd25519(sign), 'reinstall Node: its OpenSSL computes wrong signatures'],
    ['simulator', () => checkSimulator(run), 'reinstall @sema/simulator, and report this machine'],
    [
      'arithmetic',
      () => checkArithmetic(elementary),
      'do not trade on this machine: it would decide otherwise',
    ],
    ['qubit pool', () => checkPool(new QubitPool(POOL_QUBITS)), report],
    [
      'qubit quotas',
      () => checkQuotas(new QubitPool(POOL_QUBITS, { owners: poolOwners(qubits) }), qubits),
      report,
    ],
    ['algorithms', () => checkAlgorithms(TWINS), report],
    [
      'learning',
      () =>
        checkLearning(new ExpertLearner({ experts: EXPERTS.length, learningRate }), learningRate),
      report,
    ],
    ['risk limits', () => checkRiskLimits(risk), 'correct the limits under risk in the settings'],
    ['clock', () => checkClock(systemClock(), Date.now), 'let a time service set the clock'],
    ['disk', () => checkDataDirectory(places, DISK), 'set SEMA_HOME to a folder with room'],
    ['signing key', () => checkKeyFile(places), `run: chmod 600 ${places.keyFile}`],
  ];
  if (path !== undefined) {
    const market = () => checkMarketData(path, windowCandles, Date.now());
    checks.push(['market data', market, 'correct the file, or give another']);
  }
  if (connection !== undefined) {
    const clocks = { clock: systemClock(), wallMs: Date.now };
    const reach = () => checkConnection(connection, clocks);
    checks.push(['market connection', reach, 'check the network, the address, and the pair']);
  }
  const findings: Finding[] = [];
  for (const [name, check, remedy] of checks) {
    findings.push({ name, remedy, ...(await guarded(check)) });
  }
  return findings;
}

export interface Outcome {
  readonly passed: boolean;
  readonly found: string;
  /** When another remedy fits than the usual one. */
  readonly remedy?: string;
}

async function guarded(check: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return await check();
  } catch (error) {
    return { passed: false, found: error instanceof Error ? error.message : String(error) };
  }
}
