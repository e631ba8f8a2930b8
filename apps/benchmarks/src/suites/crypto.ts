import {
  capabilities,
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
import type { AlgorithmName, ItemProof } from '@sema/synthesis-crypto';
import { median, medianFigure, quantileFigure, row, sumOf, timesOf } from '../harness.ts';
import type { Row, Suite, SuiteOptions } from '../harness.ts';
import { accelerationRows } from './crypto-accelerations.ts';
import { callRows } from './crypto-calls.ts';
import { NOW, tokenOf, workloadRows } from './crypto-workload.ts';

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

function batchRows(options: SuiteOptions): Row[] {
  const name: AlgorithmName = 'ML-DSA-65';
  const isNative = capabilities().find(({ algorithm }) => algorithm === name)?.backend === 'native';
  // How often signing starts anew differs by key, message and chance, so there are many of each.
  const keys = Array.from({ length: options.quick ? 4 : 12 }, () => PrivateKey.generate(name));
  const [key] = keys;
  const items = Array.from({ length: 100 }, (_, index) => Buffer.from(`receipt ${String(index)}`));
  const signed = signBatch(items, key);
  const isGood = items.every((item, index) => verifyItem(item, signed.proof(index), key.publicKey));
  if (!isGood) throw new Error('a proof does not verify');
  const batchesOf = (signers: readonly PrivateKey[]): Float64Array =>
    timesOf(options, options.quick ? 24 : 240, (round) => {
      const first = Buffer.from(`receipt of round ${String(round)}`);
      const made = signBatch([first, ...items.slice(1)], signers[round % signers.length]);
      for (let index = 0; index < items.length; index += 1) made.proof(index);
    });
  const batch = batchesOf(keys);
  const classical = batchesOf([PrivateKey.generate('Ed25519')]);
  const plain = timesOf(options, options.quick ? 24 : 120, (round) =>
    keys[round % keys.length].sign(items[round % items.length]),
  );
  const title = `100 items, one ${name} signature, ${isNative ? 'native' : 'noble'}`;
  return [
    row({
      name: `${title}, p50`,
      ...medianFigure(batch, 1e-6),
      unit: 'ms',
      goal: isNative ? 'batch/native' : 'batch/without native support',
      peer: { name: '100 plain signatures', value: (100 * (sumOf(plain) / plain.length)) / 1e6 },
    }),
    row({
      name: 'the same, mean: signing starts anew until it fits',
      value: sumOf(batch) / batch.length / 1e6,
      unit: 'ms',
      peer: { name: 'one with Ed25519: the tree and its proofs', value: median(classical) / 1e6 },
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
  for (let rounds = options.quick ? 3 : 15; rounds > 0; rounds -= 1) {
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
  const count = 16_384;
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
      goal: 'items/rate',
    }),
    row({
      name: 'the same, verified together',
      value: together,
      unit: '/s',
      goal: 'items/rate',
    }),
    row({
      name: 'the same, each verified by its own proof',
      value: sharing,
      unit: '/s',
      goal: 'items/rate',
      peer: { name: 'sharing the signature alone', value: alone },
    }),
  ];
}

function freshRows(options: SuiteOptions): Row[] {
  const rounds = options.quick ? 200 : 1000;
  using pool = new KeyPool({ Ed25519: { low: 0, high: rounds } });
  pool.warm();
  const taken = timesOf(options, rounds, () => pool.take('Ed25519'));
  const generated = timesOf(options, rounds, () => PrivateKey.generate('Ed25519'));
  const tokens = timesOf(options, rounds, () => tokenOf(PrivateKey.generate('Ed25519'), 90n));
  const key = PrivateKey.generate('Ed25519');
  const { jws } = tokenOf(key, 90n);
  const expected = {
    policies: [DEFAULT_POLICY],
    findKey: () => key.publicKey,
    audience: 'risk',
    nowSeconds: NOW,
    skewSeconds: 5,
  };
  if (!verifyAdaptiveToken(jws, expected).valid) throw new Error('the token does not verify');
  const verified = timesOf(options, rounds, () => verifyAdaptiveToken(jws, expected));
  return [
    row({
      name: 'fresh Ed25519 key from the pool, p50',
      ...medianFigure(taken, 0.001),
      unit: 'µs',
      goal: 'keys/fresh',
      peer: { name: 'made on the spot', ...medianFigure(generated, 0.001) },
    }),
    row({
      name: 'the same, p99',
      ...quantileFigure(taken, 0.99, 0.001),
      unit: 'µs',
      target: { atMost: 5 },
    }),
    row({
      name: 'adaptive token with a fresh key, p50',
      ...medianFigure(tokens, 1e-6),
      unit: 'ms',
      goal: 'keys/token',
    }),
    row({
      name: 'token verified, p50',
      ...medianFigure(verified, 1e-6),
      unit: 'ms',
      goal: 'keys/verify',
    }),
  ];
}
