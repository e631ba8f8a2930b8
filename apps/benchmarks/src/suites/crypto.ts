import {
  capabilities,
  createAdaptiveToken,
  DEFAULT_POLICY,
  ItemVerifier,
  KeyPool,
  PrivateKey,
  ResultCache,
  signBatch,
  verifyAdaptiveToken,
  verifyBatch,
  verifyItem,
} from '@sema/synthesis-crypto';
import type { AdaptiveToken, AlgorithmName, ItemProof } from '@sema/synthesis-crypto';
import { median, quantileOf, row, sumOf } from '../harness.ts';
import type { Row, Suite, SuiteOptions } from '../harness.ts';
import { accelerationRows } from './crypto-accelerations.ts';
import { callRows } from './crypto-calls.ts';

const NOW = 1_800_000_000;

/** Signatures, tokens and batches, and the original design's accelerations beside plain forms. */
export const crypto: Suite = {
  name: 'crypto',
  title: 'signatures, tokens and batches, beside node:crypto and openssl speed',
  run: (options) => [
    ...callRows(options),
    ...batchRows(options),
    ...freshRows(options),
    ...workloadRows(options),
    ...accelerationRows(options),
  ],
};

/** Nanoseconds of one call, each call on its own. */
function timesOf(
  { clock }: SuiteOptions,
  rounds: number,
  action: (round: number) => void,
): Float64Array {
  const times = new Float64Array(rounds);
  for (let round = 0; round < rounds; round += 1) {
    const start = clock.nowNs();
    action(round);
    times[round] = clock.nowNs() - start;
  }
  return times;
}

function batchRows(options: SuiteOptions): Row[] {
  const name: AlgorithmName = 'ML-DSA-65';
  const isNative = capabilities().find(({ algorithm }) => algorithm === name)?.backend === 'native';
  const key = PrivateKey.generate(name);
  const items = Array.from({ length: 100 }, (_, index) => Buffer.from(`receipt ${String(index)}`));
  const signed = signBatch(items, key);
  const isGood = items.every((item, index) => verifyItem(item, signed.proof(index), key.publicKey));
  if (!isGood) throw new Error('a proof does not verify');
  const rounds = options.quick ? 3 : 60;
  const batch = timesOf(options, rounds, () => {
    const made = signBatch(items, key);
    for (let index = 0; index < items.length; index += 1) made.proof(index);
  });
  const plain = timesOf(options, options.quick ? 3 : 100, () => key.sign(items[0]));
  const atMost = isNative ? 1 : 8;
  return [
    row({
      name: `100 items, one ${name} signature, ${isNative ? 'native' : 'noble'}`,
      value: median(batch) / 1e6,
      unit: 'ms',
      target: { atMost },
      peer: { name: '100 plain signatures', value: (100 * (sumOf(plain) / plain.length)) / 1e6 },
    }),
    ...manyRows(options, key),
  ];
}

/**
 * Nanoseconds of one round of steps, each at its best of all rounds: what other programs take from
 * a long round is not the round's.
 */
function leastNs(options: SuiteOptions, round: () => readonly (() => void)[]): number {
  let least: readonly number[] = [];
  for (let rounds = options.quick ? 1 : 15; rounds > 0; rounds -= 1) {
    const steps = round();
    const times = timesOf(options, steps.length, (step) => steps[step]());
    least = Array.from(times, (time, step) => Math.min(time, least[step] ?? Infinity));
  }
  return sumOf(Float64Array.from(least));
}

/** Verifying so many takes some milliseconds. */
const STEP_ITEMS = 512;

/** What many items cost each: to sign, to verify together, and to verify one by one. */
function manyRows(options: SuiteOptions, key: PrivateKey): Row[] {
  const count = options.quick ? 1000 : 16_384;
  const many = Array.from({ length: count }, (_, index) => Buffer.from(`item ${String(index)}`));
  const perSecond = (round: () => readonly (() => void)[]): number =>
    count / (leastNs(options, round) / 1e9);
  const made = signBatch(many, key);
  const proofs = many.map((_, index) => made.proof(index));
  const cache = new ResultCache({ verifications: 16, publicKeys: 16 });
  const each = (isGood: (item: Uint8Array, proof: ItemProof) => boolean): (() => void)[] =>
    Array.from({ length: Math.ceil(count / STEP_ITEMS) }, (_, step) => () => {
      const end = Math.min(count, (step + 1) * STEP_ITEMS);
      for (let index = step * STEP_ITEMS; index < end; index += 1) {
        if (!isGood(many[index], proofs[index])) throw new Error('a proof does not verify');
      }
    });
  const signing = perSecond(() => [
    () => {
      const signed = signBatch(many, key);
      for (let index = 0; index < count; index += 1) signed.proof(index);
    },
  ]);
  const sharing = perSecond(() => {
    const verifier = ItemVerifier.of(made.batch, key.publicKey);
    return each((item, proof) => verifier?.verify(item, proof) === true);
  });
  const alone = perSecond(() =>
    each((item, proof) => verifyItem(item, proof, key.publicKey, cache.verifyBatchSignature)),
  );
  const together = perSecond(() => [
    () => {
      if (!verifyBatch(many, made.batch, key.publicKey)) throw new Error('the batch is refused');
    },
  ]);
  return [
    row({
      name: `${key.algorithm} items with proofs, batches of ${String(count)}`,
      value: signing,
      unit: '/s',
      target: { atLeast: 100_000 },
    }),
    row({
      name: 'the same, verified together',
      value: together,
      unit: '/s',
      target: { atLeast: 100_000 },
    }),
    row({
      name: 'the same, each verified by its own proof',
      value: sharing,
      unit: '/s',
      target: { atLeast: 100_000 },
      peer: { name: 'sharing the signature alone', value: alone },
    }),
  ];
}

/** @param tokenValue - times a frequency of 3: the energy, which must demand the key's class. */
function tokenOf(privateKey: PrivateKey, tokenValue = 30n): AdaptiveToken {
  return createAdaptiveToken({
    issuer: 'desk-1',
    subject: 'order-77',
    audience: 'risk',
    tokenValue,
    frequency: 3n,
    policy: DEFAULT_POLICY,
    privateKey,
    nowSeconds: NOW,
    lifetimeSeconds: 60,
  });
}

function freshRows(options: SuiteOptions): Row[] {
  const rounds = options.quick ? 20 : 1000;
  using pool = new KeyPool({ Ed25519: { low: 0, high: rounds } });
  pool.warm();
  const taken = timesOf(options, rounds, () => pool.take('Ed25519'));
  const generated = timesOf(options, rounds, () => PrivateKey.generate('Ed25519'));
  const tokens = timesOf(options, rounds, () => tokenOf(PrivateKey.generate('Ed25519')));
  const key = PrivateKey.generate('Ed25519');
  const { jws } = tokenOf(key);
  const expected = {
    policies: [DEFAULT_POLICY],
    findKey: () => key.publicKey,
    audience: 'risk',
    nowSeconds: NOW,
    skewSeconds: 5,
  };
  if (!verifyAdaptiveToken(jws, expected).valid) throw new Error('the token does not verify');
  const verified = timesOf(options, rounds, () => verifyAdaptiveToken(jws, expected));
  const micro = (times: Float64Array): number => median(times) / 1000;
  return [
    row({
      name: 'fresh Ed25519 key from the pool, p50',
      value: micro(taken),
      unit: 'µs',
      target: { atMost: 5 },
      peer: { name: 'made on the spot', value: micro(generated) },
    }),
    row({
      name: 'the same, p99',
      value: quantileOf(taken, 0.99) / 1000,
      unit: 'µs',
      target: { atMost: 5 },
    }),
    row({
      name: 'adaptive token with a fresh key, p50',
      value: micro(tokens) / 1000,
      unit: 'ms',
      target: { atMost: 0.5 },
    }),
    row({
      name: 'token verified, p50',
      value: micro(verified) / 1000,
      unit: 'ms',
      target: { atMost: 0.15 },
    }),
  ];
}

interface Workload {
  /** Which energies, for the names of the rows. */
  readonly energies: string;
  readonly algorithm: AlgorithmName;
  readonly tokenValue: bigint;
  readonly operations: number;
}

/** What the default policy signs with Ed25519, and what it signs with ML-DSA-65. */
const WORKLOADS: readonly Workload[] = [
  { energies: 'energies below 1000', algorithm: 'Ed25519', tokenValue: 30n, operations: 20_000 },
  { energies: 'energies of 3000', algorithm: 'ML-DSA-65', tokenValue: 1000n, operations: 1000 },
];

/** Sign 45 %, verify 45 %, token 8 %, key pair 2 %, at the default policy. */
function workloadRows(options: SuiteOptions): Row[] {
  return WORKLOADS.flatMap((workload) => {
    const cache = new ResultCache({ verifications: 1024, publicKeys: 16 });
    const operations = options.quick ? 100 : workload.operations;
    const [plain, cached] = [
      workloadTimes(options, workload, operations, undefined),
      workloadTimes(options, workload, operations, cache),
    ];
    const perSecond = (times: Float64Array): number => operations / (sumOf(times) / 1e9);
    const p95 = (times: Float64Array): number => quantileOf(times, 0.95) / 1e6;
    const name = `mixed workload, ${workload.energies}`;
    return [
      row({
        name,
        value: perSecond(cached),
        unit: '/s',
        target: { atLeast: 10_000 },
        peer: { name: 'without the result cache', value: perSecond(plain) },
      }),
      row({
        name: `${name}, p95`,
        value: p95(cached),
        unit: 'ms',
        target: { atMost: 10 },
        peer: { name: 'without the result cache', value: p95(plain) },
      }),
      row({
        name: `${name}, cache hits of its verifications`,
        value: 100 * cache.metrics.verifications.hitRate,
        unit: '%',
        target: { atLeast: 95 },
      }),
    ];
  });
}

function workloadTimes(
  options: SuiteOptions,
  { algorithm, tokenValue }: Workload,
  operations: number,
  cache: ResultCache | undefined,
): Float64Array {
  const key = PrivateKey.generate(algorithm);
  const messages = Array.from({ length: 16 }, (_, index) => Buffer.alloc(256, index));
  const signatures = messages.map((each) => key.sign(each));
  using pool = new KeyPool({ [algorithm]: { low: 8, high: 32 } });
  pool.warm();
  return timesOf(options, operations, (round) => {
    // 37 and 100 share no divisor, so every 100 operations hold each kind in its share.
    const kind = (round * 37) % 100;
    const at = round % messages.length;
    if (kind < 45) key.sign(messages[at]);
    else if (kind < 90) {
      if (cache !== undefined) cache.verify(key.publicKey, messages[at], signatures[at]);
      else key.publicKey.verify(messages[at], signatures[at]);
    } else if (kind < 98) tokenOf(key, tokenValue);
    else {
      pool.take(algorithm)[Symbol.dispose]();
      pool.refill(1);
    }
  });
}
