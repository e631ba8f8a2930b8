import {
  constants,
  createPrivateKey,
  createPublicKey,
  sign as nativeSign,
  verify as nativeVerify,
} from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { PrivateKey } from '@sema/synthesis-crypto';
import type { AlgorithmName } from '@sema/synthesis-crypto';
import { interleave, median, row } from '../harness.ts';
import type { Row, SuiteOptions } from '../harness.ts';

const message = Buffer.alloc(256, 7);

interface Contender {
  readonly name: AlgorithmName;
  readonly digest: string | null;
  /** What node:crypto must be told beside the key. */
  readonly options: { dsaEncoding?: 'ieee-p1363'; padding?: number; saltLength?: number };
  /** How often each call is timed: as many as take about a second. */
  readonly rounds: number;
}

const P1363 = { dsaEncoding: 'ieee-p1363' } as const;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const CONTENDERS: readonly Contender[] = [
  { name: 'Ed25519', digest: null, options: {}, rounds: 2000 },
  { name: 'ES256', digest: 'sha256', options: P1363, rounds: 2000 },
  { name: 'ES256K', digest: 'sha256', options: P1363, rounds: 300 },
  { name: 'PS256-2048', digest: 'sha256', options: PSS, rounds: 300 },
];

/** Our call beside node:crypto's with a parsed key, and both beside `openssl speed`. */
export function callRows(options: SuiteOptions): Row[] {
  const speeds = options.quick ? new Map<string, number>() : opensslSpeeds();
  return CONTENDERS.flatMap((contender) => {
    const medians = mediansOf(contender, options);
    return (['sign', 'verify'] as const).flatMap((action) => {
      const name = `${contender.name} ${action}`;
      const [value, raw] = [medians[action], medians[`raw ${action}`]];
      const beside = row({
        name,
        value,
        unit: 'µs',
        target: { atMost: 1.1 * raw },
        peer: { name: 'node:crypto, parsed key', value: raw },
      });
      const openssl = speeds.get(name);
      if (openssl === undefined) return [beside];
      // `openssl speed` hashes no message and allocates no signature; Node must do both.
      const peer = { name: 'openssl speed', value: openssl };
      const target = { atMost: 1.1 * openssl };
      return [
        beside,
        row({ name, value, unit: 'µs', target, peer }),
        row({ name: `${name}, node:crypto alone`, value: raw, unit: 'µs', peer }),
      ];
    });
  });
}

/** Microseconds a call. */
function mediansOf(
  { name, digest, options, rounds }: Contender,
  { clock, quick }: SuiteOptions,
): Record<'sign' | 'raw sign' | 'verify' | 'raw verify', number> {
  const key = PrivateKey.generate(name);
  const handle = createPrivateKey({ key: { ...key.toJwk() }, format: 'jwk' });
  const publicHandle = createPublicKey(handle);
  const signature = key.sign(message);
  const actions = {
    sign: () => key.sign(message),
    'raw sign': () => nativeSign(digest, message, { key: handle, ...options }),
    verify: () => key.publicKey.verify(message, signature),
    'raw verify': () => nativeVerify(digest, message, { key: publicHandle, ...options }, signature),
  };
  if (!actions.verify() || !actions['raw verify']()) throw new Error(`${name} does not verify`);
  const order = ['sign', 'raw sign', 'verify', 'raw verify'] as const;
  const times = interleave(order, quick ? 20 : rounds, (action) => {
    const start = clock.nowNs();
    actions[action]();
    return clock.nowNs() - start;
  });
  const micro = (action: (typeof order)[number]): number => median(times[action]) / 1000;
  return {
    sign: micro('sign'),
    'raw sign': micro('raw sign'),
    verify: micro('verify'),
    'raw verify': micro('raw verify'),
  };
}

/** Microseconds a call by name, where the program is installed. */
function opensslSpeeds(): Map<string, number> {
  const speeds = new Map<string, number>();
  try {
    const command = ['speed', '-mr', '-seconds', '1', 'ed25519', 'ecdsap256'];
    const output = execFileSync('openssl', command, { stdio: ['ignore', 'pipe', 'ignore'] });
    for (const line of output.toString().split('\n')) {
      const [kind, , , ...fields] = line.split(':');
      const [signs, verifications] = fields.slice(-2).map(Number);
      const name = { '+F4': 'ES256', '+F6': 'Ed25519' }[kind];
      if (name === undefined) continue;
      speeds.set(`${name} sign`, 1e6 / signs);
      speeds.set(`${name} verify`, 1e6 / verifications);
    }
  } catch {
    // Not installed, or of another kind: then there is no such peer.
  }
  return speeds;
}
