import type { Transform } from 'node:stream';
import type { PrivateKey } from '../private-key.ts';
import type { PublicKey } from '../public-key.ts';
import { orderedStream } from './ordered-stream.ts';

/** Who signs: a key itself, or a worker pool with it. */
export type SignWork = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export interface SignedMessage {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Takes messages, gives {@link SignedMessage}s. @see orderedStream */
export function signingStream(sign: PrivateKey | SignWork, concurrency: number): Transform {
  const work: SignWork = typeof sign === 'function' ? sign : (message) => sign.sign(message);
  return orderedStream<Uint8Array, SignedMessage>(
    async (message) => ({ message, signature: await work(message) }),
    concurrency,
  );
}

export interface VerifiedMessage extends SignedMessage {
  readonly valid: boolean;
}

/** Who verifies: a key itself, a cache or a worker pool with it. */
export type VerifyWork = (item: SignedMessage) => boolean | Promise<boolean>;

/** Takes {@link SignedMessage}s, gives {@link VerifiedMessage}s. @see orderedStream */
export function verifyingStream(verify: PublicKey | VerifyWork, concurrency: number): Transform {
  const work: VerifyWork =
    typeof verify === 'function'
      ? verify
      : ({ message, signature }) => verify.verify(message, signature);
  return orderedStream<SignedMessage, VerifiedMessage>(
    async (item) => ({ ...item, valid: await work(item) }),
    concurrency,
  );
}
