import { mulberry32 } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import {
  calculateEnergyLevel,
  createAdaptiveToken,
  createQuantumInformedKeyPair,
  DEFAULT_POLICY,
  determineCryptographicComplexity,
  KeyPool,
  PrivateKey,
  ResultCache,
  SECURITY_CLASSES,
} from '@sema/synthesis-crypto';
import type { AdaptiveToken } from '@sema/synthesis-crypto';
import { quantileOf, row, sumOf, timesOf } from '../harness.ts';
import type { Row, SuiteOptions, Target } from '../harness.ts';

export const NOW = 1_800_000_000;

/** @param energy - must demand the key's class. */
export function tokenOf(privateKey: PrivateKey, energy: bigint): AdaptiveToken {
  return createAdaptiveToken({
    issuer: 'desk-1',
    subject: 'order-77',
    audience: 'risk',
    tokenValue: energy,
    frequency: 1n,
    policy: DEFAULT_POLICY,
    privateKey,
    nowSeconds: NOW,
    lifetimeSeconds: 60,
  });
}

/** Keys of each kind, made before they are taken. */
const SHELF = { low: 8, high: 32 };

interface Workload {
  /** Which energies, for the names of the rows. */
  readonly energies: string;
  readonly energyOf: (random: RandomSource) => bigint;
  readonly operations: number;
  readonly targets: readonly [perSecond: Target, p95: Target] | readonly [];
}

const WORKLOADS: readonly Workload[] = [
  {
    // Pareto with exponent 1: P(energy ≥ E) = 10/E. Sizes of trades fall off faster, with exponent
    // 1.5 (Gabaix et al., Nature 423, 2003), and so demand the slow classes less often.
    energies: 'energies by 10/E: 90 % low, 9 medium, 0.9 high, 0.1 maximum',
    energyOf: (random) => BigInt(Math.floor(10 / (1 - random.next()))),
    operations: 40_000,
    targets: [{ atLeast: 10_000 }, { atMost: 10 }],
  },
  {
    energies: 'every energy 3000, so ML-DSA-65 alone',
    energyOf: () => 3000n,
    operations: 1000,
    targets: [],
  },
];

/** Sign 45 %, verify 45 %, token 8 %, key pair 2 %, each as the default policy demands. */
export function workloadRows(options: SuiteOptions): Row[] {
  return WORKLOADS.flatMap((workload) => {
    const cache = new ResultCache({ verifications: 1024, publicKeys: 16 });
    // Fewer would measure how a cache fills.
    const operations = options.quick ? Math.max(500, workload.operations / 8) : workload.operations;
    const [plain, cached] = [
      workloadTimes(options, workload, operations, undefined),
      workloadTimes(options, workload, operations, cache),
    ];
    const perSecond = (times: Float64Array): number => operations / (sumOf(times) / 1e9);
    const p95 = (times: Float64Array): number => quantileOf(times, 0.95) / 1e6;
    const [rate, latency] = workload.targets;
    const beside = 'without the result cache';
    return [
      row({
        name: `mixed workload, ${workload.energies}`,
        value: perSecond(cached),
        unit: '/s',
        ...(rate && { target: rate }),
        peer: { name: beside, value: perSecond(plain) },
      }),
      row({
        name: 'the same, p95',
        value: p95(cached),
        unit: 'ms',
        ...(latency && { target: latency }),
        peer: { name: beside, value: p95(plain) },
      }),
      row({
        name: 'the same, cache hits of its verifications',
        value: 100 * cache.metrics.verifications.hitRate,
        unit: '%',
        target: { atLeast: 95 },
      }),
    ];
  });
}

function workloadTimes(
  options: SuiteOptions,
  { energyOf }: Workload,
  operations: number,
  cache: ResultCache | undefined,
): Float64Array {
  const messages = Array.from({ length: 16 }, (_, index) => Buffer.alloc(256, index));
  const signers = new Map(
    SECURITY_CLASSES.map((name) => {
      const key = PrivateKey.generate(DEFAULT_POLICY.algorithms[name][0]);
      return [name, { key, signatures: messages.map((message) => key.sign(message)) }];
    }),
  );
  using pool = new KeyPool(
    Object.fromEntries(Array.from(signers.values(), ({ key }) => [key.algorithm, SHELF])),
  );
  pool.warm();
  const random = mulberry32(20_260_101);
  const energies = Array.from({ length: operations }, () => energyOf(random));
  return timesOf(options, operations, (round) => {
    const tokenValue = energies[round];
    const energy = calculateEnergyLevel(tokenValue, 1n);
    const signer = signers.get(determineCryptographicComplexity(energy, DEFAULT_POLICY).class);
    if (signer === undefined) throw new Error('a class has no signer');
    const { key, signatures } = signer;
    // 37 and 100 share no divisor, so every 100 operations hold each kind in its share.
    const kind = (round * 37) % 100;
    const at = round % messages.length;
    if (kind < 45) key.sign(messages[at]);
    else if (kind < 90) {
      const isGood =
        cache === undefined
          ? key.publicKey.verify(messages[at], signatures[at])
          : cache.verify(key.publicKey, messages[at], signatures[at]);
      if (!isGood) throw new Error('a signature does not verify');
    } else if (kind < 98) tokenOf(key, energy);
    else {
      const request = { tokenValue, frequency: 1n, policy: DEFAULT_POLICY, source: pool };
      createQuantumInformedKeyPair(request).privateKey[Symbol.dispose]();
      pool.refill(1);
    }
  });
}
