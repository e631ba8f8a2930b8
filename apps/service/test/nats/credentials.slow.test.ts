import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { credsAuthenticator } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CandlePublisher } from '../../src/cluster/candle-publisher.ts';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { auditMarket } from '../../src/cluster/market-audit.ts';
import { startNode } from '../../src/cluster/start-node.ts';
import { openPorts } from '../../src/ports/open-ports.ts';
import { CLUSTER_KEY, recordedMarkets, singleNodeJournal } from '../cluster/cluster-world.ts';
import { bytesOf } from '../ports/port-world.ts';
import { natsOperator } from './nats-credentials.ts';
import type { NatsUser } from './nats-credentials.ts';
import { NATS_SERVER, needingNats, startNats } from './nats-servers.ts';
import type { NatsServers } from './nats-servers.ts';

const CANDLES = 260;
/** Ends what hangs. */
const HANGS_MS = 120_000;
const [MARKET] = recordedMarkets(1, CANDLES);
const NAMES = marketNames(MARKET.venue, MARKET.pair);

const operator = natsOperator();
let directory = '';
let servers: NatsServers;

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + HANGS_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await wait(20);
  }
}

/** The settings of a node whose credentials are in a file. */
function environmentOf({ file }: NatsUser): Record<string, string> {
  const path = join(directory, 'user.creds');
  writeFileSync(path, file, { mode: 0o600 });
  return { SEMA_NATS_URL: servers.url, SEMA_NATS_CREDS: path, SEMA_NATS_PREFIX: 'jwt' };
}

/** All that there is to see of the error with which opening the ports ends. */
async function refusalOf(user: NatsUser): Promise<string> {
  try {
    const ports = await openPorts(environmentOf(user));
    await ports.close();
    return 'none';
  } catch (error) {
    return inspect(error, { depth: 10, showHidden: true });
  }
}

const suite = needingNats('a server that lets in who holds signed credentials');
describe.skipIf(NATS_SERVER === undefined)(suite, () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sema-credentials-'));
    const { configuration } = operator;
    const login = { authenticator: credsAuthenticator(bytesOf(operator.user().file)) };
    servers = await startNats({ configuration, login });
  }, HANGS_MS);
  afterAll(async () => {
    await servers[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  test('has a node decide, also after it was away, and no log shows what let it in', async () => {
    const user = operator.user();
    const environment = environmentOf(user);
    let log = '';
    const node = await startNode({
      name: 'a',
      markets: [MARKET],
      key: CLUSTER_KEY,
      ports: await openPorts(environment),
      logLevel: 'trace',
      logTo: { write: (line) => void (log += line) },
    });
    const ports = await openPorts(environment);
    const publish = async (from: number, to: number): Promise<void> => {
      const publisher = await CandlePublisher.resume(ports.bus, NAMES);
      for (const candle of MARKET.candles.slice(from, to)) await publisher.publish(candle);
      const { time } = MARKET.candles[to - 1];
      await until('all are decided', () => node.status.markets[0]?.lastTime === time);
    };
    await publish(0, CANDLES - 2);
    await servers.kill(0);
    await until('the node hears nobody', () => log.includes('no answer'));
    await servers.restart(0);
    await servers.ready();
    await publish(CANDLES - 2, CANDLES);
    const publicKey = CLUSTER_KEY.verifyingKey.toText();
    const audit = await auditMarket(ports.journal, NAMES, publicKey);
    expect(audit).toMatchObject({ candles: CANDLES, fault: undefined });
    expect(audit.journals).toEqual([singleNodeJournal(MARKET)]);
    const status = JSON.stringify(node.status);
    await ports.close();
    await node.stop();
    expect(log).toContain('node stopped');
    for (const secret of user.secrets) {
      expect(log).not.toContain(secret);
      expect(status).not.toContain(secret);
    }
  });

  test('refuses a user of an account that it does not know, and one whose time is up', async () => {
    const over = operator.user({ exp: Math.floor(Date.now() / 1000) - 60 });
    for (const user of [operator.stranger(), over]) {
      const refusal = await refusalOf(user);
      expect(refusal).toContain("code: 'UNAVAILABLE'");
      expect(refusal).toMatch(/authorization|authentication/i);
      for (const secret of user.secrets) expect(refusal).not.toContain(secret);
    }
  });

  test('is not asked with a file that is damaged, and no error shows what is in it', async () => {
    const { file, secrets } = operator.user();
    const [seed, token] = secrets;
    const damaged = [
      file.replace(seed, `${seed.slice(0, -1)}?`),
      file.replace(seed, seed.slice(0, 20)),
      file.slice(0, file.indexOf('-----BEGIN USER NKEY SEED')),
      seed,
      token,
      '',
    ];
    for (const text of damaged) {
      const refusal = await refusalOf({ file: text, secrets });
      expect(refusal).not.toBe('none');
      expect(refusal).toContain("name: 'PortError'");
      for (const secret of [...secrets, seed.slice(0, 20)]) expect(refusal).not.toContain(secret);
    }
  });
});
