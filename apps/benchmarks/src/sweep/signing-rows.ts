import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { OpenPorts } from '@sema/qar/ports';
import {
  PrivateKey,
  signBatch,
  verifyItem,
  type AlgorithmName,
  type PublicKey,
} from '@sema/synthesis-crypto';
import { median, row, type Row } from '../harness.ts';
import { startedSema, type SemaPlace } from './sema-process.ts';

/** What is measured of `@sema/service/broker`, as it is built. */
interface BrokerModule {
  openPorts(environment: Readonly<Record<string, string | undefined>>): Promise<OpenPorts>;
  readonly SigningClient: new (options: {
    readonly ports: OpenPorts;
    readonly service: string;
    readonly client: string;
    readonly trusted: PublicKey;
    readonly timeoutMs: number;
  }) => Disposable & { sign(hashes: readonly Uint8Array[]): Promise<readonly unknown[]> };
}

const BUILT = new URL('../../../service/dist/broker.js', import.meta.url);
const REQUEST_ITEMS = 256;
/** Requests that are on their way at a time, as of so many services. */
const AT_A_TIME = 16;
const TIMEOUT_MS = 60_000;

/** Items a second that are signed elsewhere and verified here; `buildService` must have run. */
export async function signingRows(
  place: SemaPlace & { readonly broker: string },
  folder: string,
  quick: boolean,
): Promise<Row[]> {
  // Its names are those that users import; a wrong one fails the suite.
  const broker = (await import(fileURLToPath(BUILT))) as BrokerModule;
  const rows: Row[] = [];
  for (const algorithm of ['Ed25519', 'ML-DSA-65'] as const) {
    using key = PrivateKey.generate(algorithm);
    const file = join(folder, `${algorithm}.pem`);
    writeFileSync(file, key.toPem());
    chmodSync(file, 0o600);
    const options = ['--key', file, '--algorithm', algorithm, '--service', algorithm];
    await using _signer = await startedSema(place, 'sign', 'serve', ...options);
    const ports = await broker.openPorts({ SEMA_NATS_URL: place.broker });
    try {
      using client = new broker.SigningClient({
        ports,
        service: algorithm,
        client: 'bench',
        trusted: key.publicKey,
        timeoutMs: TIMEOUT_MS,
      });
      await client.sign(hashesOf(1));
      const samples: number[] = [];
      for (let round = 0; round < (quick ? 5 : 25); round++) {
        const started = performance.now();
        const requests = Array.from({ length: AT_A_TIME }, () =>
          client.sign(hashesOf(REQUEST_ITEMS)),
        );
        await Promise.all(requests);
        const seconds = (performance.now() - started) / 1000;
        samples.push((AT_A_TIME * REQUEST_ITEMS) / seconds);
      }
      const value = median(samples);
      const alone = { name: 'the same without a broker', value: itemsAlone(algorithm, key) };
      const name = `items signed through NATS and verified, ${algorithm}, 16 requests of 256`;
      rows.push(row({ name, value, unit: '1/s', peer: alone }));
    } finally {
      await ports.close();
    }
  }
  return rows;
}

/** Items a second that one thread signs in a batch as large and verifies one by one. */
function itemsAlone(algorithm: AlgorithmName, key: PrivateKey): number {
  const items = hashesOf(AT_A_TIME * REQUEST_ITEMS);
  const rates = Array.from({ length: 5 }, () => {
    const started = performance.now();
    const { batch, proof } = { ...signed(items, key) };
    const isGood = items.every((item, index) => {
      return verifyItem(item, proof(index), key.publicKey, () => true);
    });
    if (!isGood || batch.algorithm !== algorithm) throw new Error('a proof does not hold');
    return items.length / ((performance.now() - started) / 1000);
  });
  return median(rates);
}

function signed(items: readonly Uint8Array[], key: PrivateKey) {
  const signedBatch = signBatch(items, key);
  return { batch: signedBatch.batch, proof: (index: number) => signedBatch.proof(index) };
}

function hashesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  );
}
