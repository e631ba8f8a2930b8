import {
  constants,
  createPrivateKey,
  createPublicKey,
  sign as nativeSign,
  verify as nativeVerify,
} from 'node:crypto';
import { execFileSync } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrivateKey } from '@sema/synthesis-crypto';
import type { AlgorithmName } from '@sema/synthesis-crypto';
import { interleave, median, row } from '../harness.ts';
import type { Row, SuiteOptions } from '../harness.ts';

const OPENSSL_CALLS = fileURLToPath(new URL('../../peers/openssl_calls.c', import.meta.url));
const TURNS = 3;
const message = Buffer.alloc(256, 7);

interface Contender {
  readonly name: AlgorithmName;
  readonly digest: string | null;
  /** What node:crypto must be told beside the key. */
  readonly options: { dsaEncoding?: 'ieee-p1363'; padding?: number; saltLength?: number };
  /** How often each call is timed: as many as take about half a second. */
  readonly rounds: number;
}

const P1363 = { dsaEncoding: 'ieee-p1363' } as const;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const CONTENDERS: readonly Contender[] = [
  { name: 'Ed25519', digest: null, options: {}, rounds: 1500 },
  { name: 'ES256', digest: 'sha256', options: P1363, rounds: 1500 },
  { name: 'ES256K', digest: 'sha256', options: P1363, rounds: 150 },
  { name: 'PS256-2048', digest: 'sha256', options: PSS, rounds: 150 },
];

/**
 * Our call beside node:crypto's with a parsed key; beside the same work done by OpenSSL in C, where
 * a compiler and OpenSSL's headers are installed; and beside `openssl speed`, which does less.
 */
export function callRows(options: SuiteOptions): Row[] {
  const least = leastMedians(options);
  return CONTENDERS.flatMap((contender) => {
    return (['sign', 'verify'] as const).flatMap((action) => {
      const name = `${contender.name} ${action}`;
      const [value, raw] = [least.ours.get(name) ?? NaN, least.raw.get(name) ?? NaN];
      const beside = (what: string, peer: string, peerValue: number | undefined): Row[] => {
        if (peerValue === undefined) return [];
        const held = { name: peer, value: peerValue };
        return [
          row({ name: `${name}${what}`, value, unit: 'µs', goal: 'node-crypto/call', peer: held }),
        ];
      };
      const speed = least.speed.get(name);
      return [
        ...beside(', like for like', 'node:crypto, parsed key', raw),
        ...beside(', like for like', 'OpenSSL in C, the same work', least.calls.get(name)),
        ...beside(', beside less work', 'openssl speed', speed),
        ...(speed === undefined
          ? []
          : [
              row({
                name: `${name}, node:crypto alone, beside less work`,
                value: raw,
                unit: 'µs',
                peer: { name: 'openssl speed', value: speed },
              }),
            ]),
      ];
    });
  });
}

type Contestant = 'ours' | 'raw' | 'calls' | 'speed';

/**
 * Microseconds a call by contestant and name. Programs cannot take turns call by call, so all of
 * them do in whole rounds, and of each the least of its rounds counts.
 */
function leastMedians(options: SuiteOptions): Record<Contestant, Map<string, number>> {
  const fresh = (): Map<string, number> => new Map<string, number>();
  const least = { ours: fresh(), raw: fresh(), calls: fresh(), speed: fresh() };
  const keep = (kept: Map<string, number>, name: string, value: number): void => {
    kept.set(name, Math.min(value, kept.get(name) ?? Infinity));
  };
  for (let turns = options.quick ? 1 : TURNS; turns > 0; turns -= 1) {
    for (const contender of CONTENDERS) {
      const medians = mediansOf(contender, options);
      for (const action of ['sign', 'verify'] as const) {
        keep(least.ours, `${contender.name} ${action}`, medians[action]);
        keep(least.raw, `${contender.name} ${action}`, medians[`raw ${action}`]);
      }
    }
    for (const [name, value] of opensslCalls(options)) keep(least.calls, name, value);
    for (const [name, value] of opensslSpeeds(options)) keep(least.speed, name, value);
  }
  return least;
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
  const times = interleave(order, quick ? rounds / 5 : rounds, (action) => {
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

/**
 * Microseconds a call by name, where the program is installed. It signs 20 bytes that it takes for
 * a hash, always in the same context and memory: less than any caller with a message can do.
 */
function opensslSpeeds({ skipped }: SuiteOptions): Map<string, number> {
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
  } catch (error) {
    skipped(`openssl speed: it is not installed, or of another kind. ${reasonOf(error)}`);
  }
  return speeds;
}

/** Microseconds a call by name, where the peer in C can be built. */
function opensslCalls({ skipped }: SuiteOptions): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'sema-openssl-'));
  try {
    const program = join(folder, 'openssl_calls');
    const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
    execFileSync('cc', ['-O2', '-o', program, OPENSSL_CALLS, '-lcrypto'], { stdio });
    const lines = execFileSync(program, { stdio }).toString().trim().split('\n');
    return new Map(
      lines.map((line) => {
        const [name, micros] = line.split('\t');
        return [name, Number(micros)];
      }),
    );
  } catch (error) {
    skipped(`OpenSSL in C: there is no compiler or no header. ${reasonOf(error)}`);
    return new Map();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function reasonOf(error: unknown): string {
  return String(error).split('\n', 1)[0];
}
